package dev.stillpoint.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.stillpoint.data.DataException;
import dev.stillpoint.law.Cases;
import dev.stillpoint.tensor.TensorScope;
import dev.stillpoint.tensor.Tensors;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.random.RandomGenerator;
import org.bytedeco.pytorch.AdamOptions;
import org.bytedeco.pytorch.AdamW;
import org.bytedeco.pytorch.AdamWOptions;
import org.bytedeco.pytorch.Optimizer;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorVector;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class AdamTest {
    /** Fifty steps in double precision: the same formula, rounded in another order. */
    private static final double ROUNDING = 1e-12;

    private static final int STEPS = 50;
    private static final int N = 6;

    @TempDir
    Path folder;

    private TensorScope scope;

    @BeforeEach
    void open() {
        scope = TensorScope.open();
    }

    @AfterEach
    void close() {
        scope.close();
    }

    private static Tensor leaf(double[] values) {
        return Tensors.of(values, values.length).requires_grad_(true);
    }

    /** The gradient of p·g by p is g: exactly the gradient wanted. */
    private static void backward(Tensor p, double[] gradient) {
        p.mul(Tensors.of(gradient, gradient.length)).sum().backward();
    }

    private static double[][] gradients(RandomGenerator random) {
        double[][] gradients = new double[STEPS][];
        for (int t = 0; t < STEPS; t++) {
            gradients[t] = Cases.normal(random, N, Math.pow(10, t % 5 - 3));
            gradients[t][0] = 0;
        }
        return gradients;
    }

    /** Algorithm 1 of Kingma and Ba, with the decay of Loshchilov and Hutter, as it stands in the papers. */
    private static double[] reference(double[] start, double[][] gradients, Adam.Options o) {
        double[] p = start.clone();
        double[] m = new double[p.length];
        double[] v = new double[p.length];
        for (int t = 1; t <= gradients.length; t++) {
            double[] g = gradients[t - 1];
            for (int j = 0; j < p.length; j++) {
                p[j] -= o.learningRate() * o.weightDecay() * p[j];
                m[j] = o.beta1() * m[j] + (1 - o.beta1()) * g[j];
                v[j] = o.beta2() * v[j] + (1 - o.beta2()) * g[j] * g[j];
                double mHat = m[j] / (1 - Math.pow(o.beta1(), t));
                double vHat = v[j] / (1 - Math.pow(o.beta2(), t));
                p[j] -= o.learningRate() * mHat / (Math.sqrt(vHat) + o.epsilon());
            }
        }
        return p;
    }

    private static double[] ours(double[] start, double[][] gradients, Adam.Options options) {
        Tensor p = leaf(start);
        Adam adam = new Adam(Map.of("p", p), options);
        for (double[] g : gradients) {
            adam.zeroGrad();
            backward(p, g);
            adam.step();
        }
        return Tensors.doubles(p);
    }

    @ParameterizedTest
    @CsvSource({
        "0.05, 0.9, 0.999, 1e-8, 0",
        "0.05, 0.9, 0.999, 1e-8, 0.1",
        "0.3, 0, 0, 1e-3, 0",
        "0.01, 0.5, 0.9, 0.1, 0.02"
    })
    void equalsThePapersFormula(double rate, double beta1, double beta2, double epsilon, double decay) {
        Adam.Options options = new Adam.Options(rate, beta1, beta2, epsilon, decay);
        Cases.forSeeds(3, random -> {
            double[] start = Cases.normal(random, N, 1);
            double[][] gradients = gradients(random);
            double[] expected = reference(start, gradients, options);
            assertThat(ours(start, gradients, options)).containsExactly(expected, within(ROUNDING));
            assertThat(distance(expected, start)).isGreaterThan(rate);
        });
    }

    @ParameterizedTest
    @ValueSource(doubles = {0, 0.1})
    void equalsLibtorchsOwn(double decay) {
        double[] start = Cases.normal(Cases.random(5), N, 1);
        double[][] gradients = gradients(Cases.random(6));
        Adam.Options options = Adam.Options.of(0.02).withWeightDecay(decay);
        Tensor p = leaf(start);
        Optimizer theirs = decay == 0 ? libtorchAdam(p, options) : libtorchAdamW(p, options);
        for (double[] g : gradients) {
            theirs.zero_grad();
            backward(p, g);
            theirs.step();
        }
        assertThat(ours(start, gradients, options)).containsExactly(Tensors.doubles(p), within(ROUNDING));
        assertThat(distance(Tensors.doubles(p), start)).isGreaterThan(0.02);
    }

    /** With the default betas: the binding shows a std::tuple as an array, whose order is the standard library's. */
    private static Optimizer libtorchAdam(Tensor p, Adam.Options o) {
        AdamOptions options = new AdamOptions(o.learningRate());
        options.eps().put(o.epsilon());
        return new org.bytedeco.pytorch.Adam(new TensorVector(p), options);
    }

    private static Optimizer libtorchAdamW(Tensor p, Adam.Options o) {
        AdamWOptions options = new AdamWOptions(o.learningRate());
        options.eps().put(o.epsilon());
        options.weight_decay().put(o.weightDecay());
        return new AdamW(new TensorVector(p), options);
    }

    @Test
    void aParameterWithoutGradientStays() {
        Tensor used = leaf(new double[] {1, 2});
        Tensor unused = leaf(new double[] {3, 4});
        Map<String, Tensor> parameters = new LinkedHashMap<>();
        parameters.put("unused", unused);
        parameters.put("used", used);
        Adam adam = new Adam(parameters, Adam.Options.of(0.1).withWeightDecay(0.5));
        for (int i = 0; i < 3; i++) {
            adam.zeroGrad();
            backward(used, new double[] {1, -1});
            assertThat(adam.gradientsFinite()).isTrue();
            adam.step();
        }
        assertThat(Tensors.doubles(unused)).containsExactly(3, 4);
        assertThat(distance(Tensors.doubles(used), new double[] {1, 2})).isGreaterThan(0.1);
    }

    @Test
    void zeroGradForgetsTheLastGradient() {
        Tensor p = leaf(new double[] {1, 2});
        Adam adam = new Adam(Map.of("p", p), Adam.Options.of(0.1));
        backward(p, new double[] {5, 5});
        adam.zeroGrad();
        backward(p, new double[] {2, 3});
        assertThat(Tensors.doubles(p.grad())).containsExactly(2, 3);
    }

    @ParameterizedTest
    @ValueSource(doubles = {Double.NaN, Double.POSITIVE_INFINITY, Double.NEGATIVE_INFINITY})
    void seesAGradientThatIsNotFinite(double bad) {
        Tensor p = leaf(new double[] {1, 2});
        Tensor q = leaf(new double[] {1});
        Adam adam = new Adam(Map.of("p", p, "q", q), Adam.Options.of(0.1));
        backward(p, new double[] {1, 1});
        backward(q, new double[] {1});
        assertThat(adam.gradientsFinite()).isTrue();
        adam.zeroGrad();
        backward(p, new double[] {1, bad});
        assertThat(adam.gradientsFinite()).isFalse();
        adam.zeroGrad();
        assertThat(adam.gradientsFinite()).isTrue();
    }

    @Test
    void theLearningRateCanChangeBetweenSteps() {
        Tensor p = leaf(new double[] {0});
        // Without memory a step is the rate times the gradient's sign.
        Adam adam = new Adam(Map.of("p", p), new Adam.Options(1, 0, 0, 1e-300, 0));
        double[] expected = {-1, -1.25, -3.25};
        double[] rates = {1, 0.25, 2};
        for (int i = 0; i < 3; i++) {
            adam.learningRate(rates[i]);
            assertThat(adam.learningRate()).isEqualTo(rates[i]);
            adam.zeroGrad();
            backward(p, new double[] {7});
            adam.step();
            assertThat(Tensors.doubles(p)).containsExactly(new double[] {expected[i]}, within(ROUNDING));
        }
    }

    @Test
    void goesOnFromACheckpointBitForBit() {
        Path file = folder.resolve("adam.safetensors");
        double[] start = Cases.normal(Cases.random(7), N, 1);
        double[][] gradients = gradients(Cases.random(8));
        Adam.Options options = Adam.Options.of(0.05).withWeightDecay(0.01);
        Tensor p = leaf(start);
        Tensor copy = leaf(new double[N]);
        Adam first = new Adam(Map.of("p", p), options);
        Adam second = new Adam(Map.of("p", copy), Adam.Options.of(123));
        for (int t = 0; t < STEPS; t++) {
            if (t == 20) {
                first.learningRate(0.003);
                Checkpoint written = Checkpoint.empty(file);
                first.save(written);
                written.write();
                copy.detach().copy_(p.detach());
                second = new Adam(Map.of("p", copy), options);
                second.restore(Checkpoint.read(file));
                assertThat(second.learningRate()).isEqualTo(0.003);
            }
            step(first, p, gradients[t]);
            step(second, copy, gradients[t]);
            if (t >= 20) {
                assertThat(Tensors.doubles(copy)).as("step " + t).containsExactly(Tensors.doubles(p));
            }
        }
    }

    private static void step(Adam adam, Tensor p, double[] gradient) {
        adam.zeroGrad();
        backward(p, gradient);
        adam.step();
    }

    @Test
    void refusesACheckpointOfOtherParameters() {
        Path file = folder.resolve("adam.safetensors");
        Checkpoint written = Checkpoint.empty(file);
        new Adam(Map.of("p", leaf(new double[2])), Adam.Options.of(1)).save(written);
        written.write();
        for (Map<String, Tensor> other : List.of(Map.of("p", leaf(new double[3])), Map.of("q", leaf(new double[2])))) {
            assertThatThrownBy(() -> new Adam(other, Adam.Options.of(1)).restore(Checkpoint.read(file)))
                    .isInstanceOf(DataException.class)
                    .hasMessageStartingWith(file + ": need tensor 'adam.mean.")
                    .hasMessageEndingWith(": the checkpoint of another model");
        }
    }

    @ParameterizedTest
    @CsvSource({
        "0, 0.9, 0.9, 1e-8, 0, learning rate > 0",
        "-1, 0.9, 0.9, 1e-8, 0, learning rate > 0",
        "NaN, 0.9, 0.9, 1e-8, 0, learning rate > 0",
        "Infinity, 0.9, 0.9, 1e-8, 0, finite learning rate",
        "0.1, -0.1, 0.9, 1e-8, 0, betas",
        "0.1, 1, 0.9, 1e-8, 0, betas",
        "0.1, NaN, 0.9, 1e-8, 0, betas",
        "0.1, 0.9, 1, 1e-8, 0, betas",
        "0.1, 0.9, -1, 1e-8, 0, betas",
        "0.1, 0.9, 0.9, 0, 0, epsilon > 0",
        "0.1, 0.9, 0.9, NaN, 0, epsilon > 0",
        "0.1, 0.9, 0.9, 1e-8, -1, weight decay >= 0",
        "0.1, 0.9, 0.9, 1e-8, NaN, weight decay >= 0"
    })
    void refusesOtherOptions(double rate, double beta1, double beta2, double epsilon, double decay, String wanted) {
        assertThatThrownBy(() -> new Adam.Options(rate, beta1, beta2, epsilon, decay))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageStartingWith("Adam: need ")
                .hasMessageContaining(wanted);
    }

    @Test
    void copiesOfOptions() {
        assertThat(Adam.Options.of(0.1)).isEqualTo(new Adam.Options(0.1, 0.9, 0.999, 1e-8, 0));
        assertThat(Adam.Options.of(0.1).withWeightDecay(0.2).withBeta2(0.3))
                .isEqualTo(new Adam.Options(0.1, 0.9, 0.3, 1e-8, 0.2));
    }

    private static double distance(double[] a, double[] b) {
        double sum = 0;
        for (int i = 0; i < a.length; i++) {
            sum += (a[i] - b[i]) * (a[i] - b[i]);
        }
        return Math.sqrt(sum);
    }
}
