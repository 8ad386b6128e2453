package dev.stillpoint.zoo.problem;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.stillpoint.data.RandomState;
import dev.stillpoint.kernel.SparseMatrix;
import dev.stillpoint.zoo.problem.Polytopes.Data;
import dev.stillpoint.zoo.problem.Polytopes.Instance;
import org.junit.jupiter.api.Test;

class OptimumTest {
    private static final double INFINITE = Double.POSITIVE_INFINITY;
    /** Sums of at most six products of numbers about 1. */
    private static final double ROUNDING = 1e-12;

    private static void neverExceedsTheLeast(Instance instance, double bound) {
        assertThat(bound).as("%s: bound", instance).isLessThanOrEqualTo(instance.least() + ROUNDING);
    }

    private static double bound(Instance instance, double[] y) {
        return Optimum.dualBound(
                SparseMatrix.of(instance.a()),
                instance.query().rightHandSide(),
                instance.query().lower(),
                instance.query().upper(),
                instance.costs(),
                y);
    }

    /** Weak duality, for any multipliers; the bound without the bounds' part is none. */
    @Test
    void isABoundForAnyMultipliers() {
        int wrong = 0;
        for (int seed = 0; seed < 200; seed++) {
            Instance instance = Polytopes.small(Data.REAL, seed);
            if (Double.isNaN(instance.least())) {
                continue;
            }
            RandomState random = new RandomState(seed);
            double[] y = new double[instance.a().length];
            double product = 0;
            for (int i = 0; i < y.length; i++) {
                y[i] = random.normal();
                product += y[i] * instance.query().rightHandSide()[i];
            }
            neverExceedsTheLeast(instance, bound(instance, y));
            if (product > instance.least() + ROUNDING) {
                double sabotaged = product;
                assertThatThrownBy(() -> neverExceedsTheLeast(instance, sabotaged))
                        .isInstanceOf(AssertionError.class);
                wrong++;
            }
        }
        assertThat(wrong).isPositive();
    }

    @Test
    void infiniteBounds() {
        SparseMatrix a = SparseMatrix.of(new double[][] {{1, 1}});
        double[] b = {1};
        double[] zero = {0, 0};
        double[] upper = {INFINITE, 1};
        double[] w = {0.1 + 0.2, 2};
        assertThat(Optimum.dualBound(a, b, zero, upper, w, new double[] {0.2})).isCloseTo(0.2, within(ROUNDING));
        assertThat(Optimum.dualBound(a, b, zero, upper, w, new double[] {0.4})).isEqualTo(-INFINITE);
        // 0.3 is less than 0.1 + 0.2 in double, by rounding alone.
        assertThat(Optimum.dualBound(a, b, zero, upper, new double[] {0.3, 2}, new double[] {0.1 + 0.2}))
                .isCloseTo(0.3, within(ROUNDING));
    }

    @Test
    void theGapIsWhatIsNotProved() {
        assertThat(new Optimum(zeros(), 3, 2).gap()).isEqualTo(1);
        assertThat(new Optimum(zeros(), 3, 2).warning()).isEmpty();
    }

    private static double[] zeros() {
        return new double[1];
    }
}
