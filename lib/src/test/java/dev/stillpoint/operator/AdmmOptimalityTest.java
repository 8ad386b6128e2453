package dev.stillpoint.operator;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.stillpoint.law.Cases;
import dev.stillpoint.set.Ball;
import dev.stillpoint.set.Box;
import dev.stillpoint.set.HalfAveraged;
import dev.stillpoint.set.L1Norm;
import dev.stillpoint.set.Proximal;
import dev.stillpoint.solver.FixedPointSolver;
import dev.stillpoint.solver.StoppingRule;
import dev.stillpoint.tensor.Rows;
import dev.stillpoint.tensor.TensorScope;
import dev.stillpoint.tensor.Tensors;
import java.util.Arrays;
import java.util.List;
import java.util.function.Consumer;
import java.util.random.RandomGenerator;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch.ScalarType;
import org.junit.jupiter.api.Test;

class AdmmOptimalityTest {
    private static final AdmmLayout LAYOUT = new AdmmLayout(5, 2, 7);
    private static final double[][] K = rows(LAYOUT.p(), 1);
    private static final double[][] A = rows(LAYOUT.w(), 2);
    private static final double ROUNDING = 1e-12;
    /** The solve's residual of 1e-9 a number over the smallest step and the smallest part's size. */
    private static final double SOLVED = 1e-6;

    private static final List<Proximal<Rows>> PARTS =
            List.of(L1Norm.of(0.3), new HalfAveraged<>((x, c) -> x.tanh().mul(new Scalar(0.2))));

    @Test
    void isZeroAtSolutionsAlone() {
        for (Proximal<Rows> f : PARTS) {
            try (TensorScope scope = TensorScope.open()) {
                LinearizedAdmm<Rows> t = instance(f, new AdmmSteps.Fixed(0.7, 1.2, 0.2));
                Rows c = data();
                Tensor z = solved(t, c);
                double[] worst = worst(AdmmOptimality.of(t, z, c));
                assertThat(worst).satisfies(below(SOLVED));
                // A hundredth of any part's size is seen as about that: the duals' unit is no matter.
                for (int part = 0; part < 5; part++) {
                    double[] moved = worst(AdmmOptimality.of(t, moved(z, part, 1e-2), c));
                    assertThat(moved).as("part " + part).satisfies(above(5e-4)).satisfies(below(0.2));
                }
            }
        }
    }

    @Test
    void eachConditionHasItsNumber() {
        LinearizedAdmm<Rows> t = instance(PARTS.get(0), new AdmmSteps.Fixed(0.7, 1.2, 0.2));
        try (TensorScope scope = TensorScope.open()) {
            Rows c = data();
            Tensor z = solved(t, c);
            AdmmOptimality p = AdmmOptimality.of(t, moved(z, 0, 0.1), c);
            assertThat(p.primal()).satisfies(above(1e-2));
            assertThat(p.fidelity()).satisfies(below(SOLVED));
            assertThat(p.stationarity()).satisfies(below(SOLVED));
            AdmmOptimality nu1 = AdmmOptimality.of(t, moved(z, 2, 0.1), c);
            assertThat(nu1.primal()).satisfies(below(SOLVED));
            assertThat(nu1.stationarity()).satisfies(above(1e-3));
            AdmmOptimality nu2 = AdmmOptimality.of(t, moved(z, 3, 0.5), c);
            assertThat(nu2.proximal()).satisfies(below(SOLVED));
            assertThat(nu2.stationarity()).satisfies(above(1e-3));
            // Outside the box, with Kx and Ax in line.
            Tensor out = LAYOUT.x(z).add(new Scalar(2.0));
            AdmmOptimality x = AdmmOptimality.of(
                    t, LAYOUT.pack(t.k().apply(out, c), t.a().apply(out, c), LAYOUT.nu1(z), LAYOUT.nu2(z), out), c);
            assertThat(x.primal()).satisfies(below(SOLVED));
            assertThat(x.fidelity()).satisfies(above(0.1));
            assertThat(x.stationarity()).satisfies(above(0.1));
        }
    }

    /** Steps do not enter, however small they are made, which residuals of the iteration cannot say. */
    @Test
    void stepsHaveNoSay() {
        for (Proximal<Rows> f : PARTS) {
            try (TensorScope scope = TensorScope.open()) {
                LinearizedAdmm<Rows> t = instance(f, new AdmmSteps.Fixed(0.7, 0.5, 0.1));
                LinearizedAdmm<Rows> timid = instance(f, new AdmmSteps.Fixed(1e-4, 0.5, 1e-5));
                Rows c = data();
                Tensor z = Tensors.of(Cases.normal(Cases.random(7), 3 * (int) LAYOUT.size(), 1), 3, LAYOUT.size());
                AdmmOptimality expected = AdmmOptimality.of(t, z, c);
                assertSame(AdmmOptimality.of(timid, z, c), expected, ROUNDING);
                double[] large = Tensors.doubles(Tensors.rowNorm(t.apply(z, c).sub(z)));
                double[] small =
                        Tensors.doubles(Tensors.rowNorm(timid.apply(z, c).sub(z)));
                assertThat(small[0]).isLessThan(0.9 * large[0]);
            }
        }
        // Known functions do not see λ either.
        try (TensorScope scope = TensorScope.open()) {
            Rows c = data();
            Tensor z = Tensors.of(Cases.normal(Cases.random(7), 3 * (int) LAYOUT.size(), 1), 3, LAYOUT.size());
            assertSame(
                    AdmmOptimality.of(instance(PARTS.get(0), new AdmmSteps.Fixed(0.7, 0.01, 0.1)), z, c),
                    AdmmOptimality.of(instance(PARTS.get(0), new AdmmSteps.Fixed(0.7, 1.2, 0.2)), z, c),
                    ROUNDING);
        }
    }

    @Test
    void nanNeverPasses() {
        LinearizedAdmm<Rows> t = instance(PARTS.get(0), new AdmmSteps.Fixed(0.7, 1.2, 0.2));
        try (TensorScope scope = TensorScope.open()) {
            Rows c = data();
            Tensor z = solved(t, c).clone();
            z.select(0, 1).fill_(new Scalar(Double.NaN));
            double[] worst = worst(AdmmOptimality.of(t, z, c));
            assertThat(worst[0]).isLessThan(SOLVED);
            assertThat(worst[1]).isNaN();
            // Zeros divide nothing by nothing.
            assertThat(AdmmOptimality.of(t, LAYOUT.zeros(ScalarType.Double, 3), c)
                            .worst(0))
                    .isFinite();
        }
    }

    private static Consumer<double[]> below(double limit) {
        return values -> assertThat(Arrays.stream(values).max().orElseThrow()).isLessThan(limit);
    }

    private static Consumer<double[]> above(double limit) {
        return values -> assertThat(Arrays.stream(values).min().orElseThrow()).isGreaterThan(limit);
    }

    private static void assertSame(AdmmOptimality actual, AdmmOptimality expected, double tolerance) {
        for (int i = 0; i < 3; i++) {
            assertThat(actual.primal()[i]).isCloseTo(expected.primal()[i], within(tolerance));
            assertThat(actual.proximal()[i]).isCloseTo(expected.proximal()[i], within(tolerance));
            assertThat(actual.fidelity()[i]).isCloseTo(expected.fidelity()[i], within(tolerance));
            assertThat(actual.stationarity()[i]).isCloseTo(expected.stationarity()[i], within(tolerance));
        }
    }

    private static Tensor solved(LinearizedAdmm<Rows> t, Rows c) {
        return FixedPointSolver.of(new StoppingRule(1e-9, 0, 10_000, 10))
                .solve(t, LAYOUT.zeros(ScalarType.Double, c.size()), c)
                .orThrow()
                .z();
    }

    /** One part moved in a random direction by a share of its size. */
    private static Tensor moved(Tensor z, int part, double share) {
        Tensor[] parts = {LAYOUT.p(z), LAYOUT.w(z), LAYOUT.nu1(z), LAYOUT.nu2(z), LAYOUT.x(z)};
        Tensor old = parts[part];
        Tensor d = Tensors.of(Cases.normal(Cases.random(part), (int) old.numel(), 1), old.shape());
        Tensor unit =
                d.div(Tensors.rowNorm(d).unsqueeze(1)).mul(Tensors.rowNorm(old).unsqueeze(1));
        parts[part] = old.add(unit, new Scalar(share));
        return LAYOUT.pack(parts[0], parts[1], parts[2], parts[3], parts[4]);
    }

    private static double[] worst(AdmmOptimality optimality) {
        double[] worst = new double[optimality.primal().length];
        Arrays.setAll(worst, optimality::worst);
        return worst;
    }

    private static Rows data() {
        return new Rows(Tensors.of(new double[] {0.3, 0.2, -0.3, 0.25, 0.2, -0.3}, 3, 2));
    }

    private static LinearizedAdmm<Rows> instance(Proximal<Rows> f, AdmmSteps steps) {
        return new LinearizedAdmm<>(
                Matrix.of(K), f, Matrix.of(A), Ball.of(Rows::values, 0.1), Box.of(-0.5, 0.6), LAYOUT, steps);
    }

    private static double[][] rows(int m, long seed) {
        RandomGenerator random = Cases.random(seed);
        double[][] a = new double[m][];
        Arrays.setAll(a, i -> Cases.normal(random, LAYOUT.x(), 1 / Math.sqrt(LAYOUT.x())));
        return a;
    }
}
