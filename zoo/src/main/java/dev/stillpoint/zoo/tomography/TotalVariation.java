package dev.stillpoint.zoo.tomography;

import dev.stillpoint.operator.AdmmLayout;
import dev.stillpoint.operator.AdmmSteps;
import dev.stillpoint.operator.Differences;
import dev.stillpoint.operator.LinearizedAdmm;
import dev.stillpoint.set.Ball;
import dev.stillpoint.set.Box;
import dev.stillpoint.set.L1Norm;
import dev.stillpoint.solver.FixedPointSolver;
import dev.stillpoint.solver.Solution;
import dev.stillpoint.solver.StoppingRule;
import dev.stillpoint.tensor.Rows;
import dev.stillpoint.tensor.Tensors;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;

/**
 * Total variation: min ‖Dx‖₁ over x in [0, 1]ⁿ with ‖Ax − d‖ ≤ ε‖d‖, by linearised ADMM with its duals.
 *
 * <p>Reference: Heaton, Wu Fung, Gibali and Yin 2021, arXiv 2104.14090; there 250 or 500 steps of α = λ = β = 0.1.
 */
public final class TotalVariation implements Reconstruction {
    /** Share of the largest admissible β: at 1 itself nothing is left to rounding. */
    private static final double SHARE = 0.99;

    private final LinearizedAdmm<Rows> operator;
    private final FixedPointSolver solver;

    /**
     * What is chosen on validation images; λ = 1/α, and β is all but the largest that converges.
     *
     * @param radius ε, relative to ‖d‖, &gt; 0
     * @param alpha the step of the duals, &gt; 0
     */
    public record Options(double radius, double alpha) {
        /** Checks the numbers. */
        public Options {
            if (!(radius > 0 && alpha > 0) || Double.isInfinite(radius + alpha)) {
                throw new IllegalArgumentException(
                        "TotalVariation: need finite radius and alpha > 0, got " + radius + " and " + alpha);
            }
        }
    }

    /** The method for a scanner. */
    public TotalVariation(Scanner scanner, Options options, StoppingRule stop) {
        int n = scanner.beam().pixels();
        Differences<Rows> differences = new Differences<>(n, n);
        double k = differences.norm().orElseThrow();
        double a = scanner.operator().norm().orElseThrow();
        this.operator = new LinearizedAdmm<>(
                differences,
                L1Norm.of(1),
                scanner.operator(),
                Ball.of(
                        Rows::values,
                        d -> Tensors.rowNorm(d.values()).unsqueeze(1).mul(new Scalar(options.radius()))),
                Box.of(0, 1),
                new AdmmLayout(2 * n * n, scanner.beam().beams(), n * n),
                AdmmSteps.Fixed.of(options.alpha(), SHARE, k * k + a * a));
        this.solver = FixedPointSolver.of(stop);
    }

    /** The fixed point itself, with status and residual. */
    public Solution solve(Tensor d) {
        return solver.solve(operator, operator.layout().zeros(d.scalar_type(), d.size(0)), new Rows(d));
    }

    /** T, for certificates. */
    public LinearizedAdmm<Rows> operator() {
        return operator;
    }

    @Override
    public Tensor of(Tensor d) {
        return operator.solution(solve(d).z(), new Rows(d));
    }
}
