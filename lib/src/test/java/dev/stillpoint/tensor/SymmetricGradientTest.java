package dev.stillpoint.tensor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.stillpoint.law.Cases;
import dev.stillpoint.law.Distances;
import dev.stillpoint.law.MemoryLaws;
import java.util.function.UnaryOperator;
import java.util.random.RandomGenerator;
import org.bytedeco.pytorch.BoolOptional;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorVector;
import org.bytedeco.pytorch.global.torch;
import org.junit.jupiter.api.Test;

/** {@link Autograd#symmetric}. */
class SymmetricGradientTest {
    /** Central differences with h = 1e-6: h² of curvature, and rounding 1e-16/h. */
    private static final double DIFFERENCE = 1e-8;

    private static final int BATCH = 3;
    private static final int N = 7;

    /** First derivatives, second ones by Pushforward and by hand, against differences. */
    @Test
    void symmetricIsDifferentiableAgainAndAgain() {
        Cases.forSeeds(5, random -> {
            try (TensorScope scope = TensorScope.open()) {
                Tensor root = Tensors.of(Cases.normal(random, N * N, 1), N, N);
                Tensor m = root.add(root.t());
                assertThat(symmetricFault(m, random)).isLessThan(DIFFERENCE);
                // Saboteur: a product that is not symmetric, which the gradient takes for its transpose.
                assertThat(symmetricFault(root, random)).isGreaterThan(1e3 * DIFFERENCE);
            }
        });
    }

    /** The largest relative error of a gradient, a pushforward and a Hessian-vector product through x ↦ sin(x)M. */
    private static double symmetricFault(Tensor m, RandomGenerator random) {
        UnaryOperator<Tensor> f = u -> {
            Tensor s = u.sin();
            Tensor value = s.detach().matmul(m);
            return Autograd.symmetric(s, value, g -> {
                assertThat(g.requires_grad()).as("off the tape").isFalse();
                return g.matmul(m);
            });
        };
        Tensor x = leaf(Cases.normal(random, BATCH * N, 1));
        Tensor v = Tensors.of(Cases.normal(random, BATCH * N, 1), BATCH, N);
        Tensor y = f.apply(x);
        assertThat(Tensors.doubles(y.detach()))
                .isEqualTo(Tensors.doubles(x.detach().sin().matmul(m)));
        double worst = Distances.relative(Tensors.doubles(Autograd.vjp(y, x, v)), differences(f, x, v));
        Scalar h = new Scalar(1e-6);
        Tensor forward = f.apply(x.detach().add(v, h)).sub(f.apply(x.detach().sub(v, h)));
        try (Pushforward pushforward = new Pushforward(y, x)) {
            Tensor along = pushforward.apply(v);
            worst = Math.max(
                    worst, Distances.relative(Tensors.doubles(along), Tensors.doubles(forward.div(new Scalar(2e-6)))));
        }
        // The gradient of ½‖f‖² is itself taped, and its derivative goes through M twice.
        UnaryOperator<Tensor> gradient = u -> {
            Tensor at = u.detach().requires_grad_(true);
            Tensor out = f.apply(at);
            return Autograd.vjp(out, at, out.detach());
        };
        Tensor out = f.apply(x);
        TensorVector taped = torch.grad(
                new TensorVector(out.mul(out).sum().mul(new Scalar(0.5))),
                new TensorVector(x),
                new TensorVector(),
                new BoolOptional(true),
                true,
                false);
        Tensor hessian = Autograd.vjp(taped.get(0), x, v);
        return Math.max(worst, Distances.relative(Tensors.doubles(hessian), differences(gradient, x.detach(), v)));
    }

    @Test
    void symmetricStaysOffTheTapeWhereItsInputIs() {
        Tensor x = Tensors.of(new double[] {1, 2}, 1, 2);
        Tensor value = Tensors.of(new double[] {3, 4}, 1, 2);
        assertThat(Autograd.symmetric(x, value, g -> {
                    throw new AssertionError("never asked for");
                }))
                .isSameAs(value);
        Tensor taped = Tensors.of(new double[] {1, 2}, 1, 2).requires_grad_(true);
        assertThatThrownBy(() -> Autograd.symmetric(taped, value, g -> g))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("need an open scope");
    }

    /** What was taped inside a scope that has closed can be differentiated outside it, and leaves nothing behind. */
    @Test
    void symmetricOutlivesTheScopeItWasTapedIn() {
        Runnable run = () -> {
            try (TensorScope outer = TensorScope.open()) {
                Tensor x = leaf(Cases.normal(Cases.random(1), BATCH * N, 1));
                Tensor y;
                try (TensorScope inner = TensorScope.open()) {
                    y = x;
                    for (int i = 0; i < 3; i++) {
                        Tensor at = y;
                        y = Autograd.symmetric(at, at.detach().mul(new Scalar(2.0)), g -> g.mul(new Scalar(2.0)));
                    }
                    inner.keep(y);
                }
                y.sum().backward();
                assertThat(Tensors.doubles(x.grad())).containsOnly(8);
                try (Pushforward forward = new Pushforward(y, x)) {
                    assertThat(Tensors.doubles(forward.apply(torch.ones_like(x).detach())))
                            .containsOnly(8);
                }
            }
        };
        run.run();
        MemoryLaws.checkNothingIsLeft(run);
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
