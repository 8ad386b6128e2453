package dev.stillpoint.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.stillpoint.tensor.TensorScope;
import dev.stillpoint.tensor.Tensors;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch.ScalarType;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class SafeTensorsTest {
    /** Numbers that a detour through another type would change. */
    private static final float[] FLOATS = {
        0f, -0f, Float.MIN_VALUE, Float.MAX_VALUE, Float.NEGATIVE_INFINITY, Float.NaN, 0.1f, -3f
    };

    private static final double[] DOUBLES = {0.1, Double.MIN_VALUE, -Double.MAX_VALUE};
    private static final long[] LONGS = {Long.MIN_VALUE, (1L << 53) + 1, -1};
    private static final byte[] BYTES = {0, 127, -128, -1};

    @TempDir
    Path folder;

    private Path file;
    private TensorScope scope;

    @BeforeEach
    void open() {
        file = folder.resolve("model.safetensors");
        scope = TensorScope.open();
    }

    @AfterEach
    void close() {
        scope.close();
    }

    private static Map<String, Tensor> everyType() {
        Map<String, Tensor> tensors = new LinkedHashMap<>();
        tensors.put("floats", Tensors.of(FLOATS, 2, 1, 4));
        tensors.put("doubles", Tensors.of(DOUBLES, 3));
        tensors.put("longs", Tensors.of(LONGS));
        tensors.put("bytes", Tensors.ofBytes(ScalarType.Byte, BYTES, 2, 2));
        tensors.put("scalar", Tensors.scalar(0.1));
        tensors.put("empty", Tensors.zeros(ScalarType.Float, 3, 0));
        tensors.put("turned", Tensors.of(new float[] {1, 2, 3, 4, 5, 6}, 2, 3).t());
        tensors.put("näme \"quoted\"", Tensors.of(new float[] {7}, 1));
        return tensors;
    }

    @Test
    void everyTypeComesBackBitForBitAndInOrder() {
        Map<String, Tensor> tensors = everyType();
        new SafeTensors(tensors, Map.of("kind", "zwei\nlines, ünicode")).write(file);
        SafeTensors read = SafeTensors.read(file);
        assertThat(read.metadata()).containsExactly(Map.entry("kind", "zwei\nlines, ünicode"));
        assertThat(read.tensors().keySet()).containsExactlyElementsOf(tensors.keySet());
        tensors.forEach((name, written) -> {
            Tensor t = get(read, name);
            assertThat(Tensors.type(t)).as(name).isEqualTo(Tensors.type(written));
            assertThat(t.shape()).as(name).isEqualTo(written.shape());
            assertThat(Tensors.bytes(t)).as(name).isEqualTo(Tensors.bytes(written));
        });
        assertThat(Tensors.floats(get(read, "turned"))).containsExactly(1, 4, 2, 5, 3, 6);
        assertThat(Tensors.longs(get(read, "longs"))).containsExactly(LONGS);
        assertThat(get(read, "scalar").shape()).isEmpty();
        assertThat(get(read, "empty").shape()).containsExactly(3, 0);
    }

    @Test
    void noTensorAtAllIsAFileToo() {
        new SafeTensors(Map.of(), Map.of()).write(file);
        SafeTensors read = SafeTensors.read(file);
        assertThat(read.tensors()).isEmpty();
        assertThat(read.metadata()).isEmpty();
    }

    /** What other readers expect: little-endian length, a JSON object, data aligned to eight bytes and without gaps. */
    @Test
    void whatIsWrittenFollowsTheFormat() throws IOException {
        new SafeTensors(everyType(), Map.of()).write(file);
        byte[] all = Files.readAllBytes(file);
        long length = ByteBuffer.wrap(all).order(ByteOrder.LITTLE_ENDIAN).getLong();
        String header = new String(all, 8, (int) length, StandardCharsets.UTF_8);
        int floats = 4 * (FLOATS.length + 6 + 1);
        assertThat(all.length - 8 - length).isEqualTo(floats + 8L * (DOUBLES.length + LONGS.length + 1) + BYTES.length);
        assertThat(header)
                .contains("\"floats\":{\"dtype\":\"F32\",\"shape\":[2,1,4],\"data_offsets\":[0,32]}")
                .contains("\"scalar\":{\"dtype\":\"F64\",\"shape\":[],\"data_offsets\":[84,92]}")
                .contains("\"bytes\":{\"dtype\":\"U8\",\"shape\":[2,2],\"data_offsets\":[80,84]}");
        ByteBuffer data = ByteBuffer.wrap(all, 8 + (int) length, 32).order(ByteOrder.LITTLE_ENDIAN);
        for (float v : FLOATS) {
            assertThat(data.getInt()).isEqualTo(Float.floatToRawIntBits(v));
        }
    }

    @Test
    void theDataBeginsAtAMultipleOfEight() throws IOException {
        for (int i = 0; i < 8; i++) {
            new SafeTensors(Map.of("w".repeat(1 + i), Tensors.of(1L)), Map.of()).write(file);
            assertThat(ByteBuffer.wrap(Files.readAllBytes(file))
                                    .order(ByteOrder.LITTLE_ENDIAN)
                                    .getLong()
                            % 8)
                    .isZero();
        }
    }

    /** As the published tools write it: no checksum, header padded or not. */
    @ParameterizedTest
    @ValueSource(ints = {0, 5})
    void readsAFileMadeByHand(int padding) throws IOException {
        HandMade.write(file, HandMade.HEADER + " ".repeat(padding), HandMade.data());
        SafeTensors read = SafeTensors.read(file);
        assertThat(read.tensors().keySet()).containsExactly("w", "n");
        assertThat(Tensors.rows(get(read, "w"))).isDeepEqualTo(new float[][] {{1.5f, -2}, {0.25f, 1e30f}});
        assertThat(Tensors.longs(get(read, "n"))).containsExactly(-7);
        assertThat(get(read, "n").shape()).isEmpty();
    }

    @Test
    void copiesIntoTensorsByName() {
        SafeTensors stored = new SafeTensors(
                Map.of("net.w", Tensors.of(new float[] {1, 2, 3, 4}, 2, 2), "net.n", Tensors.of(5L)), Map.of());
        Tensor weight = Tensors.zeros(ScalarType.Float, 2, 2).requires_grad_(true);
        Tensor count = Tensors.of(0L);
        stored.copyInto("net.", Map.of("w", weight, "n", count));
        assertThat(Tensors.floats(weight)).containsExactly(1, 2, 3, 4);
        assertThat(weight.requires_grad() && weight.is_leaf()).isTrue();
        assertThat(Tensors.longs(count)).containsExactly(5);
        assertThatCode(() -> stored.copyInto("other.", Map.of())).doesNotThrowAnyException();
    }

    @ParameterizedTest
    @CsvSource({"net., v, none", "net, w, none", "'', w, none", "net., w, '[2, 2]'"})
    void refusesToCopyWhatIsMissingOrOfAnotherShape(String prefix, String name, String got) {
        SafeTensors stored = new SafeTensors(Map.of("net.w", Tensors.zeros(ScalarType.Float, 2, 2)), Map.of());
        assertThatThrownBy(() -> stored.copyInto(prefix, Map.of(name, Tensors.zeros(ScalarType.Float, 4))))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("need tensor '" + prefix + name + "' of shape [4], got " + got);
    }

    @Test
    void refusesToWriteOtherTypes() {
        Tensor truth = Tensors.of(1L).to(ScalarType.Bool);
        assertThatThrownBy(() -> new SafeTensors(Map.of("b", truth), Map.of()).write(file))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("SafeTensors: need float32, float64, int64 or uint8, got Bool");
        assertThat(file).doesNotExist();
    }

    @Tag("data")
    @Test
    void readsPublishedWeights() {
        String data = System.getenv("STILLPOINT_DATA");
        assumeTrue(
                data != null && !data.isBlank(),
                "skipped: set STILLPOINT_DATA to the data folder to read published weights");
        SafeTensors read = SafeTensors.read(Path.of(data, "weights", "MNIST_FPN_weights_99.36.safetensors"));
        assertThat(read.metadata()).containsKey("source");
        assertThat(read.tensors()).hasSize(24);
        assertThat(get(read, "fc_y.weight").shape()).containsExactly(10, 784);
        assertThat(get(read, "bn_1.num_batches_tracked").shape()).isEmpty();
        assertThat(Tensors.floats(get(read, "conv_d1.weight"))).startsWith(0.24350193f, -0.00530442f, -0.14598152f);
        read.tensors()
                .forEach((name, t) ->
                        assertThat(t.isfinite().all().item_bool()).as(name).isTrue());
    }

    private static Tensor get(SafeTensors from, String name) {
        Tensor t = from.tensors().get(name);
        if (t == null) {
            throw new AssertionError(
                    "no tensor '" + name + "' among " + from.tensors().keySet());
        }
        return t;
    }
}
