package dev.stillpoint.network;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.stillpoint.law.Cases;
import dev.stillpoint.law.Distances;
import dev.stillpoint.tensor.TensorScope;
import dev.stillpoint.tensor.Tensors;
import java.util.random.RandomGenerator;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch.ScalarType;
import org.junit.jupiter.api.Test;

class NetworkTest {
    /** Rounding of a float64 product of 7 numbers of size 1. */
    private static final double ROUNDING = 1e-14;
    /** ±5 standard deviations of the moments of 40,000 uniform draws: by chance once in a million seeds, and the seed is fixed. */
    private static final double FIVE_SIGMA = 5 / Math.sqrt(40_000);

    @Test
    void linearIsTheProductByHand() {
        Cases.forSeeds(3, random -> {
            try (TensorScope scope = TensorScope.open()) {
                Linear layer = new Linear(7, 3, ScalarType.Double, random);
                double[] w = Tensors.doubles(value(layer, "weight"));
                double[] beta = Tensors.doubles(value(layer, "bias"));
                double[] x = Cases.normal(random, 5 * 7, 1);
                double[] expected = new double[5 * 3];
                for (int i = 0; i < 5; i++) {
                    for (int o = 0; o < 3; o++) {
                        expected[i * 3 + o] = beta[o];
                        for (int j = 0; j < 7; j++) {
                            expected[i * 3 + o] += x[i * 7 + j] * w[o * 7 + j];
                        }
                    }
                }
                Tensor y = layer.forward(Tensors.of(x, 5, 7));
                assertThat(y.shape()).containsExactly(5, 3);
                assertThat(y.requires_grad()).isTrue();
                assertThat(Distances.between(Tensors.doubles(y), expected)).isLessThan(ROUNDING);
                // Saboteur: the bias left out.
                assertThat(Distances.between(Tensors.doubles(y.sub(value(layer, "bias"))), expected))
                        .isGreaterThan(1e3 * ROUNDING);
            }
        });
    }

    @Test
    void emptyBatchPasses() {
        try (TensorScope scope = TensorScope.open()) {
            Linear layer = new Linear(7, 3, Cases.random(0));
            assertThat(layer.forward(Tensors.zeros(ScalarType.Float, 0, 7)).shape())
                    .containsExactly(0, 3);
        }
    }

    @Test
    void namesAreThoseOfPyTorch() {
        RandomGenerator random = Cases.random(0);
        Sequential network = Sequential.of(new Linear(4, 3, random), new LeakyRelu(0.1), new Linear(3, 2, random));
        assertThat(network.parameters().keySet()).containsExactly("0.weight", "0.bias", "2.weight", "2.bias");
        assertThat(network.state().keySet()).isEqualTo(network.parameters().keySet());
        assertThat(value(network, "0.weight").shape()).containsExactly(3, 4);
        assertThat(value(network, "2.bias").shape()).containsExactly(2);
        assertThat(network.parameters().values()).allMatch(t -> t.requires_grad() && t.is_leaf());
        assertThat(Sequential.of(network, network).parameters().keySet()).contains("0.0.weight", "1.2.bias");
    }

    @Test
    void weightsAreUniformOnTheBoundOfPyTorch() {
        Linear layer = new Linear(100, 400, ScalarType.Double, Cases.random(1));
        double bound = 0.1;
        double[] w = Tensors.doubles(value(layer, "weight"));
        double largest = 0;
        double mean = 0;
        double variance = 0;
        for (double v : w) {
            largest = Math.max(largest, Math.abs(v));
            mean += v / bound / w.length;
            variance += v * v / (bound * bound) / w.length;
        }
        // 40,000 draws reach within a thousandth of the bound.
        assertThat(largest).isBetween(0.999 * bound, bound);
        assertThat(mean).isCloseTo(0, within(FIVE_SIGMA));
        assertThat(variance).isCloseTo(1 / 3.0, within(FIVE_SIGMA));
        for (double v : Tensors.doubles(value(layer, "bias"))) {
            assertThat(Math.abs(v)).isBetween(0.0, bound);
        }
    }

    @Test
    void seedDecidesTheWeights() {
        double[] first = Tensors.doubles(value(new Linear(4, 3, Cases.random(1)), "weight"));
        assertThat(Tensors.doubles(value(new Linear(4, 3, Cases.random(1)), "weight")))
                .isEqualTo(first);
        assertThat(Tensors.doubles(value(new Linear(4, 3, Cases.random(2)), "weight")))
                .isNotEqualTo(first);
    }

    @Test
    void weightsOutliveTheScopeTheyWereMadeIn() {
        Linear layer;
        try (TensorScope scope = TensorScope.open()) {
            layer = new Linear(2, 1, Cases.random(1));
        }
        System.gc();
        try (TensorScope scope = TensorScope.open()) {
            layer.forward(Tensors.zeros(ScalarType.Float, 1, 2)).sum().backward();
            assertThat(Tensors.doubles(value(layer, "bias").grad())).containsExactly(1);
        }
    }

    @Test
    void leakyReluShrinksTheNegativeSide() {
        try (TensorScope scope = TensorScope.open()) {
            Tensor x = Tensors.of(new double[] {-2, -0.5, 0, 0.5, 2}, 1, 5);
            assertThat(Tensors.doubles(new LeakyRelu(0.1).forward(x))).containsExactly(-0.2, -0.05, 0, 0.5, 2);
            assertThat(Tensors.doubles(Sequential.of(new LeakyRelu(0.5), new LeakyRelu(0.5))
                            .forward(x)))
                    .containsExactly(-0.5, -0.125, 0, 0.5, 2);
        }
    }

    @Test
    void errorsSayNeedAndGot() {
        RandomGenerator random = Cases.random(0);
        assertThatThrownBy(() -> new Linear(0, 3, random))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("Linear: need sizes >= 1, got 0 and 3");
        assertThatThrownBy(() -> new Linear(3, -1, random)).hasMessage("Linear: need sizes >= 1, got 3 and -1");
        try (TensorScope scope = TensorScope.open()) {
            Linear layer = new Linear(100, 3, random);
            assertThatThrownBy(() -> layer.forward(Tensors.zeros(ScalarType.Float, 32, 99)))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessage("Linear: x: expected [any, 100], got [32, 99]");
            assertThatThrownBy(() -> layer.forward(Tensors.zeros(ScalarType.Float, 100)))
                    .hasMessage("Linear: x: expected [any, 100], got [100]");
        }
    }

    private static Tensor value(Layer layer, String name) {
        Tensor found = layer.parameters().get(name);
        if (found == null) {
            throw new AssertionError(
                    "no parameter " + name + " among " + layer.parameters().keySet());
        }
        return found;
    }
}
