package dev.stillpoint.law;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.stillpoint.adjoint.Implicit;
import dev.stillpoint.adjoint.Unrolled;
import dev.stillpoint.kernel.SparseMatrix;
import dev.stillpoint.law.DavisYinTilesLaws.Data;
import dev.stillpoint.operator.DavisYin;
import dev.stillpoint.operator.Operator;
import dev.stillpoint.operator.Quadratic;
import dev.stillpoint.set.AffineSet;
import dev.stillpoint.set.Box;
import dev.stillpoint.solver.FixedPointSolver;
import dev.stillpoint.solver.StoppingRule;
import dev.stillpoint.tensor.TensorScope;
import dev.stillpoint.tensor.Tensors;
import java.util.List;
import java.util.function.Function;
import java.util.random.RandomGenerator;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Gradients through a sparse {@link AffineSet} with respect to costs and right-hand sides that a context carries. */
class AffineSetAdjointTest {
    /** The solve's 1e-13 over the differences' 1e-6, times how often T must be applied. */
    private static final double SAME_GRADIENT = 1e-6;
    /** Central differences of maps without kinks nearby: rounding 1e-16 over their step. */
    private static final double DIFFERENCE = 1e-7;

    private static final double H = 1e-6;
    private static final StoppingRule EXACT = StoppingRule.tolerance(1e-13).withMaxSteps(200_000);
    private static final int BATCH = 3;
    private static final int COSTS = 2;
    private static final int SIDES = 3;
    private static final int N = 24;

    /** w = θ₁M and b = A(f + θ₂F): feasible for every θ, with a row of A that depends on others. */
    private record Problem(DavisYin<Data> operator, Function<Tensor, Data> context, Tensor theta) {
        static Problem random(String kind, RandomGenerator random) {
            SparseMatrix a =
                    kind.equals("sparse") ? SparseInstances.sparse(N, random) : SparseInstances.incidence(N, random);
            Tensor dense = SparseInstances.dense(a);
            Tensor mixing = Tensors.of(Cases.normal(random, COSTS * N, 1), COSTS, N);
            Tensor sides = Tensors.of(Cases.normal(random, SIDES * N, 0.05), SIDES, N);
            double[] inside = new double[BATCH * N];
            for (int i = 0; i < inside.length; i++) {
                inside[i] = 0.3 + 0.5 * random.nextDouble();
            }
            Tensor middle = Tensors.of(inside, BATCH, N);
            Function<Tensor, Data> context = flat -> {
                Tensor rows = flat.reshape(BATCH, COSTS + SIDES);
                Tensor w = rows.narrow(1, 0, COSTS).matmul(mixing);
                Tensor x = middle.add(rows.narrow(1, COSTS, SIDES).matmul(sides));
                return new Data(w, x.matmul(dense.t()));
            };
            DavisYin<Data> t = new DavisYin<>(new Quadratic<>(Data::w, 1), Box.of(0, 1), AffineSet.of(a, Data::b), 0.5);
            return new Problem(
                    t, context, Tensors.of(Cases.normal(random, BATCH * (COSTS + SIDES), 1), BATCH * (COSTS + SIDES)));
        }

        AdjointLaws.Subject<Data> subject(Operator<Data> t) {
            return new AdjointLaws.Subject<>(
                    t, context, theta, torch.zeros_like(context.apply(theta).w()), FixedPointSolver.of(EXACT));
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"sparse", "graph"})
    void implicitAndUnrolledAreDifferences(String kind) {
        Cases.forSeeds(2, random -> {
            try (TensorScope scope = TensorScope.open()) {
                Problem problem = Problem.random(kind, random);
                AdjointLaws.Subject<Data> subject = problem.subject(problem.operator());
                AdjointLaws.gradientIsThatOfDifferences(
                        List.of(
                                Implicit.fixedPoint(EXACT),
                                Implicit.gmres(EXACT),
                                Implicit.conjugateGradient(EXACT),
                                Implicit.dense(),
                                new Unrolled(3_000)),
                        subject,
                        SAME_GRADIENT);
                AdjointLaws.linearSolversAgree(subject, SAME_GRADIENT);
            }
        });
    }

    /** The one application of T that Jacobian-free backpropagation tapes: of z, of the costs and of b. */
    @ParameterizedTest
    @ValueSource(strings = {"sparse", "graph"})
    void oneApplicationIsDifferences(String kind) {
        Cases.forSeeds(3, random -> {
            try (TensorScope scope = TensorScope.open()) {
                Problem problem = Problem.random(kind, random);
                Tensor z = Tensors.of(Cases.normal(random, BATCH * N, 1), BATCH, N);
                Tensor theta = problem.theta().reshape(BATCH, COSTS + SIDES);
                Data at = problem.context().apply(problem.theta());
                Pullbacks.check(
                        u -> problem.operator().apply(z, problem.context().apply(u.flatten())),
                        theta,
                        H,
                        DIFFERENCE,
                        random);
                Pullbacks.check(u -> problem.operator().apply(u, at), z, H, DIFFERENCE, random);
            }
        });
    }

    @Test
    void saboteursAreCaught() {
        RandomGenerator random = Cases.random(7);
        try (TensorScope scope = TensorScope.open()) {
            Problem problem = Problem.random("sparse", random);
            DavisYin<Data> t = problem.operator();
            // Forgets that b depends on the parameters.
            Operator<Data> detached = spoilt(t, c -> new Data(c.w(), c.b().detach()));
            assertThatThrownBy(() -> AdjointLaws.gradientIsThatOfDifferences(
                            Implicit.dense(), problem.subject(detached), SAME_GRADIENT))
                    .isInstanceOf(AssertionError.class)
                    .hasMessageContaining(": gradient");
            Tensor z = Tensors.of(Cases.normal(random, BATCH * N, 1), BATCH, N);
            assertThatThrownBy(() -> Pullbacks.check(
                            u -> detached.apply(z, problem.context().apply(u.flatten())),
                            problem.theta().reshape(BATCH, COSTS + SIDES),
                            H,
                            DIFFERENCE,
                            random))
                    .isInstanceOf(AssertionError.class)
                    .hasMessageContaining("pullback");
        }
    }

    private static Operator<Data> spoilt(Operator<Data> t, Function<Data, Data> context) {
        return new Operator<>() {
            @Override
            public Tensor apply(Tensor z, Data c) {
                return t.apply(z, context.apply(c));
            }

            @Override
            public Tensor solution(Tensor z, Data c) {
                return t.solution(z, context.apply(c));
            }
        };
    }
}
