package dev.stillpoint.law;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.stillpoint.tensor.Autograd;
import dev.stillpoint.tensor.Tensors;
import java.util.function.UnaryOperator;
import java.util.random.RandomGenerator;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;

/** Gradients from the tape against central differences. */
public final class Pullbacks {
    private Pullbacks() {}

    /** ⟨v, df·d⟩ a row, for random v and d, with differences along h·d. {@code f} keeps rows apart; {@code x} off kinks. */
    public static void check(UnaryOperator<Tensor> f, Tensor x, double h, double tolerance, RandomGenerator random) {
        Tensor d = normal(x, random);
        Tensor leaf = x.detach().clone().requires_grad_(true);
        Tensor taped = f.apply(leaf);
        Tensor v = normal(taped, random);
        double[] slope = taped.requires_grad()
                ? Tensors.doubles(Autograd.vjp(taped, leaf, v).mul(d).sum(1))
                : new double[(int) x.size(0)];
        Tensor up = f.apply(x.add(d, new Scalar(h)));
        Tensor down = f.apply(x.sub(d, new Scalar(h)));
        double[] difference = Tensors.doubles(up.sub(down).mul(v).sum(1));
        for (int i = 0; i < slope.length; i++) {
            assertThat(slope[i]).as("pullback").isCloseTo(difference[i] / (2 * h), within(tolerance));
        }
    }

    private static Tensor normal(Tensor like, RandomGenerator random) {
        return Tensors.of(Cases.normal(random, (int) like.numel(), 1), like.shape());
    }
}
