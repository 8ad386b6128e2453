package dev.stillpoint.operator;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.stillpoint.law.Cases;
import dev.stillpoint.tensor.Rows;
import dev.stillpoint.tensor.TensorScope;
import dev.stillpoint.tensor.Tensors;
import java.util.List;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch.ScalarType;
import org.junit.jupiter.api.Test;

/** The constants that linear operators declare, the norms that are estimated, and what is refused. */
class LinearOperatorTest {
    /** A few roundings of float64 numbers near 1. */
    private static final double ROUNDING = 1e-12;
    /** The same for float32. */
    private static final double SINGLE = 1e-6;

    private static final Matrix<Rows> TALL = Matrix.of(new double[][] {{3, 0}, {0, 4}, {0, 0}});
    private static final Matrix<Rows> TWICE = Matrix.of(new double[][] {{2, 0}, {0, 2}});
    private static final Matrix<Rows> WIDE = Matrix.of(new double[][] {{1, 0, 0}, {0, 2, 0}});
    private static final Matrix<Rows> DEFICIENT = Matrix.of(new double[][] {{1, 1}, {1, 1}, {1, 1}});

    /** x ↦ c·x, elementwise: norms of a sample's own. */
    private static final LinearOperator<Rows> DIAGONAL = new LinearOperator<>() {
        @Override
        public Tensor apply(Tensor x, Rows c) {
            return x.mul(c.values());
        }

        @Override
        public Tensor adjoint(Tensor y, Rows c) {
            return y.mul(c.values());
        }
    };

    @Test
    void matrixKnowsItsSingularValues() {
        assertThat(TALL.norm().orElseThrow()).isCloseTo(4, within(ROUNDING));
        assertThat(TALL.lowerBound().orElseThrow()).isCloseTo(3, within(ROUNDING));
        assertThat(WIDE.norm().orElseThrow()).isCloseTo(2, within(ROUNDING));
        assertThat(WIDE.lowerBound()).isEmpty();
        assertThat(DEFICIENT.lowerBound()).isEmpty();
        assertThat(Matrix.of(new double[2][2]).norm()).hasValue(0);
        assertThat(Matrix.of(new double[2][2]).lowerBound()).isEmpty();
    }

    @Test
    void combinationsBoundTheirs() {
        LinearOperator<Rows> composed = new Composed<>(WIDE, Matrix.of(new double[][] {{1, 0}, {0, 1}, {1, 1}}));
        assertThat(composed.norm().orElseThrow()).isCloseTo(2 * Math.sqrt(3), within(ROUNDING));
        assertThat(composed.lowerBound()).isEmpty();
        assertThat(new Composed<>(TALL, TWICE).lowerBound().orElseThrow()).isCloseTo(6, within(ROUNDING));

        double norm = TALL.norm().orElseThrow();
        assertThat(new Scaled<>(TALL, -1 / norm).norm().orElseThrow()).isCloseTo(1, within(ROUNDING));
        assertThat(new Scaled<>(TALL, -1 / norm).lowerBound().orElseThrow()).isCloseTo(0.75, within(ROUNDING));
        assertThat(new Scaled<>(TALL, 0).norm()).hasValue(0);
        assertThat(new Scaled<>(TALL, 0).lowerBound()).isEmpty();

        Stacked<Rows> stacked = new Stacked<>(List.of(new Stacked.Block<>(TALL, 3), new Stacked.Block<>(DEFICIENT, 3)));
        assertThat(stacked.norm().orElseThrow()).isCloseTo(Math.sqrt(16 + 6), within(ROUNDING));
        assertThat(stacked.lowerBound().orElseThrow()).isCloseTo(3, within(ROUNDING));

        // What one part does not know, the whole does not.
        assertThat(new Composed<>(DIAGONAL, TWICE).norm()).isEmpty();
        assertThat(new Stacked<>(List.of(new Stacked.Block<>(DIAGONAL, 2))).norm())
                .isEmpty();
        assertThat(new Stacked<>(List.of(new Stacked.Block<>(DIAGONAL, 2))).lowerBound())
                .isEmpty();
    }

    @Test
    void leastSquaresSquaresThem() {
        LeastSquares<Rows> f = new LeastSquares<>(TALL, Rows::values);
        assertThat(f.lipschitz().orElseThrow()).isCloseTo(16, within(ROUNDING));
        assertThat(f.strongConvexity().orElseThrow()).isCloseTo(9, within(ROUNDING));
        assertThat(new LeastSquares<>(DIAGONAL, Rows::values).lipschitz()).isEmpty();
        assertThat(new LeastSquares<>(WIDE, Rows::values).strongConvexity()).isEmpty();
        try (TensorScope scope = TensorScope.open()) {
            Tensor x = Tensors.zeros(ScalarType.Double, 1, 2);
            Rows short1 = new Rows(Tensors.zeros(ScalarType.Double, 1, 2));
            assertThatThrownBy(() -> f.at(x, short1)).hasMessage("LeastSquares: data: expected [1, 3], got [1, 2]");
        }
    }

    @Test
    void sumsKnowWhatTheirTermsKnow() {
        Gradient<Rows> half = new Quadratic<>(Rows::values, 0.5);
        Gradient<Rows> linear = new Quadratic<>(Rows::values, 0);
        Gradient<Rows> learned = (x, c) -> x.tanh();
        assertThat(new GradientSum<>(List.of(half, half, linear)).lipschitz()).hasValue(1);
        assertThat(new GradientSum<>(List.of(half, half, linear)).strongConvexity())
                .hasValue(1);
        assertThat(new GradientSum<>(List.of(linear, linear)).strongConvexity()).isEmpty();
        assertThat(new GradientSum<>(List.of(half, learned)).lipschitz()).isEmpty();
        assertThat(new GradientSum<>(List.of(half, learned)).strongConvexity()).isEmpty();
        assertThatThrownBy(() -> new GradientSum<Rows>(List.of())).hasMessageContaining("at least one term");
    }

    @Test
    void normIsEstimatedASampleEach() {
        try (TensorScope scope = TensorScope.open()) {
            Rows c = new Rows(Tensors.of(new double[] {3, 1, 0, 0, -5, 2, Double.NaN, 1}, 4, 2));
            NormEstimate estimate = new PowerIteration(200, 1e-14).estimate(DIAGONAL, c.values(), c, Cases.random(0));
            assertThat(estimate.atLeast()[0]).isCloseTo(3, within(ROUNDING));
            assertThat(estimate.atLeast()[1]).isZero();
            assertThat(estimate.atLeast()[2]).isCloseTo(5, within(ROUNDING));
            assertThat(estimate.atLeast()[3]).isNaN();
            // The NaN and the zero sample kept none of the others from an early end.
            assertThat(estimate.steps()).isLessThan(50);
            assertThat(estimate.change()[0]).isLessThanOrEqualTo(1e-14);

            Rows nobody = new Rows(Tensors.zeros(ScalarType.Double, 0, 2));
            NormEstimate none = new PowerIteration(5, 0).estimate(DIAGONAL, nobody.values(), nobody, Cases.random(0));
            assertThat(none.atLeast()).isEmpty();
        }
    }

    /** Sizes whose squares leave float32's range. */
    @Test
    void estimateNeitherOverflowsNorVanishes() {
        try (TensorScope scope = TensorScope.open()) {
            for (double size : new double[] {1e-25, 1, 1e25}) {
                Tensor values = Tensors.of(new double[] {size, size / 2}, 1, 2).to(ScalarType.Float);
                NormEstimate estimate =
                        new PowerIteration(100, 1e-7).estimate(DIAGONAL, values, new Rows(values), Cases.random(0));
                assertThat(estimate.atLeast()[0]).isCloseTo(size, within(SINGLE * size));
            }
        }
    }

    /** One step is a lower bound and no more; the bound never falls. */
    @Test
    void estimateGrows() {
        try (TensorScope scope = TensorScope.open()) {
            double[] w = new double[100];
            for (int j = 0; j < w.length; j++) {
                w[j] = 1.0 - j / 100.0;
            }
            Tensor values = Tensors.of(w, 1, w.length);
            double last = 0;
            for (int steps = 1; steps < 200; steps *= 2) {
                PowerIteration power = new PowerIteration(steps, 0);
                double bound = power.estimate(DIAGONAL, values, new Rows(values), Cases.random(3))
                        .atLeast()[0];
                assertThat(bound).isBetween(last * (1 - ROUNDING), 1 + ROUNDING);
                assertThat(steps > 1 || bound < 0.9).as("one step is far off").isTrue();
                last = bound;
            }
            // ln 100/128 of the square.
            assertThat(last).isGreaterThan(1 - 0.5 * Math.log(100) / 128);
        }
    }

    @Test
    void estimateIsOffTheTapeAndRepeatable() {
        try (TensorScope scope = TensorScope.open()) {
            Tensor w = Tensors.of(new double[] {1, 2, 3}, 1, 3).requires_grad_(true);
            PowerIteration power = new PowerIteration(3, 0);
            double once =
                    power.estimate(DIAGONAL, w, new Rows(w), Cases.random(1)).atLeast()[0];
            assertThat(power.estimate(DIAGONAL, w, new Rows(w), Cases.random(1)).atLeast()[0])
                    .isEqualTo(once);
            assertThat(power.estimate(DIAGONAL, w, new Rows(w), Cases.random(2)).atLeast()[0])
                    .isNotEqualTo(once);
            assertThat(w.mul(new Scalar(2.0)).requires_grad())
                    .as("the tape is on again")
                    .isTrue();
        }
    }

    @Test
    void wrongUseIsRefused() {
        assertThatThrownBy(() -> Matrix.of(new double[0][]))
                .hasMessage("Matrix: need at least one row and one column, got 0 rows and 0 columns");
        assertThatThrownBy(() -> Matrix.of(new double[][] {{1, 2}, {3}}))
                .hasMessage("Matrix: need rows of length 2, got 1 in row 1");
        assertThatThrownBy(() -> Matrix.of(new double[][] {{1, Double.NaN}}))
                .hasMessage("Matrix: need finite numbers, got NaN in row 0, column 1");
        assertThatThrownBy(() -> new Scaled<>(TALL, Double.NaN)).hasMessage("Scaled: need finite factor, got NaN");
        assertThatThrownBy(() -> new Stacked<Rows>(List.of())).hasMessageContaining("at least one block");
        assertThatThrownBy(() -> new Stacked.Block<>(TALL, -1)).hasMessage("Stacked: need rows >= 0, got -1");
        assertThatThrownBy(() -> new PowerIteration(0, 0)).hasMessage("PowerIteration: need maxSteps >= 1, got 0");
        assertThatThrownBy(() -> new PowerIteration(1, -1)).hasMessageContaining("relTol >= 0, got -1.0");
        try (TensorScope scope = TensorScope.open()) {
            Rows c = new Rows(Tensors.zeros(ScalarType.Double, 1, 2));
            Stacked<Rows> wrong = new Stacked<>(List.of(new Stacked.Block<>(TALL, 2)));
            assertThatThrownBy(() -> wrong.apply(c.values(), c))
                    .hasMessage("Stacked: block: expected [1, 2], got [1, 3]");
            assertThatThrownBy(() -> wrong.adjoint(Tensors.zeros(ScalarType.Double, 1, 3), c))
                    .hasMessage("Stacked: y: expected [any, 2], got [1, 3]");
            assertThatThrownBy(() -> TALL.apply(Tensors.zeros(ScalarType.Double, 1, 3), c))
                    .hasMessage("Matrix: x: expected [any, 2], got [1, 3]");
            assertThatThrownBy(() -> TALL.adjoint(c.values(), c))
                    .hasMessage("Matrix: y: expected [any, 3], got [1, 2]");
            assertThatThrownBy(() -> TALL.apply(Tensors.of(1L, 2L).reshape(1, 2), c))
                    .hasMessageContaining("need float32 or float64, got Long");
        }
    }
}
