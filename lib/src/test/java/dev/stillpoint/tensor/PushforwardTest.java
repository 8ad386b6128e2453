package dev.stillpoint.tensor;

import static org.assertj.core.api.Assertions.assertThat;

import dev.stillpoint.law.Cases;
import dev.stillpoint.law.Distances;
import java.util.function.UnaryOperator;
import org.bytedeco.pytorch.NoGradGuard;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;
import org.junit.jupiter.api.Test;

class PushforwardTest {
    /** Central differences with h = 1e-6: h² of curvature, and rounding 1e-16/h. */
    private static final double DIFFERENCE = 1e-8;

    private static final int BATCH = 3;
    private static final int N = 7;

    @Test
    void equalsFiniteDifferencesAlsoOffTheTape() {
        Cases.forSeeds(5, random -> {
            try (TensorScope scope = TensorScope.open()) {
                Tensor x =
                        Tensors.of(Cases.normal(random, BATCH * N, 1), BATCH, N).requires_grad_(true);
                Tensor v = Tensors.of(Cases.normal(random, BATCH * N, 1), BATCH, N);
                Tensor mixing = Tensors.of(Cases.normal(random, N * N, 1), N, N);
                UnaryOperator<Tensor> f = u -> torch.addmm(u.tanh(), u.relu(), mixing);
                Tensor y = f.apply(x);
                Scalar h = new Scalar(1e-6);
                double[] expected = Tensors.doubles(
                        f.apply(x.add(v, h)).sub(f.apply(x.sub(v, h))).div(new Scalar(2e-6)));
                try (NoGradGuard offTape = new NoGradGuard();
                        Pushforward forward = new Pushforward(y, x)) {
                    for (int again = 0; again < 2; again++) {
                        assertThat(Distances.relative(Tensors.doubles(forward.apply(v)), expected))
                                .isLessThan(DIFFERENCE);
                    }
                    assertThat(forward.apply(v).requires_grad()).isFalse();
                }
                assertThat(x.grad().defined()).as("leaves untouched").isFalse();
                // Saboteur: the product with the transpose.
                assertThat(Distances.relative(Tensors.doubles(Autograd.vjp(y, x, v)), expected))
                        .isGreaterThan(1e3 * DIFFERENCE);
            }
        });
    }

    @Test
    void unusedInputGivesZero() {
        try (TensorScope scope = TensorScope.open()) {
            Tensor x = Tensors.of(Cases.normal(Cases.random(1), N, 1), 1, N).requires_grad_(true);
            Tensor other = Tensors.of(new double[] {1, 2}, 1, 2).requires_grad_(true);
            try (Pushforward forward = new Pushforward(other.sin(), x)) {
                assertThat(Tensors.doubles(forward.apply(x.detach()))).containsExactly(0, 0);
            }
        }
    }
}
