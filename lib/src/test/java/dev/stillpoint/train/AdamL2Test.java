package dev.stillpoint.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.stillpoint.law.Cases;
import dev.stillpoint.law.Distances;
import dev.stillpoint.tensor.TensorScope;
import dev.stillpoint.tensor.Tensors;
import java.util.Map;
import org.bytedeco.pytorch.AdamOptions;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorVector;
import org.junit.jupiter.api.Test;

/** L2 decay against libtorch's own optimiser, whose weight decay it is. */
class AdamL2Test {
    /** Some ten steps of float64 arithmetic on numbers of size one. */
    private static final double ROUNDING = 1e-12;

    private static final double DECAY = 0.3;
    private static final int STEPS = 10;

    @Test
    void equalsLibtorchsWeightDecay() {
        double[] start = Cases.normal(Cases.random(5), 4, 1);
        Adam.Options options = Adam.Options.of(0.02).withL2(DECAY);
        Tensor theirs = leaf(start);
        AdamOptions theirOptions = new AdamOptions(options.learningRate());
        theirOptions.eps().put(options.epsilon());
        theirOptions.weight_decay().put(DECAY);
        org.bytedeco.pytorch.Adam optimizer = new org.bytedeco.pytorch.Adam(new TensorVector(theirs), theirOptions);
        for (int i = 0; i < STEPS; i++) {
            optimizer.zero_grad();
            backward(theirs, i);
            optimizer.step();
        }
        double[] expected = Tensors.doubles(theirs);
        assertThat(ours(start, options)).containsExactly(expected, within(ROUNDING));
        // Saboteur: decoupled decay is another method.
        assertThat(Distances.between(ours(start, options.withWeightDecay(DECAY)), expected))
                .isGreaterThan(1e-3);
    }

    private static double[] ours(double[] start, Adam.Options options) {
        Tensor p = leaf(start);
        Adam adam = new Adam(Map.of("p", p), options);
        for (int i = 0; i < STEPS; i++) {
            adam.zeroGrad();
            backward(p, i);
            adam.step();
        }
        return Tensors.doubles(p);
    }

    private static Tensor leaf(double[] start) {
        return TensorScope.persist(Tensors.of(start, start.length).clone().requires_grad_(true));
    }

    private static void backward(Tensor p, int step) {
        try (TensorScope scope = TensorScope.open()) {
            p.mul(Tensors.of(Cases.normal(Cases.random(step), 4, 1), 4)).sum().backward();
        }
    }
}
