package dev.stillpoint.tensor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.stillpoint.law.Cases;
import dev.stillpoint.law.Distances;
import dev.stillpoint.law.MemoryLaws;
import java.util.function.UnaryOperator;
import java.util.random.RandomGenerator;
import org.bytedeco.pytorch.BoolOptional;
import org.bytedeco.pytorch.NoGradGuard;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorVector;
import org.bytedeco.pytorch.global.torch;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** {@link Autograd#linear}. */
class LinearGradientTest {
    /** Sums of some ten products in float64, in another order. */
    private static final double ROUNDING = 1e-13;

    private static final int BATCH = 3;

    /** Values, gradients, pushforwards and second derivatives are those that libtorch has for the same matrix product. */
    @ParameterizedTest
    @CsvSource({"7, 4", "4, 7", "5, 5", "1, 3"})
    void isWhatTheMatrixProductIs(int n, int m) {
        Cases.forSeeds(3, random -> {
            try (TensorScope scope = TensorScope.open()) {
                Tensor a = Tensors.of(Cases.normal(random, n * m, 1), n, m);
                Tensor b = Tensors.of(Cases.normal(random, n * m, 1), m, n);
                assertThat(fault(a, a.t(), random)).isLessThan(ROUNDING);
                // Saboteur: an adjoint of another matrix.
                assertThat(fault(a, b, random)).isGreaterThan(1e6 * ROUNDING);
            }
        });
    }

    private static double fault(Tensor a, Tensor adjoint, RandomGenerator random) {
        long n = a.size(0);
        UnaryOperator<Tensor> own = s -> Autograd.linear(s, x -> product(x, a), y -> product(y, adjoint));
        UnaryOperator<Tensor> known = s -> s.matmul(a);
        Tensor x =
                Tensors.of(Cases.normal(random, (int) (BATCH * n), 1), BATCH, n).requires_grad_(true);
        Tensor v = Tensors.of(Cases.normal(random, (int) (BATCH * a.size(1)), 1), BATCH, a.size(1));
        Tensor w = Tensors.of(Cases.normal(random, (int) (BATCH * n), 1), BATCH, n);
        double[][] results = new double[2][];
        for (int i = 0; i < 2; i++) {
            UnaryOperator<Tensor> f = i == 0 ? own : known;
            Tensor y = f.apply(x.sin());
            Tensor along;
            try (Pushforward pushforward = new Pushforward(y, x)) {
                along = pushforward.apply(w);
            }
            TensorVector taped = torch.grad(
                    new TensorVector(y.pow(new Scalar(3.0)).sum()),
                    new TensorVector(x),
                    new TensorVector(),
                    new BoolOptional(true),
                    true,
                    false);
            Tensor hessian = Autograd.vjp(taped.get(0), x, w);
            results[i] = Tensors.doubles(torch.cat(
                    new TensorVector(
                            y.detach().flatten(0, -1),
                            Autograd.vjp(y, x, v).flatten(0, -1),
                            along.flatten(0, -1),
                            hessian.flatten(0, -1)),
                    0));
        }
        return Distances.relative(results[0], results[1]);
    }

    private static Tensor product(Tensor x, Tensor a) {
        assertThat(x.requires_grad()).as("off the tape").isFalse();
        return x.matmul(a);
    }

    @Test
    void staysOffTheTapeWhereItsInputIs() {
        Tensor x = Tensors.of(new double[] {1, 2}, 1, 2);
        Tensor value = Tensors.of(new double[] {3, 4, 5}, 1, 3);
        UnaryOperator<Tensor> never = g -> {
            throw new AssertionError("never asked for");
        };
        assertThat(Autograd.linear(x, u -> value, never)).isSameAs(value);
        Tensor leaf = x.clone().requires_grad_(true);
        try (NoGradGuard offTape = new NoGradGuard()) {
            assertThat(Autograd.linear(leaf, u -> value, never)).isSameAs(value);
        }
        assertThatThrownBy(() -> Autograd.linear(leaf, u -> value, never))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("need an open scope");
    }

    /** What was taped inside a scope that has closed can be differentiated outside it, and leaves nothing behind. */
    @Test
    void outlivesTheScopeItWasTapedIn() {
        Runnable run = () -> {
            try (TensorScope outer = TensorScope.open()) {
                Tensor x = Tensors.of(new double[] {1, 2}, 1, 2).requires_grad_(true);
                Tensor y;
                try (TensorScope inner = TensorScope.open()) {
                    y = inner.keep(Autograd.linear(
                            x, u -> torch.constant_pad_nd(u, 0, 1).mul(new Scalar(3.0)), g -> g.narrow(1, 0, 2)
                                    .mul(new Scalar(3.0))));
                }
                y.sum().backward();
                assertThat(Tensors.doubles(x.grad())).containsOnly(3);
            }
        };
        run.run();
        MemoryLaws.checkNothingIsLeft(run);
    }
}
