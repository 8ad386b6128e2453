package consumer;

import dev.stillpoint.law.Cases;
import dev.stillpoint.law.Pullbacks;
import dev.stillpoint.operator.DavisYin;
import dev.stillpoint.operator.Quadratic;
import dev.stillpoint.set.AffineSet;
import dev.stillpoint.set.ConvexSet;
import dev.stillpoint.set.NonNegative;
import dev.stillpoint.solver.FixedPointSolver;
import dev.stillpoint.solver.Solution;
import dev.stillpoint.solver.StoppingRule;
import dev.stillpoint.tensor.Engine;
import dev.stillpoint.tensor.Rows;
import dev.stillpoint.tensor.TensorScope;
import dev.stillpoint.tensor.Tensors;
import dev.stillpoint.zoo.Application;
import java.util.Arrays;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;

/** Solves, puts a set to a law and finds the applications, all across the bounds of modules. */
public final class Main {
    private static final double[] COSTS = {0, 0.5, 2};
    /** Of costs and ½‖x‖² over the simplex, by the optimality conditions: x = max(−w − τ, 0) with τ = −0.75. */
    private static final double[] EXPECTED = {0.75, 0.25, 0};

    private static final double TOLERANCE = 1e-6;

    private Main() {}

    public static void main(String[] args) {
        need(FixedPointSolver.class.getModule().getName(), "dev.stillpoint");
        need(Application.class.getModule().getName(), "dev.stillpoint.zoo");
        need(Application.named("paths").getClass().getModule().getName(), "dev.stillpoint.zoo");
        // A resource of a library's own, across modules.
        need(Engine.version(), args[0]);
        Engine.threads(1);
        solve();
        law();
        System.out.println("solved on the module path, Java " + Runtime.version().feature());
    }

    private static void solve() {
        try (TensorScope scope = TensorScope.open()) {
            Rows costs = new Rows(Tensors.of(COSTS, 1, COSTS.length));
            DavisYin<Rows> argmin = new DavisYin<>(
                    new Quadratic<>(Rows::values, 1.0),
                    new NonNegative<>(),
                    AffineSet.of(new double[][] {{1, 1, 1}}, new double[] {1}),
                    1.0);
            Solution solution = FixedPointSolver.of(StoppingRule.tolerance(TOLERANCE / 10))
                    .solve(argmin, torch.zeros_like(costs.values()), costs)
                    .orThrow();
            double[] x = Tensors.doubles(argmin.solution(solution.z(), costs));
            for (int i = 0; i < x.length; i++) {
                if (!(Math.abs(x[i] - EXPECTED[i]) <= TOLERANCE)) {
                    throw new AssertionError("need " + Arrays.toString(EXPECTED) + ", got " + Arrays.toString(x));
                }
            }
        }
    }

    private static void law() {
        ConvexSet<Object> set = new NonNegative<>();
        Cases.forSeeds(3, random -> {
            try (TensorScope scope = TensorScope.open()) {
                Tensor x = Tensors.of(Cases.normal(random, 8, 1), 2, 4);
                Pullbacks.check(y -> set.project(y, set), x, 1e-6, 1e-8, random);
            }
        });
    }

    private static void need(String got, String expected) {
        if (!expected.equals(got)) {
            throw new AssertionError("need " + expected + ", got " + got);
        }
    }
}
