package dev.stillpoint.examples;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.stillpoint.adjoint.Implicit;
import dev.stillpoint.adjoint.Unrolled;
import dev.stillpoint.law.AdjointLaws;
import dev.stillpoint.law.Cases;
import dev.stillpoint.law.ConvexSetLaws;
import dev.stillpoint.law.OperatorLaws;
import dev.stillpoint.operator.Gradient;
import dev.stillpoint.operator.ProjectedGradient;
import dev.stillpoint.set.Box;
import dev.stillpoint.set.ConvexSet;
import dev.stillpoint.solver.FixedPointSolver;
import dev.stillpoint.solver.Status;
import dev.stillpoint.solver.StoppingRule;
import dev.stillpoint.tensor.Rows;
import dev.stillpoint.tensor.TensorScope;
import dev.stillpoint.tensor.Tensors;
import java.util.Arrays;
import java.util.List;
import java.util.random.RandomGenerator;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;
import org.junit.jupiter.api.Test;

/** The set and the operator of docs/own-set.md pass the published laws, and wrong ones do not. */
class OwnSetTest {
    private static final int N = 5;
    private static final int BATCH = 4;

    /** Differences of solves to 1e-14: that over their step of 1e-6. */
    private static final double SLOPE = 1e-7;

    @Test
    void theConePassesTheLaws() {
        // region set-laws
        ConvexSetLaws.checkAll(1, (n, scale, random) -> new SecondOrderCone<>());
        // endregion
    }

    @Test
    void aWrongConeDoesNot() {
        // region saboteur
        ConvexSet<Object> cone = new SecondOrderCone<>();
        ConvexSet<Object> wrong = new ConvexSet<>() {
            @Override
            public Tensor project(Tensor x, Object c) {
                return cone.project(x, c).mul(new Scalar(0.99)); // still in the cone
            }

            @Override
            public Tensor violation(Tensor x, Object c) {
                return cone.violation(x, c);
            }
        };
        assertThatThrownBy(() -> ConvexSetLaws.checkAll(1, (n, scale, random) -> wrong))
                .hasMessageContaining("idempotent");
        // endregion
    }

    @Test
    void theOperatorPassesTheLaws() {
        RandomGenerator random = Cases.random(0);
        try (TensorScope scope = TensorScope.open()) {
            // region operator-laws
            Gradient<Rows> f = (x, c) -> x.matmul(turned(x)).add(c.values()); // monotone, yet no gradient of anything
            Extragradient<Rows> t = new Extragradient<>(f, unitBox(), 0.3);
            Tensor z = Tensors.of(Cases.normal(random, BATCH * N, 1), BATCH, N);
            Tensor data = Tensors.of(Cases.normal(random, BATCH * N, 1), BATCH, N);
            OperatorLaws.check(t, Rows::new, z, data, random);
            OperatorLaws.checkSolution(t, Rows::new, z, data, OwnSetTest::byOtherMeans, 1e-8);

            AdjointLaws.Subject<Rows> subject = new AdjointLaws.Subject<>(
                    t,
                    theta -> new Rows(theta.reshape(BATCH, N)),
                    data.reshape(BATCH * N),
                    z,
                    FixedPointSolver.of(StoppingRule.tolerance(1e-14)));
            AdjointLaws.linearSolversAgree(subject, 1e-9);
            AdjointLaws.gradientIsThatOfDifferences(List.of(Implicit.dense(), new Unrolled(1_000)), subject, SLOPE);
            // endregion
        }
    }

    /** The reason to write it: the projected gradient goes round in circles on such an F. */
    @Test
    void theProjectedGradientDoesNotGetThere() {
        try (TensorScope scope = TensorScope.open()) {
            Gradient<Rows> f = (x, c) -> x.matmul(turned(x)).add(c.values());
            Rows c = new Rows(Tensors.of(Cases.normal(Cases.random(0), BATCH * N, 0.1), BATCH, N));
            FixedPointSolver solver =
                    FixedPointSolver.of(StoppingRule.tolerance(1e-8).withMaxSteps(2_000));
            Tensor start = Tensors.of(Cases.normal(Cases.random(1), BATCH * N, 1), BATCH, N);
            assertThat(solver.solve(new Extragradient<>(f, unitBox(), 0.3), start, c)
                            .status())
                    .containsOnly(Status.CONVERGED);
            assertThat(solver.solve(new ProjectedGradient<>(f, unitBox(), 0.3), start, c)
                            .status())
                    .containsOnly(Status.MAX_STEPS_REACHED);
        }
    }

    private static Box<Rows> unitBox() {
        double[] ones = new double[N];
        Arrays.fill(ones, 1);
        double[] minus = new double[N];
        Arrays.fill(minus, -1);
        return Box.of(minus, ones);
    }

    /** A skew-symmetric matrix of norm below 2, and a little of the identity, in x's precision. */
    private static Tensor turned(Tensor x) {
        return Tensors.of(flatTurn(), N, N).to(x.scalar_type());
    }

    private static double[] flatTurn() {
        double[] turn = new double[N * N];
        for (int i = 0; i < N; i++) {
            turn[i * N + i] = 0.1;
        }
        for (int i = 0; i + 1 < N; i++) {
            turn[i * N + i + 1] = 1;
            turn[(i + 1) * N + i] = -1;
        }
        return turn;
    }

    /** The variational inequality by averaging a plain array's extragradient with another step, until it stands still. */
    private static double[] byOtherMeans(double[] w) {
        double[] turn = flatTurn();
        double[] x = new double[N];
        for (int k = 0; k < 5_000; k++) {
            double[] y = moved(x, x, turn, w);
            x = moved(x, y, turn, w);
        }
        return x;
    }

    private static double[] moved(double[] from, double[] at, double[] turn, double[] w) {
        double[] to = new double[N];
        for (int j = 0; j < N; j++) {
            double f = w[j];
            for (int i = 0; i < N; i++) {
                f += at[i] * turn[i * N + j];
            }
            to[j] = Math.max(-1, Math.min(1, from[j] - 0.1 * f));
        }
        return to;
    }
}
