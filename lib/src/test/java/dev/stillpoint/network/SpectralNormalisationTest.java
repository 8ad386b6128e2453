package dev.stillpoint.network;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.stillpoint.law.Cases;
import dev.stillpoint.tensor.TensorScope;
import dev.stillpoint.tensor.Tensors;
import org.bytedeco.pytorch.NoGradGuard;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;
import org.bytedeco.pytorch.global.torch.ScalarType;
import org.junit.jupiter.api.Test;

/** Against the largest singular value of the convolution's own matrix. */
class SpectralNormalisationTest {
    /** What 200 steps of the power method leave of a random kernel's norm, whose two largest singular values lie near each other. */
    private static final double CLOSE = 1e-3;

    private static Conv2d convolution(int stride, int seed) {
        return new Conv2d(
                Conv2d.Options.of(2, 3, 3).withStride(stride).withPadding(1), ScalarType.Double, Cases.random(seed));
    }

    /** The matrix's largest singular value: a column is what the convolution makes of a unit image. */
    private static double norm(Conv2d convolution, int height, int width) {
        try (TensorScope scope = TensorScope.open();
                NoGradGuard offTape = new NoGradGuard()) {
            long n = 2L * height * width;
            Tensor units = torch.eye(n).to(ScalarType.Double).view(n, 2, height, width);
            Tensor matrix = convolution.linear(units).flatten(1, -1);
            return Tensors.doubles(torch.linalg_matrix_norm(matrix, new Scalar(2.0)))[0];
        }
    }

    @Test
    void aNormAboveTheBoundIsBroughtDownToIt() {
        for (int stride : new int[] {1, 2}) {
            Conv2d convolution = convolution(stride, 3);
            double before = norm(convolution, 6, 5);
            SpectralNormalisation bound = new SpectralNormalisation(convolution, before / 2, 6, 5, Cases.random(1));
            assertThat(bound.enforce(200)).isCloseTo(before, within(CLOSE * before));
            assertThat(norm(convolution, 6, 5)).isCloseTo(before / 2, within(CLOSE * before));
            // Saboteur: a bound on another image size is another norm.
            assertThat(norm(convolution, 2, 2)).isNotCloseTo(before / 2, within(CLOSE * before));
        }
    }

    @Test
    void aNormBelowTheBoundIsLeftAlone() {
        Conv2d convolution = convolution(1, 3);
        double[] before = Tensors.doubles(convolution.weight());
        new SpectralNormalisation(convolution, 100, 6, 5, Cases.random(1)).enforce(3);
        assertThat(Tensors.doubles(convolution.weight())).isEqualTo(before);
    }

    @Test
    void itGoesOnFromWhereItWas() {
        Conv2d once = convolution(1, 3);
        Conv2d inParts = convolution(1, 3);
        SpectralNormalisation first = new SpectralNormalisation(once, 100, 6, 5, Cases.random(1));
        SpectralNormalisation second = new SpectralNormalisation(inParts, 100, 6, 5, Cases.random(1));
        double whole = first.enforce(10);
        second.enforce(6);
        assertThat(second.enforce(4)).isEqualTo(whole);
        assertThat(second.state().keySet()).containsExactly("direction");
    }

    @Test
    void aZeroKernelHasNormZero() {
        Conv2d convolution = convolution(1, 3);
        try (NoGradGuard offTape = new NoGradGuard()) {
            convolution.weight().zero_();
        }
        assertThat(new SpectralNormalisation(convolution, 1, 6, 5, Cases.random(1)).enforce(3))
                .isZero();
    }

    @Test
    void errorsSayNeedAndGot() {
        Conv2d convolution = convolution(1, 3);
        assertThatThrownBy(() -> new SpectralNormalisation(convolution, 0, 6, 5, Cases.random(1)))
                .hasMessage("SpectralNormalisation: need finite bound > 0, got 0.0");
        assertThatThrownBy(() -> new SpectralNormalisation(convolution, 1, 6, 5, Cases.random(1)).enforce(0))
                .hasMessage("SpectralNormalisation: need steps >= 1, got 0");
        Conv2d replicating = new Conv2d(Conv2d.Options.same(1, 1, 3).withEdge(Padding.REPLICATE), Cases.random(1));
        assertThatThrownBy(() -> new SpectralNormalisation(replicating, 1, 6, 5, Cases.random(1)))
                .hasMessage("SpectralNormalisation: need a convolution with zero padding, got REPLICATE");
    }
}
