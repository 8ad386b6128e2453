package dev.stillpoint.law;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.stillpoint.adjoint.Adjoint;
import dev.stillpoint.adjoint.Attached;
import dev.stillpoint.adjoint.Implicit;
import dev.stillpoint.adjoint.JacobianFree;
import dev.stillpoint.adjoint.Switching;
import dev.stillpoint.adjoint.Unrolled;
import dev.stillpoint.operator.Operator;
import dev.stillpoint.solver.ConjugateGradientNormal;
import dev.stillpoint.solver.FixedPointLinear;
import dev.stillpoint.solver.FixedPointSolver;
import dev.stillpoint.solver.Gmres;
import dev.stillpoint.solver.LinearSolver;
import dev.stillpoint.solver.Solution;
import dev.stillpoint.solver.SolveStats;
import dev.stillpoint.solver.StoppingRule;
import dev.stillpoint.tensor.Autograd;
import dev.stillpoint.tensor.Batch;
import dev.stillpoint.tensor.Learnable;
import dev.stillpoint.tensor.Rows;
import dev.stillpoint.tensor.TensorScope;
import dev.stillpoint.tensor.Tensors;
import java.util.Arrays;
import java.util.List;
import java.util.random.RandomGenerator;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** {@link AdjointLaws} hold for ours at every size, and each is seen to fail. */
class PublishedAdjointLawsTest {
    /** The solves' 1e-14 over the differences' 1e-6, times what I − J amplifies. */
    private static final double SAME_GRADIENT = 1e-6;

    /** Both solves are this tight, and T contracts by 0.8 at most. */
    private static final double SAME_VALUE = 1e-11;

    private static final double SAME_SOLUTION = 1e-9;

    /** Differences of a smooth T with h = 1e-6. */
    private static final double SAME_RESIDUAL = 1e-7;

    private static final int BATCH = 3;

    /** 0.8 to this power is 1e-15. */
    private static final int MANY = 160;

    private static final FixedPointSolver SOLVER =
            FixedPointSolver.of(StoppingRule.tolerance(1e-14).withMaxSteps(2_000));

    private static final StoppingRule LOOSE = StoppingRule.tolerance(1e-3);

    private static final List<LinearSolver> LINEAR =
            List.of(new FixedPointLinear(LOOSE), new Gmres(LOOSE, 2), new ConjugateGradientNormal(LOOSE));

    /** z = tanh(0.8·zQ + θ) with Q orthogonal: J is far from symmetric. x = z + 0.1·c, so that S has a part in it. */
    private static Operator<Rows> operator(RandomGenerator random, int n) {
        Tensor q = n == 0
                ? Tensors.of(new double[0], 0, 0)
                : torch.linalg_qr(Tensors.of(Cases.normal(random, n * n, 1), n, n))
                        .get0()
                        .mul(new Scalar(0.8));
        return new Operator<>() {
            @Override
            public Tensor apply(Tensor z, Rows c) {
                return z.matmul(q).add(c.values()).tanh();
            }

            @Override
            public Tensor solution(Tensor z, Rows c) {
                return z.add(c.values(), new Scalar(0.1));
            }
        };
    }

    private static AdjointLaws.Subject<Rows> subject(Operator<Rows> t, RandomGenerator random, int batch, int n) {
        return new AdjointLaws.Subject<>(
                t,
                theta -> new Rows(theta.reshape(batch, n)),
                Tensors.of(Cases.normal(random, batch * n, 1), batch, n).flatten(),
                Tensors.of(new double[batch * n], batch, n),
                SOLVER);
    }

    private static AdjointLaws.Subject<Rows> subject(int batch, int n) {
        RandomGenerator random = Cases.random(n);
        return subject(operator(random, n), random, batch, n);
    }

    private static Adjoint[] exact() {
        StoppingRule rule = StoppingRule.tolerance(1e-14);
        return new Adjoint[] {
            Implicit.fixedPoint(rule),
            Implicit.gmres(rule),
            Implicit.conjugateGradient(rule),
            Implicit.dense(),
            new Unrolled(MANY),
            // Always under its threshold, or it is 1 and both are the same.
            new Switching(new Learnable() {}, new Gmres(rule, 30), 1, 1)
        };
    }

    @ParameterizedTest
    @CsvSource({"3, 0", "0, 5", "3, 1", "3, 7", "1, 13"})
    void holdAtEverySize(int batch, int n) {
        try (TensorScope scope = TensorScope.open()) {
            AdjointLaws.Subject<Rows> subject = subject(batch, n);
            for (Adjoint adjoint : exact()) {
                AdjointLaws.valueIsTheSolution(adjoint, subject, SAME_VALUE);
                if (!(adjoint instanceof Switching)) {
                    AdjointLaws.gradientIsThatOfDifferences(adjoint, subject, SAME_GRADIENT);
                }
            }
            AdjointLaws.linearSolversAgree(subject, SAME_SOLUTION);
            for (LinearSolver linear : LINEAR) {
                double[] residual = AdjointLaws.residualIsThatOfTheEquation(linear, subject, SAME_RESIDUAL);
                assertThat(residual).hasSize(batch);
            }
        }
    }

    @Test
    void residualsThatAreComparedAreThere() {
        try (TensorScope scope = TensorScope.open()) {
            for (LinearSolver linear : LINEAR) {
                double[] residual = AdjointLaws.residualIsThatOfTheEquation(linear, subject(BATCH, 7), SAME_RESIDUAL);
                assertThat(Arrays.stream(residual).max().orElse(0)).isGreaterThan(1e2 * SAME_RESIDUAL);
            }
        }
    }

    @Test
    void anotherValueIsCaught() {
        Adjoint oneStepFromStart = new Unrolled(3);
        try (TensorScope scope = TensorScope.open()) {
            assertThatThrownBy(() -> AdjointLaws.valueIsTheSolution(oneStepFromStart, subject(BATCH, 7), SAME_VALUE))
                    .isInstanceOf(AssertionError.class);
        }
    }

    @Test
    void anotherGradientIsCaught() {
        Adjoint perMille = new Adjoint() {
            @Override
            public <C extends Batch<C>> Attached solve(FixedPointSolver solver, Operator<C> t, Tensor z0, C c) {
                Attached a = Implicit.dense().solve(solver, t, z0, c);
                Tensor z = Autograd.replaceGradient(a.z().clone(), g -> g.mul(new Scalar(1.001)));
                return new Attached(z, a.solution(), a.afterBackward());
            }
        };
        try (TensorScope scope = TensorScope.open()) {
            for (Adjoint wrong : new Adjoint[] {new JacobianFree(), perMille}) {
                AdjointLaws.valueIsTheSolution(wrong, subject(BATCH, 7), SAME_VALUE);
                assertThatThrownBy(
                                () -> AdjointLaws.gradientIsThatOfDifferences(wrong, subject(BATCH, 7), SAME_GRADIENT))
                        .isInstanceOf(AssertionError.class)
                        .hasMessageContaining(wrong + ": gradient");
            }
        }
    }

    @Test
    void aSubjectAtAKinkIsNotTheAdjointsFault() {
        try (TensorScope scope = TensorScope.open()) {
            Operator<Rows> kinked =
                    (z, c) -> z.mul(new Scalar(0.5)).add(c.values().relu());
            AdjointLaws.Subject<Rows> subject = new AdjointLaws.Subject<>(
                    kinked,
                    // Between the two steps of the differences.
                    theta -> new Rows(theta.sub(new Scalar(1.5e-6)).reshape(1, 2)),
                    Tensors.of(new double[2], 2),
                    Tensors.of(new double[2], 1, 2),
                    SOLVER);
            assertThatThrownBy(() -> AdjointLaws.gradientIsThatOfDifferences(Implicit.dense(), subject, SAME_GRADIENT))
                    .isInstanceOf(AssertionError.class)
                    .hasMessageContaining("the differences among themselves");
        }
    }

    @Test
    void anOperatorWithoutASecondDerivativeIsCaught() {
        RandomGenerator random = Cases.random(7);
        Operator<Rows> t = operator(random, 7);
        // A right pullback off the tape: Jᵀ is right, and J, its transpose by a second tape, is not there.
        Operator<Rows> untaped = (z, c) -> {
            Tensor leaf = z.detach().requires_grad_(true);
            Tensor inner = t.apply(leaf, c);
            Tensor joined = z.sub(z.detach());
            return inner.add(Autograd.replaceGradient(joined, g -> Autograd.vjp(inner, leaf, g)));
        };
        try (TensorScope scope = TensorScope.open()) {
            AdjointLaws.Subject<Rows> subject = subject(untaped, random, BATCH, 7);
            AdjointLaws.gradientIsThatOfDifferences(Implicit.dense(), subject, SAME_GRADIENT);
            assertThatThrownBy(() -> AdjointLaws.linearSolversAgree(subject, SAME_SOLUTION))
                    .hasMessageContaining("ConjugateGradientNormal");
        }
    }

    @Test
    void aWrongResidualIsCaught() {
        LinearSolver flatters = (m, g) -> {
            Solution v = new Gmres(LOOSE, 2).solve(m, g);
            SolveStats s = v.stats();
            double[] half = s.residual().clone();
            half[1] /= 2;
            return new Solution(
                    v.z(), v.status(), new SolveStats(s.steps(), half, s.threshold(), s.safeguarded(), s.batchSteps()));
        };
        try (TensorScope scope = TensorScope.open()) {
            assertThatThrownBy(
                            () -> AdjointLaws.residualIsThatOfTheEquation(flatters, subject(BATCH, 7), SAME_RESIDUAL))
                    .isInstanceOf(AssertionError.class)
                    .hasMessageContaining("residual of sample 1");
        }
    }

    @Test
    void aWrongPullbackOfTheOperatorIsCaught() {
        RandomGenerator random = Cases.random(7);
        Operator<Rows> t = operator(random, 7);
        Operator<Rows> wrong = (z, c) -> Autograd.replaceGradient(t.apply(z, c).clone(), g -> g.mul(new Scalar(0.9)));
        try (TensorScope scope = TensorScope.open()) {
            AdjointLaws.Subject<Rows> subject = subject(wrong, random, BATCH, 7);
            assertThatThrownBy(
                            () -> AdjointLaws.residualIsThatOfTheEquation(new Gmres(LOOSE, 2), subject, SAME_RESIDUAL))
                    .hasMessageContaining("residual of sample 0");
        }
    }
}
