package dev.stillpoint.tensor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.stillpoint.law.Cases;
import dev.stillpoint.law.Pullbacks;
import java.util.function.UnaryOperator;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorOptional;
import org.bytedeco.pytorch.global.torch;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SpectralBoundTest {
    /** r^(1/128) at rank 60. */
    private static final double SLACK = 1.033;
    /** Rounding of some thousand operations. */
    private static final double ROUNDING = 1e-10;
    /** The grid of frequencies on both axes. */
    private static final double MISSED = 1 / Math.pow(Math.cos(Math.PI / 16), 2);

    @ParameterizedTest
    @CsvSource({"1,1", "3,7", "60,60", "90,40", "1,20"})
    void boundsMatricesFromAbove(int m, int n) {
        Cases.forSeeds(3, random -> {
            try (TensorScope scope = TensorScope.open()) {
                Tensor w = Tensors.of(Cases.normal(random, m * n, 3), m, n);
                assertBound(SpectralBound.matrix(w), Tensors.doubles(torch.linalg_svdvals(w))[0], SLACK);
                // All singular values alike are the worst case.
                Tensor q = torch.linalg_qr(w).get0();
                assertBound(SpectralBound.matrix(q), 1, SLACK);
            }
        });
    }

    /** Zero padding takes a little from the norm, less the larger the image. */
    @ParameterizedTest
    @CsvSource({"1,1,3,14,1.2", "1,4,3,12,1.2", "3,2,3,10,1.3", "2,2,5,9,1.6", "4,4,1,4,1.05", "1,1,5,15,1.3"})
    void boundsConvolutionsFromAbove(int in, int out, int size, int pixels, double excess) {
        Cases.forSeeds(3, random -> {
            try (TensorScope scope = TensorScope.open()) {
                Tensor w = Tensors.of(Cases.normal(random, out * in * size * size, 1), out, in, size, size);
                assertBound(SpectralBound.convolution(w), largest(w, pixels), excess);
            }
        });
    }

    @Test
    void boundsThePeakBetweenFrequencies() {
        // cos(ω − φ) an axis, whose peak at φ lies between two points of the grid.
        for (double phase : new double[] {0, Math.PI / 16, 0.1, 1}) {
            try (TensorScope scope = TensorScope.open()) {
                double c = Math.cos(phase);
                double s = Math.sin(phase);
                // Real kernels peak at ±φ: W(ω) = a + 2b·cos ω with the quadrature part 2d·sin ω.
                double[] taps = {0, 0, 0, c / 2 - s / 2, 0, c / 2 + s / 2, 0, 0, 0};
                double peak = 0;
                for (int i = 0; i < 10_000; i++) {
                    double w = Math.PI * i / 10_000;
                    peak = Math.max(peak, Math.hypot(c * Math.cos(w), s * Math.sin(w)));
                }
                assertBound(SpectralBound.convolution(Tensors.of(taps, 1, 1, 3, 3)), peak, MISSED + ROUNDING);
            }
        }
    }

    @Test
    void knowsEasyNorms() {
        try (TensorScope scope = TensorScope.open()) {
            double[] identity = {0, 0, 0, 0, -2, 0, 0, 0, 0};
            assertThat(SpectralBound.convolution(Tensors.of(identity, 1, 1, 3, 3))
                            .item_double())
                    .isCloseTo(2 * MISSED, within(ROUNDING));
            assertThat(SpectralBound.matrix(Tensors.of(new double[6], 2, 3)).item_double())
                    .isBetween(0.0, 1e-15);
            // Scale is no matter, in float32 neither.
            Tensor w = Tensors.of(Cases.normal(Cases.random(0), 50, 1e8), 2, 1, 5, 5);
            double exact = SpectralBound.convolution(w).item_double();
            Tensor single = SpectralBound.convolution(w.to(torch.ScalarType.Float));
            assertThat(single.item_double()).isCloseTo(exact, within(1e-5 * exact));
        }
    }

    /** With the gradient of the norm through the bound, weights can be trained. */
    @Test
    void gradientIsThatOfDifferences() {
        Cases.forSeeds(3, random -> {
            try (TensorScope scope = TensorScope.open()) {
                differentiable(w -> SpectralBound.matrix(w.reshape(5, 7)), 35, random);
                differentiable(w -> SpectralBound.convolution(w.reshape(3, 2, 3, 3)), 54, random);
            }
        });
    }

    private static void differentiable(
            UnaryOperator<Tensor> bound, int count, java.util.random.RandomGenerator random) {
        Tensor w = Tensors.of(Cases.normal(random, count, 1), 1, count);
        Pullbacks.check(leaf -> bound.apply(leaf).reshape(1, 1), w, 1e-6, 1e-7, random);
    }

    @Test
    void saboteursAreCaught() {
        try (TensorScope scope = TensorScope.open()) {
            Tensor w = Tensors.of(Cases.normal(Cases.random(0), 9, 1), 1, 1, 3, 3);
            Tensor bound = SpectralBound.convolution(w);
            double norm = largest(w, 14);
            // The Frobenius norm of the kernel's matrix [out, in·k·k], which some use, is none.
            Tensor reshaped = SpectralBound.matrix(w.reshape(1, 9));
            assertThatThrownBy(() -> assertBound(reshaped, norm, 10)).isInstanceOf(AssertionError.class);
            assertThatThrownBy(() -> assertBound(bound.mul(bound), norm * 4, 1.2))
                    .isInstanceOf(AssertionError.class);
            assertThatThrownBy(() -> SpectralBound.convolution(Tensors.of(new double[4], 1, 1, 2, 2)))
                    .hasMessage("SpectralBound: need a square kernel of odd size, got 2 x 2");
        }
    }

    private static void assertBound(Tensor bound, double norm, double excess) {
        assertThat(bound.item_double()).isBetween(norm * (1 - ROUNDING), norm * excess);
    }

    /** σ_max of the zero-padded convolution, column by column. */
    private static double largest(Tensor w, int pixels) {
        long in = w.size(1);
        Tensor units = torch.eye(in * pixels * pixels).to(w.scalar_type()).reshape(-1, in, pixels, pixels);
        long r = w.size(2) / 2;
        Tensor columns = torch.conv2d(
                        units, w, new TensorOptional(), new long[] {1, 1}, new long[] {r, r}, new long[] {1, 1}, 1)
                .flatten(1, -1);
        return Tensors.doubles(torch.linalg_svdvals(columns))[0];
    }
}
