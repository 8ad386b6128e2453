package dev.stillpoint.solver;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.stillpoint.law.Cases;
import dev.stillpoint.law.Contractions;
import dev.stillpoint.law.Distances;
import dev.stillpoint.operator.Operator;
import dev.stillpoint.tensor.TensorScope;
import dev.stillpoint.tensor.Tensors;
import java.util.Arrays;
import java.util.OptionalDouble;
import java.util.random.RandomGenerator;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** How far the returned z is from z*: a bound where T declares its factor, an estimate elsewhere. */
class ErrorTest {
    /** Of a residual near 1e-8. */
    private static final double ROUNDING = 1 + 1e-6;
    /** A spread spectrum's residual falls by its slowest factor only in the end: the estimate may be this far below. */
    private static final double OF_ESTIMATE = 3;

    private static final int N = 9;
    private static final int BATCH = 4;

    /** z ↦ qz·Q + b, ‖Q‖ = 1, with a declared factor of its own. */
    private record Linear(Tensor m, double declared) implements Operator<Contractions> {
        @Override
        public Tensor apply(Tensor z, Contractions c) {
            return z.matmul(m).add(c.b());
        }

        @Override
        public OptionalDouble contractionFactor() {
            return OptionalDouble.of(declared);
        }

        double[] fixedPoint(Contractions c) {
            Tensor a = torch.eye(N).to(m.scalar_type()).sub(m).t();
            return Tensors.doubles(torch.linalg_solve(a.unsqueeze(0), c.b().unsqueeze(2)));
        }
    }

    @ParameterizedTest
    @CsvSource({"0.1, 1", "0.5, 1", "0.9, 1", "0.99, 1", "0.5, 3", "0.9, 7", "0.99, 50"})
    void boundHolds(double q, int checkEvery) {
        Cases.forSeeds(3, random -> {
            try (TensorScope scope = TensorScope.open()) {
                for (Linear t : new Linear[] {symmetric(random, q), rotating(random, q), nonnormal(random, q)}) {
                    double worst = worst(t, checkEvery, random);
                    assertThat(worst).as("error over bound").isPositive().isLessThanOrEqualTo(1);
                }
            }
        });
    }

    /** (I − M)e has at most the norm (1 + q)‖e‖: the bound is at most (1 + q)/(1 − q) of the error, and no more than 2 with M ≥ 0. */
    @ParameterizedTest
    @CsvSource({"0.1, 1", "0.5, 1", "0.9, 1", "0.99, 1", "0.9, 7"})
    void boundIsTightForSymmetricContractions(double q, int checkEvery) {
        Cases.forSeeds(3, random -> {
            try (TensorScope scope = TensorScope.open()) {
                // The slowest part is all that is left after some steps: residual/(1 − q) is then the error itself.
                assertThat(worst(symmetric(random, q), checkEvery, random)).isGreaterThan(0.5);
            }
        });
    }

    /** An operator that declares less than it contracts by breaks its bound, and is seen. */
    @Test
    void saboteurBreaksTheBound() {
        try (TensorScope scope = TensorScope.open()) {
            RandomGenerator random = Cases.random(0);
            Linear honest = symmetric(random, 0.9);
            assertThat(worst(new Linear(honest.m(), 0.8), 1, random)).isGreaterThan(1.5);
        }
    }

    @ParameterizedTest
    @CsvSource({"0.1, 1", "0.5, 1", "0.9, 1", "0.99, 1", "0.5, 3", "0.9, 7", "0.99, 50"})
    void estimateIsNearOnLinearConvergence(double q, int checkEvery) {
        Cases.forSeeds(3, random -> {
            try (TensorScope scope = TensorScope.open()) {
                Linear t = symmetric(random, q);
                Contractions c = Contractions.of(random, N, new double[BATCH]);
                Solution solution = solve(t, c, checkEvery, new Picard());
                double[] error = errors(solution, t.fixedPoint(c));
                for (int i = 0; i < BATCH; i++) {
                    assertThat(solution.stats().ratio()[i]).isBetween(0.5 * q, q * ROUNDING);
                    assertThat(solution.stats().errorEstimate()[i])
                            .isBetween(error[i] / OF_ESTIMATE, OF_ESTIMATE * error[i]);
                }
            }
        });
    }

    @Test
    void oneFactorIsFoundExactly() {
        try (TensorScope scope = TensorScope.open()) {
            Contractions c = Contractions.of(Cases.random(1), N, 0.3, 0.9, -0.5);
            Solution solution = solve(Contractions.OPERATOR, c, 3, new Picard());
            assertThat(solution.stats().ratio()[0]).isCloseTo(0.3, org.assertj.core.data.Offset.offset(1e-6));
            assertThat(solution.stats().ratio()[1]).isCloseTo(0.9, org.assertj.core.data.Offset.offset(1e-6));
            assertThat(solution.stats().ratio()[2]).isCloseTo(0.5, org.assertj.core.data.Offset.offset(1e-6));
            assertThat(solution.stats().errorBound()).hasSize(3).containsOnly(Double.NaN);
        }
    }

    @Test
    void noEstimateWhereThereIsNothingToEstimateFrom() {
        try (TensorScope scope = TensorScope.open()) {
            Contractions c = Contractions.of(Cases.random(2), N, 0.5, 1.1, -1, 0, Double.NaN);
            Solution fast = solve(Contractions.OPERATOR, c, 1, Anderson.of(3));
            assertThat(fast.stats().ratio()).containsOnly(Double.NaN);
            assertThat(fast.stats().errorEstimate()).containsOnly(Double.NaN);

            Solution one = FixedPointSolver.of(StoppingRule.tolerance(1e-8).withMaxSteps(1))
                    .solve(Contractions.OPERATOR, torch.zeros_like(c.b()), c);
            assertThat(one.stats().errorEstimate()).containsOnly(Double.NaN);

            double[] estimate = FixedPointSolver.of(StoppingRule.tolerance(1e-8).withMaxSteps(50))
                    .solve(Contractions.OPERATOR, torch.zeros_like(c.b()), c)
                    .stats()
                    .errorEstimate();
            assertThat(estimate[0]).isBetween(0.0, 1e-7);
            assertThat(estimate[1]).as("growing").isEqualTo(Double.POSITIVE_INFINITY);
            assertThat(estimate[2]).as("a cycle").isEqualTo(Double.POSITIVE_INFINITY);
            assertThat(estimate[3]).as("there").isZero();
            assertThat(estimate[4]).as("lost").isNaN();
        }
    }

    /** The bound needs no history: it holds after one step, and for an accelerated solve. */
    @Test
    void boundHoldsForAnyAcceleration() {
        try (TensorScope scope = TensorScope.open()) {
            RandomGenerator random = Cases.random(3);
            Linear t = symmetric(random, 0.95);
            Contractions c = Contractions.of(random, N, new double[BATCH]);
            for (Solution solution : new Solution[] {
                solve(t, c, 1, Anderson.of(5)),
                FixedPointSolver.of(StoppingRule.tolerance(1e-8).withMaxSteps(1))
                        .solve(t, torch.zeros_like(c.b()), c)
            }) {
                double[] error = errors(solution, t.fixedPoint(c));
                for (int i = 0; i < BATCH; i++) {
                    assertThat(solution.stats().errorBound()[i]).isGreaterThanOrEqualTo(error[i]);
                }
            }
        }
    }

    @Test
    void impossibleFactorsAreRefused() {
        try (TensorScope scope = TensorScope.open()) {
            Contractions c = Contractions.of(Cases.random(4), N, 0.5);
            for (double bad : new double[] {1, -0.1, Double.NaN, Double.POSITIVE_INFINITY}) {
                Linear t = new Linear(torch.eye(N).to(c.b().scalar_type()), bad);
                assertThatThrownBy(() -> solve(t, c, 1, new Picard()))
                        .isInstanceOf(IllegalArgumentException.class)
                        .hasMessage("Operator: need 0 <= contractionFactor < 1, got " + bad);
            }
        }
    }

    /** The largest ratio of a sample's error to its bound. */
    private static double worst(Linear t, int checkEvery, RandomGenerator random) {
        Contractions c = Contractions.of(random, N, new double[BATCH]);
        Solution solution = solve(t, c, checkEvery, new Picard());
        double[] error = errors(solution, t.fixedPoint(c));
        double[] bound = solution.stats().errorBound();
        double worst = 0;
        for (int i = 0; i < BATCH; i++) {
            worst = Math.max(worst, error[i] / bound[i]);
        }
        return worst;
    }

    private static Solution solve(Operator<Contractions> t, Contractions c, int checkEvery, Acceleration acceleration) {
        return FixedPointSolver.of(
                        StoppingRule.tolerance(1e-8).withMaxSteps(30_000).withCheckEvery(checkEvery))
                .withAcceleration(acceleration)
                .solve(t, torch.zeros_like(c.b()), c);
    }

    private static double[] errors(Solution solution, double[] fixedPoint) {
        double[] z = Tensors.doubles(solution.z());
        double[] error = new double[solution.status().length];
        Arrays.setAll(error, i -> Distances.between(Distances.row(z, i, N), Distances.row(fixedPoint, i, N)));
        return error;
    }

    /** Eigenvalues spread evenly over [0, q]. */
    private static Linear symmetric(RandomGenerator random, double q) {
        double[] values = new double[N];
        Arrays.setAll(values, j -> q * j / (N - 1));
        Tensor orthogonal = orthogonal(random);
        return new Linear(orthogonal.mul(Tensors.of(values, N)).matmul(orthogonal.t()), q);
    }

    /** q times a random orthogonal matrix: eigenvalues all round the circle of radius q. */
    private static Linear rotating(RandomGenerator random, double q) {
        return new Linear(orthogonal(random).mul(new org.bytedeco.pytorch.Scalar(q)), q);
    }

    /** A random matrix of norm q, which contracts faster in the end than at first. */
    private static Linear nonnormal(RandomGenerator random, double q) {
        Tensor m = Tensors.of(Cases.normal(random, N * N, 1), N, N).triu();
        double norm = torch.linalg_svdvals(m).max().item_double();
        return new Linear(m.mul(new org.bytedeco.pytorch.Scalar(q / norm)), q);
    }

    private static Tensor orthogonal(RandomGenerator random) {
        return torch.linalg_qr(Tensors.of(Cases.normal(random, N * N, 1), N, N)).get0();
    }
}
