package dev.stillpoint.tensor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.stillpoint.law.Cases;
import dev.stillpoint.law.MemoryLaws;
import dev.stillpoint.law.Pullbacks;
import java.util.function.UnaryOperator;
import java.util.random.RandomGenerator;
import org.bytedeco.pytorch.Tensor;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ConvolutionsTest {
    /** Sums of at most a hundred products of numbers near one, in float64. */
    private static final double ROUNDING = 1e-12;
    /** Both are linear in each argument: central differences are exact but for rounding 1e-14 over their step. */
    private static final double DIFFERENCE = 1e-8;

    private static final double H = 1e-3;
    private static final int BATCH = 2;

    /** Sides that 4 divides, of one or several channels, and sides that it does not. */
    @ParameterizedTest
    @CsvSource({"1,3,3,8,12", "1,2,7,8,4", "1,3,1,4,4", "1,3,3,6,8", "1,2,5,7,9", "3,2,3,8,4", "2,3,5,5,6"})
    void areTheSumsOfTheirDefinition(int in, int out, int k, int height, int width) {
        Cases.forSeeds(3, random -> {
            try (TensorScope scope = TensorScope.open()) {
                Tensor w = normal(random, out, in, k, k);
                Tensor x = normal(random, BATCH, in, height, width);
                Tensor y = normal(random, BATCH, out, height, width);
                double[] wx = new double[BATCH * out * height * width];
                double[] wy = new double[BATCH * in * height * width];
                slow(Tensors.doubles(w), Tensors.doubles(x), Tensors.doubles(y), wx, wy, in, out, k, height, width);
                assertThat(Tensors.doubles(Convolutions.apply(x, w))).containsExactly(wx, within(ROUNDING));
                assertThat(Tensors.doubles(Convolutions.adjoint(y, w))).containsExactly(wy, within(ROUNDING));

                Tensor tapedW = w.detach().clone().requires_grad_(true);
                Tensor tapedX = x.detach().clone().requires_grad_(true);
                Tensor tapedY = y.detach().clone().requires_grad_(true);
                differentiates(u -> Convolutions.apply(u, w), x, random);
                differentiates(u -> Convolutions.apply(u, tapedW), x, random);
                differentiates(u -> Convolutions.apply(x, u), w, random);
                differentiates(u -> Convolutions.apply(tapedX, u), w, random);
                differentiates(u -> Convolutions.adjoint(u, w), y, random);
                differentiates(u -> Convolutions.adjoint(u, tapedW), y, random);
                differentiates(u -> Convolutions.adjoint(y, u), w, random);
                differentiates(u -> Convolutions.adjoint(tapedY, u), w, random);
                assertThat(Tensors.doubles(Convolutions.apply(tapedX, tapedW)))
                        .isEqualTo(Tensors.doubles(Convolutions.apply(x, w)));
                assertThat(Tensors.doubles(Convolutions.adjoint(tapedY, tapedW)))
                        .isEqualTo(Tensors.doubles(Convolutions.adjoint(y, w)));
            }
        });
    }

    private static void differentiates(UnaryOperator<Tensor> f, Tensor at, RandomGenerator random) {
        // All of it is one row: W's is shared by the images.
        Pullbacks.check(u -> f.apply(u.reshape(at.shape())).reshape(1, -1), at.reshape(1, -1), H, DIFFERENCE, random);
    }

    /** Gradients of gradients, as directions are made of: ⟨v, ∂y/∂x d⟩ by way of the tape of v. */
    @ParameterizedTest
    @CsvSource({"1,3,3,8,12", "1,2,5,7,9", "2,3,3,4,4"})
    void canBeDifferentiatedTwice(int in, int out, int k, int height, int width) {
        Cases.forSeeds(3, random -> {
            try (TensorScope scope = TensorScope.open()) {
                Tensor w = normal(random, out, in, k, k);
                Tensor x = normal(random, BATCH, in, height, width).requires_grad_(true);
                Tensor direction = normal(random, BATCH, in, height, width);
                Tensor v = normal(random, BATCH, out, height, width).requires_grad_(true);
                Tensor pulled = Autograd.tapedVjp(Convolutions.apply(x, w), x, v);
                Tensor along = Autograd.vjp(pulled, v, direction);
                assertThat(Tensors.doubles(along))
                        .containsExactly(Tensors.doubles(Convolutions.apply(direction, w)), within(ROUNDING));
                Tensor back = Autograd.tapedVjp(Convolutions.adjoint(v, w), v, x);
                Tensor alongBack = Autograd.vjp(back, x, v.detach());
                assertThat(Tensors.doubles(alongBack))
                        .containsExactly(Tensors.doubles(Convolutions.adjoint(v, w)), within(ROUNDING));
            }
        });
    }

    /** As a solve that is unrolled needs it: its steps' scopes close before the gradient is asked for. */
    @Test
    void outlivesTheScopeItWasTapedIn() {
        Runnable run = () -> {
            try (TensorScope outer = TensorScope.open()) {
                RandomGenerator random = Cases.random(1);
                Tensor w = normal(random, 3, 1, 3, 3);
                Tensor x = normal(random, BATCH, 1, 4, 8).requires_grad_(true);
                Tensor v = normal(random, BATCH, 3, 4, 8);
                Tensor y;
                try (TensorScope inner = TensorScope.open()) {
                    y = inner.keep(Convolutions.apply(x, w));
                }
                y.mul(v).sum().backward();
                assertThat(Tensors.doubles(x.grad()))
                        .containsExactly(Tensors.doubles(Convolutions.adjoint(v, w)), within(ROUNDING));
            }
        };
        run.run();
        MemoryLaws.checkNothingIsLeft(run);
    }

    private static Tensor normal(RandomGenerator random, int... shape) {
        long[] sizes = new long[shape.length];
        int count = 1;
        for (int i = 0; i < shape.length; i++) {
            sizes[i] = shape[i];
            count *= shape[i];
        }
        return Tensors.of(Cases.normal(random, count, 1), sizes);
    }

    private static void slow(
            double[] w,
            double[] x,
            double[] y,
            double[] wx,
            double[] wy,
            int in,
            int out,
            int k,
            int height,
            int width) {
        for (int b = 0; b < BATCH; b++) {
            for (int o = 0; o < out; o++) {
                for (int c = 0; c < in; c++) {
                    for (int i = 0; i < height; i++) {
                        for (int j = 0; j < width; j++) {
                            for (int u = 0; u < k; u++) {
                                for (int v = 0; v < k; v++) {
                                    int row = i + u - k / 2;
                                    int column = j + v - k / 2;
                                    if (row >= 0 && row < height && column >= 0 && column < width) {
                                        double weight = w[((o * in + c) * k + u) * k + v];
                                        int to = ((b * out + o) * height + i) * width + j;
                                        int from = ((b * in + c) * height + row) * width + column;
                                        wx[to] += weight * x[from];
                                        wy[from] += weight * y[to];
                                    }
                                }
                            }
                        }
                    }
                }
            }
        }
    }
}
