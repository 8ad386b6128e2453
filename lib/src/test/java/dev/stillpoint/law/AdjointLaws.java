package dev.stillpoint.law;

import static org.assertj.core.api.Assertions.assertThat;

import dev.stillpoint.adjoint.Adjoint;
import dev.stillpoint.adjoint.Attached;
import dev.stillpoint.adjoint.Implicit;
import dev.stillpoint.operator.Operator;
import dev.stillpoint.solver.ConjugateGradientNormal;
import dev.stillpoint.solver.FixedPointLinear;
import dev.stillpoint.solver.FixedPointSolver;
import dev.stillpoint.solver.Gmres;
import dev.stillpoint.solver.LinearSolver;
import dev.stillpoint.solver.Solution;
import dev.stillpoint.solver.StoppingRule;
import dev.stillpoint.tensor.Autograd;
import dev.stillpoint.tensor.Batch;
import dev.stillpoint.tensor.TensorScope;
import dev.stillpoint.tensor.Tensors;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import java.util.function.UnaryOperator;
import org.bytedeco.pytorch.NoGradGuard;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorVector;
import org.bytedeco.pytorch.global.torch;

/**
 * What every exact adjoint does on every operator, to be called from the tests of either. A law that does not hold throws
 * {@link AssertionError}.
 *
 * <p>Losses are of x = S(z*), which is unique where z* is not. Errors are absolute for numbers below one and relative above:
 * ‖a − b‖ ≤ tolerance·(1 + ‖b‖). Any size will do, 0 included.
 */
public final class AdjointLaws {
    /** Of differences, for parameters of size one: the error is that of the solve over this, and this squared. */
    private static final double H = 1e-6;

    /** For the adjoint equations that are compared with one another. */
    private static final StoppingRule EXACT = new StoppingRule(1e-13, 1e-13, 100_000, 1);

    /** More steps than this do not help where a product is wrong. */
    private static final StoppingRule KRYLOV = EXACT.withMaxSteps(5_000);

    private static final int RESTART = 50;

    private AdjointLaws() {}

    /**
     * x(θ) = S(z*), z* = T(z*; c(θ)), to be solved to rounding.
     *
     * @param operator T and S
     * @param context c(θ), taped when the tape is on; of as many samples as {@code start}
     * @param parameters θ, [p] in float64, away from kinks of x
     * @param start z₀, [batch, ...] in float64
     * @param solver tight: the differences have its error over 10⁻⁶
     * @param <C> the context
     */
    public record Subject<C extends Batch<C>>(
            Operator<C> operator,
            Function<Tensor, C> context,
            Tensor parameters,
            Tensor start,
            FixedPointSolver solver) {
        /** ½‖x − q‖², q fixed random numbers. */
        private Tensor loss(Tensor z, C c) {
            Tensor x = operator.solution(z, c);
            Tensor error = x.sub(Tensors.of(Cases.normal(Cases.random(x.numel()), (int) x.numel(), 1), x.shape()));
            return error.mul(error).sum().mul(new Scalar(0.5));
        }

        /** By a solve alone. */
        private double lossAt(double[] theta) {
            try (NoGradGuard offTape = new NoGradGuard();
                    TensorScope scope = TensorScope.open()) {
                C c = context.apply(Tensors.of(theta, theta.length));
                return loss(solver.solve(operator, start, c).z(), c).item_double();
            }
        }

        private double[] gradient(Adjoint adjoint) {
            try (TensorScope scope = TensorScope.open()) {
                Tensor theta = parameters.detach().clone().requires_grad_(true);
                C c = context.apply(theta);
                Tensor loss = loss(adjoint.solve(solver, operator, start, c).z(), c);
                return Tensors.doubles(Autograd.vjp(loss, theta, torch.ones_like(loss.detach())));
            }
        }

        private double[] differences(double h) {
            double[] theta = Tensors.doubles(parameters);
            double[] slopes = new double[theta.length];
            for (int i = 0; i < slopes.length; i++) {
                double step = h * Math.max(1, Math.abs(theta[i]));
                double[] up = theta.clone();
                double[] down = theta.clone();
                up[i] += step;
                down[i] -= step;
                slopes[i] = (lossAt(up) - lossAt(down)) / (up[i] - down[i]);
            }
            return slopes;
        }
    }

    /** x as the adjoint attaches it is x as the solver finds it. {@code Unrolled} needs steps enough to get there. */
    public static <C extends Batch<C>> void valueIsTheSolution(Adjoint adjoint, Subject<C> subject, double tolerance) {
        try (TensorScope scope = TensorScope.open()) {
            C c = subject.context.apply(subject.parameters.detach().clone().requires_grad_(true));
            Operator<C> t = subject.operator;
            Tensor attached = adjoint.solve(subject.solver, t, subject.start, c).z();
            assertThat(attached.shape()).as("shape of z").containsExactly(subject.start.shape());
            double[] x = Tensors.doubles(t.solution(attached, c));
            double[] expected = Tensors.doubles(
                    t.solution(subject.solver.solve(t, subject.start, c).z(), c));
            assertSame(adjoint + ": x", x, expected, tolerance);
        }
    }

    /**
     * The gradient of an exact adjoint is that of central differences of solves. The differences are taken at two steps,
     * which must agree to the tolerance first: otherwise the subject sits at a kink, or its solver is too loose.
     */
    public static <C extends Batch<C>> void gradientIsThatOfDifferences(
            Adjoint adjoint, Subject<C> subject, double tolerance) {
        gradientIsThatOfDifferences(List.of(adjoint), subject, tolerance);
    }

    /** The same of several adjoints, with differences taken once. */
    public static <C extends Batch<C>> void gradientIsThatOfDifferences(
            List<Adjoint> adjoints, Subject<C> subject, double tolerance) {
        double[] differences = subject.differences(H);
        assertSame("the differences among themselves", subject.differences(2 * H), differences, tolerance);
        for (Adjoint adjoint : adjoints) {
            assertSame(adjoint + ": gradient", subject.gradient(adjoint), differences, tolerance);
        }
    }

    /**
     * Fixed-point iteration, GMRES and conjugate gradients give the gradient that the dense solver gives. T must be
     * differentiable twice by tape, its custom gradients too, and its derivative a contraction or averaged.
     */
    public static <C extends Batch<C>> void linearSolversAgree(Subject<C> subject, double tolerance) {
        double[] dense = subject.gradient(Implicit.dense());
        for (LinearSolver linear :
                List.of(new FixedPointLinear(EXACT), new Gmres(KRYLOV, RESTART), new ConjugateGradientNormal(KRYLOV))) {
            assertSame(linear + ": gradient", subject.gradient(new Implicit(linear)), dense, tolerance);
        }
    }

    /**
     * The residual that the adjoint reports is ‖g + Jᵀv − v‖₂ of every sample, with J assembled from differences of T: this
     * holds the products with Jᵀ against T itself too.
     *
     * @param linear as loose as there should be something to compare
     * @param tolerance of a sample's residual, relative to 1 + ‖v‖
     * @return the independent residuals, a sample
     */
    public static <C extends Batch<C>> double[] residualIsThatOfTheEquation(
            LinearSolver linear, Subject<C> subject, double tolerance) {
        try (TensorScope scope = TensorScope.open()) {
            List<Tensor> seen = new ArrayList<>();
            Implicit recording = new Implicit((m, g) -> {
                Solution v = linear.solve(m, g);
                seen.add(TensorScope.persist(g.clone()));
                seen.add(TensorScope.persist(v.z().clone()));
                return v;
            });
            try {
                Tensor theta = subject.parameters.detach().clone().requires_grad_(true);
                C c = subject.context.apply(theta);
                Attached attached = recording.solve(subject.solver, subject.operator, subject.start, c);
                subject.loss(attached.z(), c).backward();
                double[] reported = attached.afterBackward().get().residual();
                double[] independent = residual(
                        z -> subject.operator.apply(z, c), attached.solution().z(), seen.get(0), seen.get(1));
                assertThat(reported).as("residuals").hasSameSizeAs(independent);
                double[] size = Tensors.doubles(Tensors.rowNorm(seen.get(1)));
                for (int i = 0; i < reported.length; i++) {
                    // The differences' error in J is multiplied by v. Written so that NaN fails.
                    assertThat(Math.abs(reported[i] - independent[i]))
                            .as(linear + ": residual of sample " + i)
                            .isLessThanOrEqualTo(tolerance * (1 + size[i]));
                }
                return independent;
            } finally {
                seen.forEach(TensorScope::release);
            }
        }
    }

    /** ‖g + Jᵀv − v‖₂ a sample. */
    private static double[] residual(UnaryOperator<Tensor> t, Tensor z, Tensor g, Tensor v) {
        try (NoGradGuard offTape = new NoGradGuard()) {
            long batch = z.size(0);
            long m = batch == 0 ? 0 : z.numel() / batch;
            if (m == 0) {
                return new double[(int) batch];
            }
            TensorVector entries = new TensorVector();
            double h = H * Math.max(1, Distances.largest(z));
            for (long j = 0; j < m; j++) {
                Tensor unit = torch.zeros_like(z).reshape(batch, m);
                unit.select(1, j).fill_(new Scalar(h));
                Tensor step = unit.reshape(z.shape());
                Tensor column = t.apply(z.add(step)).sub(t.apply(z.sub(step))).div(new Scalar(2 * h));
                // ∂T/∂z_j · v, the j-th entry of Jᵀv.
                entries.push_back(column.mul(v).reshape(batch, m).sum(1));
            }
            Tensor left = g.sub(v).reshape(batch, m).add(torch.stack(entries, 1));
            return Tensors.doubles(Tensors.rowNorm(left));
        }
    }

    /** Written so that NaN fails. */
    private static void assertSame(String what, double[] actual, double[] expected, double tolerance) {
        double distance = Distances.between(actual, expected);
        assertThat(distance).as(what).isLessThanOrEqualTo(tolerance * (1 + Distances.norm(expected)));
    }
}
