package dev.stillpoint.tensor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.stillpoint.law.Cases;
import dev.stillpoint.law.Distances;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.UnaryOperator;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;
import org.bytedeco.pytorch.global.torch.ScalarType;
import org.junit.jupiter.api.Test;

class AutogradTest {
    /** Central differences with h = 1e-6: h² of curvature, and rounding 1e-16/h. */
    private static final double DIFFERENCE = 1e-8;

    private static final int BATCH = 3;
    private static final int N = 7;

    @Test
    void vjpEqualsFiniteDifferences() {
        Cases.forSeeds(5, random -> {
            try (TensorScope scope = TensorScope.open()) {
                Tensor x = leaf(Cases.normal(random, BATCH * N, 1));
                Tensor v = Tensors.of(Cases.normal(random, BATCH * N, 1), BATCH, N);
                Tensor mixing = Tensors.of(Cases.normal(random, N * N, 1), N, N);
                UnaryOperator<Tensor> f = u -> u.matmul(mixing).tanh();
                Tensor y = f.apply(x);
                double[] expected = differences(f, x, v);
                assertThat(Distances.relative(Tensors.doubles(Autograd.vjp(y, x, v)), expected))
                        .isLessThan(DIFFERENCE);
                assertThat(Distances.relative(Tensors.doubles(Autograd.vjp(y, x, v)), expected))
                        .as("asked again")
                        .isLessThan(DIFFERENCE);
                assertThat(x.grad().defined()).as("leaves untouched").isFalse();
                // Saboteur: a gradient that forgets the transpose.
                Tensor wrong = v.mul(y.mul(y).neg().add(new Scalar(1.0))).matmul(mixing);
                assertThat(Distances.relative(Tensors.doubles(wrong), expected)).isGreaterThan(1e3 * DIFFERENCE);
            }
        });
    }

    @Test
    void vjpOfUnusedInputIsZero() {
        try (TensorScope scope = TensorScope.open()) {
            Tensor x = leaf(Cases.normal(Cases.random(1), BATCH * N, 1));
            Tensor other = leaf(Cases.normal(Cases.random(2), BATCH * N, 1));
            Tensor gradient = Autograd.vjp(other.sin(), x, torch.ones_like(other));
            assertThat(gradient.shape()).containsExactly(BATCH, N);
            assertThat(Distances.norm(Tensors.doubles(gradient))).isZero();
        }
    }

    /** An adjoint solve asks for as many products as it has steps: none of them may stay until the tape's scope closes. */
    @Test
    void whatAPullbackMadeIsFreedWithTheProductThatAskedForIt() {
        List<Tensor> made = new ArrayList<>();
        UnaryOperator<Tensor> twice = g -> {
            Tensor pulled = g.mul(new Scalar(2));
            made.add(pulled);
            return pulled;
        };
        List<UnaryOperator<Tensor>> hooked = List.of(
                x -> Autograd.replaceGradient(x.clone(), twice),
                x -> Autograd.symmetric(x, x.detach().mul(new Scalar(2)), twice),
                x -> Autograd.linear(x, u -> u.mul(new Scalar(2)), twice));
        for (UnaryOperator<Tensor> f : hooked) {
            try (TensorScope scope = TensorScope.open()) {
                Tensor x = leaf(Cases.normal(Cases.random(1), BATCH * N, 1));
                Tensor y = f.apply(x);
                for (int i = 0; i < 2; i++) {
                    Tensor gradient = Autograd.vjp(y, x, torch.ones_like(y));
                    assertThat(Tensors.doubles(gradient)).containsOnly(2);
                    assertThat(made).singleElement().satisfies(pulled -> assertThat(pulled.isNull())
                            .isTrue());
                    made.clear();
                }
            }
        }
    }

    /** Several inputs in one pass, whatever of them y depends on, as one by one. */
    @Test
    void vjpOfSeveralInputsIsThatOfEach() {
        try (TensorScope scope = TensorScope.open()) {
            Tensor a = leaf(Cases.normal(Cases.random(1), BATCH * N, 1));
            Tensor unused = leaf(Cases.normal(Cases.random(2), BATCH * N, 1));
            Tensor frozen = leaf(Cases.normal(Cases.random(3), BATCH * N, 1)).detach();
            Tensor b = leaf(Cases.normal(Cases.random(4), BATCH * N, 1));
            Tensor y = a.mul(b).mul(frozen).sin();
            Tensor v = Tensors.of(Cases.normal(Cases.random(5), BATCH * N, 1), BATCH, N);
            List<Tensor> all = Autograd.vjp(y, List.of(a, unused, frozen, b), v);
            assertThat(all).hasSize(4);
            assertThat(Tensors.doubles(all.get(0))).containsExactly(Tensors.doubles(Autograd.vjp(y, a, v)));
            assertThat(Tensors.doubles(all.get(3))).containsExactly(Tensors.doubles(Autograd.vjp(y, b, v)));
            assertThat(Distances.norm(Tensors.doubles(all.get(3)))).isPositive();
            assertThat(all.get(1).shape()).containsExactly(BATCH, N);
            assertThat(Distances.norm(Tensors.doubles(all.get(1)))).isZero();
            assertThat(Distances.norm(Tensors.doubles(all.get(2)))).isZero();
            assertThat(Autograd.vjp(y, List.of(), v)).isEmpty();
            assertThat(Distances.norm(Tensors.doubles(
                            Autograd.vjp(frozen.sin(), List.of(a), v).get(0))))
                    .as("nothing taped")
                    .isZero();
            assertThat(a.grad().defined()).isFalse();
        }
    }

    @Test
    void nothingIsReplacedOffTheTape() {
        try (TensorScope scope = TensorScope.open()) {
            Tensor y = Tensors.of(Cases.normal(Cases.random(1), N, 1), N);
            assertThat(Autograd.replaceGradient(y, g -> {
                        throw new AssertionError("never asked for");
                    }))
                    .isSameAs(y);
        }
    }

    @Test
    void vjpBelongsToTheOpenScope() {
        Tensor gradient;
        try (TensorScope outer = TensorScope.open()) {
            Tensor x = leaf(Cases.normal(Cases.random(1), BATCH * N, 1));
            gradient = Autograd.vjp(x.sin(), x, torch.ones_like(x));
            assertThat(gradient.isNull()).isFalse();
        }
        assertThat(gradient.isNull()).isTrue();
    }

    @Test
    void replacedGradientFlowsOnAndValueStays() {
        try (TensorScope scope = TensorScope.open()) {
            double[] values = Cases.normal(Cases.random(3), BATCH * N, 1);
            Tensor x = leaf(values);
            Tensor y = x.mul(new Scalar(2.0));
            double[] value = Tensors.doubles(y);
            AtomicInteger calls = new AtomicInteger();
            Tensor hooked = Autograd.replaceGradient(y, g -> {
                calls.incrementAndGet();
                assertThat(Tensors.doubles(g)).as("incoming").containsOnly(5);
                assertThat(x.mul(g).requires_grad()).as("off the tape").isFalse();
                return g.mul(new Scalar(10.0));
            });
            assertThat(hooked).isSameAs(y);
            assertThat(Tensors.doubles(hooked)).isEqualTo(value);
            assertThat(calls).hasValue(0);
            hooked.mul(new Scalar(5.0)).sum().backward();
            assertThat(calls).hasValue(1);
            assertThat(Tensors.doubles(x.grad())).containsOnly(100);
        }
    }

    @Test
    void pullbackMayAskForVectorJacobianProducts() {
        try (TensorScope scope = TensorScope.open()) {
            Tensor x = leaf(Cases.normal(Cases.random(4), BATCH * N, 1));
            Tensor z = leaf(Cases.normal(Cases.random(5), BATCH * N, 1));
            Tensor y = z.mul(x);
            Autograd.replaceGradient(y.clone(), g -> Autograd.vjp(y, z, g))
                    .sum()
                    .backward();
            // Incoming 1, replaced by x, times the derivative z of y by x.
            double[] expected = Tensors.doubles(x.detach().mul(z.detach()));
            assertThat(Distances.between(Tensors.doubles(x.grad()), expected)).isZero();
        }
    }

    @Test
    void hookSurvivesGarbageCollection() {
        try (TensorScope scope = TensorScope.open()) {
            Tensor x = leaf(Cases.normal(Cases.random(6), BATCH * N, 1));
            Tensor sum = x.mul(new Scalar(0.0)).sum();
            for (int i = 0; i < 50; i++) {
                double share = i;
                Tensor hooked = Autograd.replaceGradient(x.mul(new Scalar(1.0)), g -> g.mul(new Scalar(share)));
                sum = sum.add(hooked.sum());
            }
            for (int i = 0; i < 5; i++) {
                System.gc();
            }
            sum.backward();
            // 0 + 1 + ... + 49.
            assertThat(Tensors.doubles(x.grad())).containsOnly(1225);
        }
    }

    @Test
    void exceptionOfThePullbackComesOutOfBackward() {
        try (TensorScope scope = TensorScope.open()) {
            Tensor x = leaf(Cases.normal(Cases.random(7), BATCH * N, 1));
            Tensor y = Autograd.replaceGradient(x.sin(), g -> {
                throw new IllegalStateException("planted in the pullback");
            });
            assertThatThrownBy(() -> y.sum().backward())
                    .isInstanceOf(RuntimeException.class)
                    .hasMessageContaining("planted in the pullback");
            assertThat(TensorScope.current())
                    .as("the callback's scope is closed")
                    .isSameAs(scope);
            // The engine is in order afterwards.
            Tensor again = leaf(new double[BATCH * N]);
            again.cos().sum().backward();
            assertThat(Tensors.doubles(again.grad())[0]).isCloseTo(0, within(DIFFERENCE));
        }
    }

    @Test
    void replaceGradientNeedsAnOpenScope() {
        Tensor x = Tensors.zeros(ScalarType.Double, 2).requires_grad_(true);
        assertThatThrownBy(() -> Autograd.replaceGradient(x.sin(), g -> g))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("need an open scope");
    }

    private static Tensor leaf(double[] values) {
        return Tensors.of(values, BATCH, N).requires_grad_(true);
    }

    private static double[] differences(UnaryOperator<Tensor> f, Tensor x, Tensor v) {
        double h = 1e-6;
        double[] at = Tensors.doubles(x);
        double[] gradient = new double[at.length];
        for (int i = 0; i < at.length; i++) {
            double[] up = at.clone();
            double[] down = at.clone();
            up[i] += h;
            down[i] -= h;
            Tensor change = f.apply(Tensors.of(up, BATCH, N)).sub(f.apply(Tensors.of(down, BATCH, N)));
            gradient[i] = change.mul(v).sum().item_double() / (2 * h);
        }
        return gradient;
    }
}
