package dev.stillpoint.operator;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.stillpoint.law.Cases;
import dev.stillpoint.law.PolytopeProblem;
import dev.stillpoint.set.ConvexSet;
import dev.stillpoint.set.NonNegative;
import dev.stillpoint.solver.FixedPointSolver;
import dev.stillpoint.solver.Solution;
import dev.stillpoint.solver.StoppingRule;
import dev.stillpoint.tensor.TensorScope;
import dev.stillpoint.tensor.Tensors;
import java.util.random.RandomGenerator;
import org.bytedeco.pytorch.Scalar;
import org.junit.jupiter.api.Test;

class DavisYinTest {
    /** ojAlgo stops near 1e-9; ours is asked for 1e-12. */
    private static final double SAME_SOLUTION = 1e-6;

    private static final FixedPointSolver EXACT =
            FixedPointSolver.of(StoppingRule.tolerance(1e-12).withMaxSteps(200_000));

    @Test
    void fixedPointIsTheIndependentSolutionOnRandomPolytopes() {
        Cases.forSeeds(5, random -> compare(PolytopeProblem.random(random, 20, 60, 0.5, 0.5), random, 1));
    }

    @Test
    void fixedPointIsTheIndependentSolutionOnGrids() {
        Cases.forSeeds(3, random -> compare(PolytopeProblem.grid(6, 0.5, 0.5), random, 0.3));
    }

    /** Half the curvature is a wrong problem with nearly the right look: feasible, sparse, convergent. */
    @Test
    void wrongCurvatureIsCaught() {
        RandomGenerator random = Cases.random(1);
        PolytopeProblem problem = PolytopeProblem.random(random, 20, 60, 0.5, 0.5);
        double[] w = Cases.normal(random, problem.n(), 1);
        DavisYin<PolytopeProblem.Costs> right = problem.operator();
        DavisYin<PolytopeProblem.Costs> saboteur = new DavisYin<>(
                new Quadratic<>(PolytopeProblem.Costs::w, problem.gamma() / 2), right.g(), right.h(), right.step());
        assertThat(distance(problem, saboteur, w)).isGreaterThan(1e3 * SAME_SOLUTION);
        assertThat(distance(problem, right, w)).isLessThan(SAME_SOLUTION);
    }

    @Test
    void stepIsCheckedAgainstTheKnownLipschitzConstant() {
        Quadratic<PolytopeProblem.Costs> smooth = new Quadratic<>(PolytopeProblem.Costs::w, 0.5);
        ConvexSet<PolytopeProblem.Costs> set = new NonNegative<>();
        assertThatThrownBy(() -> new DavisYin<>(smooth, set, set, 4.0))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("DavisYin: need 0 < step < 2/L = 4.0, got 4.0");
        assertThatThrownBy(() -> new DavisYin<>(smooth, set, set, 0))
                .hasMessageContaining("need 0 < step < 2/L = 4.0, got 0.0");
        assertThatThrownBy(() -> new Quadratic<>(PolytopeProblem.Costs::w, Double.NaN))
                .hasMessageContaining("NaN");
    }

    private static void compare(PolytopeProblem problem, RandomGenerator random, double scale) {
        double[] w = Cases.normal(random, problem.n(), scale);
        double[] x = problem.independentSolution(w);
        int active = 0;
        for (double v : x) {
            active += v < 1e-9 ? 1 : 0;
        }
        assertThat(active).as("active bounds").isGreaterThan(5);
        assertThat(distance(problem, problem.operator(), w)).isLessThan(SAME_SOLUTION);
    }

    private static double distance(PolytopeProblem problem, Operator<PolytopeProblem.Costs> t, double[] w) {
        double[] expected = problem.independentSolution(w);
        try (TensorScope scope = TensorScope.open()) {
            PolytopeProblem.Costs c = new PolytopeProblem.Costs(Tensors.of(w, 1, w.length));
            Solution solution = EXACT.solve(t, c.w().mul(new Scalar(0.0)), c).orThrow();
            double[] x = Tensors.doubles(t.solution(solution.z(), c));
            double worst = 0;
            for (int j = 0; j < x.length; j++) {
                worst = Math.max(worst, Math.abs(x[j] - expected[j]));
            }
            return worst;
        }
    }
}
