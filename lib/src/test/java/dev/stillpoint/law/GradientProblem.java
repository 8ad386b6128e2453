package dev.stillpoint.law;

import dev.stillpoint.adjoint.Adjoint;
import dev.stillpoint.adjoint.Attached;
import dev.stillpoint.adjoint.JacobianFree;
import dev.stillpoint.solver.FixedPointSolver;
import dev.stillpoint.solver.Solution;
import dev.stillpoint.solver.StoppingRule;
import dev.stillpoint.tensor.TensorScope;
import dev.stillpoint.tensor.Tensors;
import java.util.random.RandomGenerator;
import org.bytedeco.pytorch.NoGradGuard;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;

/** x(w(θ)) with w = θ·B for a fixed random B, and the loss ½‖x − target‖² summed over a batch. */
record GradientProblem(PolytopeProblem problem, Tensor mixing, Tensor theta, Tensor target) {
    static final FixedPointSolver EXACT =
            FixedPointSolver.of(StoppingRule.tolerance(1e-14).withMaxSteps(100_000));

    /** Of the central differences: their error is the solve's 1e-13 over this. */
    private static final double H = 1e-6;

    static GradientProblem random(String kind, RandomGenerator random) {
        PolytopeProblem problem = kind.equals("grid")
                ? PolytopeProblem.grid(6, 0.5, 0.15)
                : PolytopeProblem.random(random, 20, 60, 0.5, 0.15);
        int n = problem.n();
        int p = 5;
        int batch = 3;
        return new GradientProblem(
                problem,
                Tensors.of(Cases.normal(random, p * n, 0.3), p, n),
                Tensors.of(Cases.normal(random, batch * p, 0.7), batch, p),
                Tensors.of(Cases.normal(random, batch * n, 0.5), batch, n));
    }

    int n() {
        return problem.n();
    }

    PolytopeProblem.Costs costs(Tensor theta) {
        return new PolytopeProblem.Costs(theta.matmul(mixing));
    }

    /** The same for the published laws, with a loss of theirs. */
    AdjointLaws.Subject<PolytopeProblem.Costs> subject() {
        return new AdjointLaws.Subject<>(
                problem.operator(),
                flat -> costs(flat.reshape(theta.shape())),
                theta.flatten(),
                torch.zeros_like(target),
                EXACT);
    }

    Attached attach(Adjoint adjoint, Tensor theta) {
        return adjoint.solve(EXACT, problem.operator(), torch.zeros_like(target), costs(theta));
    }

    Tensor loss(Tensor z, Tensor theta) {
        Tensor error = problem.operator().solution(z, costs(theta)).sub(target);
        return error.mul(error).sum().mul(new Scalar(0.5));
    }

    double[] gradient(Adjoint adjoint) {
        try (TensorScope scope = TensorScope.open()) {
            Tensor leaf = theta.detach().requires_grad_(true);
            loss(attach(adjoint, leaf).z(), leaf).backward();
            return Tensors.doubles(leaf.grad());
        }
    }

    /** The gradient with respect to the costs w themselves. */
    double[] costGradient(Adjoint adjoint) {
        try (TensorScope scope = TensorScope.open()) {
            Tensor w = costs(theta).w().detach().requires_grad_(true);
            PolytopeProblem.Costs c = new PolytopeProblem.Costs(w);
            Tensor z = adjoint.solve(EXACT, problem.operator(), torch.zeros_like(target), c)
                    .z();
            Tensor error = problem.operator().solution(z, c).sub(target);
            error.mul(error).sum().backward();
            return Tensors.doubles(w.grad());
        }
    }

    double[] value(Adjoint adjoint) {
        try (TensorScope scope = TensorScope.open()) {
            return Tensors.doubles(
                    problem.operator().solution(attach(adjoint, theta).z(), costs(theta)));
        }
    }

    double[] solution() {
        return value(new JacobianFree());
    }

    /** The loss at θ + h·e_i, by a solve alone: nothing of the adjoints is used. */
    private double lossAt(int i, double h) {
        try (NoGradGuard offTape = new NoGradGuard();
                TensorScope scope = TensorScope.open()) {
            double[] moved = Tensors.doubles(theta);
            moved[i] += h;
            Tensor at = Tensors.of(moved, theta.shape());
            Solution solution = EXACT.solve(problem.operator(), torch.zeros_like(target), costs(at));
            return loss(solution.z(), at).item_double();
        }
    }

    double[] finiteDifferences() {
        double[] gradient = new double[(int) theta.numel()];
        for (int i = 0; i < gradient.length; i++) {
            gradient[i] = (lossAt(i, H) - lossAt(i, -H)) / (2 * H);
        }
        return gradient;
    }

    int activeBounds() {
        int active = 0;
        for (double v : solution()) {
            active += v < 1e-9 ? 1 : 0;
        }
        return active;
    }

    /** The ratio of residuals late in a solve: the factor that the iteration really contracts by. */
    double contraction() {
        double early = residualAfter(400);
        double late = residualAfter(420);
        return Math.pow(late / early, 1 / 20.0);
    }

    private double residualAfter(int steps) {
        try (TensorScope scope = TensorScope.open()) {
            Solution s = FixedPointSolver.of(StoppingRule.tolerance(1e-300).withMaxSteps(steps))
                    .solve(problem.operator(), torch.zeros_like(target), costs(theta));
            double worst = 0;
            for (double r : s.stats().residual()) {
                worst = Math.max(worst, r);
            }
            return worst;
        }
    }
}
