package dev.stillpoint.network;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.stillpoint.law.Cases;
import dev.stillpoint.law.Distances;
import dev.stillpoint.tensor.ParameterVisitor;
import dev.stillpoint.tensor.TensorScope;
import dev.stillpoint.tensor.Tensors;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.bytedeco.pytorch.NoGradGuard;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch.ScalarType;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Layers against PyTorch's own, in float64: outputs, gradients, names, and buffers after one pass (pytorch_layers.py). */
class PyTorchLayersTest {
    /** Twelve digits are stored, of numbers up to some ten. */
    private static final double STORED = 1e-9;

    private static final ScalarType TYPE = ScalarType.Double;

    /** A layer with the input and mode that the script gives to its twin. */
    private record Twin(String name, Layer layer, Mode mode, long... x) {
        @Override
        public String toString() {
            return name;
        }
    }

    static Stream<Twin> twins() {
        var random = Cases.random(0);
        Layer branch = Sequential.of(
                conv(Conv2d.Options.same(3, 3, 3)), new LeakyRelu(0.1), conv(Conv2d.Options.same(3, 3, 3)));
        return Stream.of(
                new Twin("conv", conv(Conv2d.Options.of(3, 2, 3)), Mode.EVAL, 2, 3, 5, 4),
                new Twin(
                        "convStridePadding",
                        conv(Conv2d.Options.of(3, 2, 3).withStride(2).withPadding(1)),
                        Mode.EVAL,
                        2,
                        3,
                        5,
                        4),
                new Twin(
                        "convReplicate",
                        conv(Conv2d.Options.same(2, 2, 5).withEdge(Padding.REPLICATE)),
                        Mode.EVAL,
                        1,
                        2,
                        4,
                        3),
                new Twin("convNoBias", conv(Conv2d.Options.of(2, 3, 1).withBias(Bias.NONE)), Mode.EVAL, 1, 2, 2, 3),
                new Twin(
                        "transpose",
                        new ConvTranspose2d(ConvTranspose2d.Options.of(3, 2, 3), TYPE, random),
                        Mode.EVAL,
                        2,
                        3,
                        2,
                        3),
                new Twin(
                        "transposeStride",
                        new ConvTranspose2d(
                                ConvTranspose2d.Options.of(2, 2, 3)
                                        .withStride(2)
                                        .withPadding(1)
                                        .withExtra(1)
                                        .withBias(Bias.NONE),
                                TYPE,
                                random),
                        Mode.EVAL,
                        1,
                        2,
                        3,
                        2),
                new Twin("normTrain", norm(BatchNorm2d.Affine.LEARNED), Mode.TRAIN, 2, 3, 2, 2),
                new Twin("normEval", norm(BatchNorm2d.Affine.LEARNED), Mode.EVAL, 2, 3, 2, 2),
                new Twin("normPlainTrain", norm(BatchNorm2d.Affine.NONE), Mode.TRAIN, 2, 3, 2, 2),
                new Twin("maxPool", new MaxPool2d(3, 2), Mode.EVAL, 1, 2, 6, 5),
                new Twin("avgPool", new AvgPool2d(2), Mode.EVAL, 1, 2, 5, 4),
                new Twin("relu", new Relu(), Mode.EVAL, 1, 1, 2, 5),
                new Twin("linearNoBias", new Linear(3, 2, Bias.NONE, TYPE, random), Mode.EVAL, 2, 3),
                new Twin("pad", new ConstantPad2d(1, 0.449), Mode.EVAL, 1, 2, 2, 2),
                new Twin("blockTrain", block(branch), Mode.TRAIN, 2, 3, 4, 3));
    }

    private static Conv2d conv(Conv2d.Options options) {
        return new Conv2d(options, TYPE, Cases.random(1));
    }

    private static BatchNorm2d norm(BatchNorm2d.Affine affine) {
        return new BatchNorm2d(3, affine, TYPE);
    }

    private static Layer block(Layer branch) {
        Residual residual = new Residual(branch);
        BatchNorm2d norm = norm(BatchNorm2d.Affine.NONE);
        return new Layer() {
            @Override
            public Tensor forward(Tensor x) {
                return forward(x, Mode.EVAL);
            }

            @Override
            public Tensor forward(Tensor x, Mode mode) {
                return norm.forward(residual.forward(x, mode), mode);
            }

            @Override
            public void visit(ParameterVisitor visitor) {
                visitor.part("branch", residual);
                visitor.part("norm", norm);
            }
        };
    }

    @ParameterizedTest
    @MethodSource("twins")
    void isTheTwin(Twin twin) throws IOException {
        JsonNode stored = stored(twin.name());
        Layer layer = twin.layer();
        try (TensorScope scope = TensorScope.open()) {
            int i = 1;
            for (Tensor p : layer.parameters().values()) {
                try (NoGradGuard offTape = new NoGradGuard()) {
                    p.copy_(filled(i++, p.shape()));
                }
            }
            Tensor x = filled(0, twin.x()).requires_grad_(true);
            double[] before = Tensors.doubles(x);
            Tensor y = layer.forward(x, twin.mode());
            assertThat(y.shape()).isEqualTo(longs(stored.get("shape")));
            same("output", y, stored.get("output"));
            y.mul(filled(0.5, y.shape())).sum().backward();
            same("gradient of x", x.grad(), stored.get("inputGradient"));
            assertThat(Tensors.doubles(x)).isEqualTo(before);

            Map<String, Tensor> gradients = new LinkedHashMap<>();
            layer.parameters().forEach((name, p) -> gradients.put(name, p.grad()));
            same(gradients, stored.get("gradients"));
            Map<String, Tensor> buffers = layer.state();
            buffers.keySet().removeAll(layer.parameters().keySet());
            same(buffers, stored.get("state"));
            List<String> names = new ArrayList<>();
            stored.get("names").forEach(n -> names.add(n.asText()));
            assertThat(layer.state().keySet()).containsExactlyElementsOf(names);
        }
    }

    private static void same(Map<String, Tensor> found, JsonNode stored) {
        assertThat(found).hasSameSizeAs(stored);
        found.forEach((name, t) -> same(name, t, stored.get(name)));
    }

    private static void same(String name, Tensor found, JsonNode stored) {
        double[] expected = doubles(stored);
        assertThat(Distances.between(Tensors.doubles(found), expected)).as(name).isLessThan(STORED);
        // Saboteur: one number off in its fourth digit.
        double[] wrong = expected.clone();
        wrong[wrong.length - 1] += 1e-4;
        assertThat(Distances.between(Tensors.doubles(found), wrong)).isGreaterThan(STORED);
    }

    /** The script's: element k is sin(0.7 k + phase). */
    private static Tensor filled(double phase, long... shape) {
        int n = (int) Arrays.stream(shape).reduce(1, (a, b) -> a * b);
        double[] values = new double[n];
        Arrays.setAll(values, k -> Math.sin(0.7 * k + phase));
        return Tensors.of(values, shape);
    }

    private static JsonNode stored(String name) throws IOException {
        try (InputStream in = PyTorchLayersTest.class.getResourceAsStream("pytorch_layers.json")) {
            for (JsonNode found : new ObjectMapper().readTree(in).get("cases")) {
                if (found.get("name").asText().equals(name)) {
                    return found;
                }
            }
        }
        throw new AssertionError("no case " + name);
    }

    private static double[] doubles(JsonNode array) {
        double[] values = new double[array.size()];
        Arrays.setAll(values, i -> array.get(i).asDouble());
        return values;
    }

    private static long[] longs(JsonNode array) {
        long[] values = new long[array.size()];
        Arrays.setAll(values, i -> array.get(i).asLong());
        return values;
    }
}
