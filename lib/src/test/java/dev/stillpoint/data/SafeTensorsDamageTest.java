package dev.stillpoint.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.stillpoint.tensor.TensorScope;
import dev.stillpoint.tensor.Tensors;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import org.bytedeco.pytorch.Tensor;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Every damage is a {@link DataException} that names the file. */
class SafeTensorsDamageTest {
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

    private static Map<String, Tensor> sample() {
        Map<String, Tensor> tensors = new LinkedHashMap<>();
        tensors.put("w", Tensors.of(new float[] {0, 1.5f, -2, Float.NaN}, 2, 2));
        tensors.put("n", Tensors.of(3, -4));
        return tensors;
    }

    @Test
    void aMissingFileOrAFolder() {
        assertRefused("need a readable safetensors file, got NoSuchFileException");
        assertThatThrownBy(() -> SafeTensors.read(folder))
                .isInstanceOf(DataException.class)
                .hasMessageStartingWith(folder + ": need a readable safetensors file");
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 7})
    void aFileTooShortForALength(int bytes) throws IOException {
        Files.write(file, new byte[bytes]);
        assertRefused("within the file's " + bytes + " bytes");
    }

    @ParameterizedTest
    @ValueSource(longs = {-1, Long.MIN_VALUE, 0, 1, 139, 1L << 32, Long.MAX_VALUE})
    void aHeaderThatCannotBeThere(long length) throws IOException {
        assertThat(HandMade.HEADER).hasSizeLessThan(139 - 24);
        HandMade.writeWithLength(file, length, HandMade.HEADER, HandMade.data());
        Files.write(file, Arrays.copyOf(Files.readAllBytes(file), 8 + 138));
        assertRefused("need a safetensors header within the file's 146 bytes, got length " + length);
    }

    @ParameterizedTest
    @ValueSource(strings = {"no JSON", "{\"w\":", "  ", "[1]", "\"text\"", "12"})
    void aHeaderThatIsNoJsonObject(String header) throws IOException {
        HandMade.write(file, header, HandMade.data());
        assertRefused("need a JSON");
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 8, 24})
    void dataCutShort(int missing) throws IOException {
        HandMade.write(file, HandMade.HEADER, Arrays.copyOf(HandMade.data(), 24 - missing));
        assertRefused("cut short or damaged");
    }

    @Test
    void aWrittenFileCutAnywhere() throws IOException {
        new SafeTensors(sample(), Map.of("kind", "test")).write(file);
        byte[] all = Files.readAllBytes(file);
        for (int length = 0; length < all.length; length++) {
            Files.write(file, Arrays.copyOf(all, length));
            assertRefused("");
        }
        Files.write(file, Arrays.copyOf(all, all.length + 1));
        assertRefused("the file is damaged");
    }

    @Test
    void aFlippedBitInTheData() throws IOException {
        new SafeTensors(sample(), Map.of("kind", "test")).write(file);
        byte[] all = Files.readAllBytes(file);
        int start =
                8 + (int) ByteBuffer.wrap(all).order(ByteOrder.LITTLE_ENDIAN).getLong();
        for (int i = start; i < all.length; i++) {
            byte[] damaged = all.clone();
            damaged[i] ^= (byte) (1 << (i % 8));
            Files.write(file, damaged);
            assertRefused("need data with SHA-256 ");
        }
    }

    /** Whatever else is damaged: refused as a {@link DataException}, or read; never another exception. */
    @Test
    void aFlippedBitInLengthOrHeader() throws IOException {
        new SafeTensors(sample(), Map.of("kind", "test")).write(file);
        byte[] all = Files.readAllBytes(file);
        int start =
                8 + (int) ByteBuffer.wrap(all).order(ByteOrder.LITTLE_ENDIAN).getLong();
        int refused = 0;
        for (int i = 0; i < start; i++) {
            byte[] damaged = all.clone();
            damaged[i] ^= (byte) (1 << (i % 8));
            Files.write(file, damaged);
            try {
                SafeTensors.read(file);
            } catch (DataException e) {
                assertThat(e).hasMessageStartingWith(file + ": ");
                refused++;
            }
        }
        assertThat(refused).isGreaterThan(start / 2);
    }

    @ParameterizedTest
    @ValueSource(strings = {"F16", "BF16", "f32", "BOOL", ""})
    void aTypeThatIsNotReadHere(String type) throws IOException {
        HandMade.write(file, HandMade.HEADER.replace("F32", type), HandMade.data());
        assertRefused("need dtype F32, F64, I64 or U8 for 'w', got '" + type + "'");
    }

    @Test
    void anEntryThatIsNoTensor() throws IOException {
        HandMade.write(file, "{\"w\":3}", HandMade.data());
        assertRefused("for 'w', got ''");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"[0,25]", "[-4,12]", "[16,0]", "[24,40]", "[0]", "[]", "[0,9007199254740992]", "[\"a\",16]"})
    void offsetsOutsideTheData(String offsets) throws IOException {
        HandMade.write(file, HandMade.HEADER.replace("[0,16]", offsets), HandMade.data());
        assertRefused("need offsets of 'w' within 24 bytes of data");
    }

    @ParameterizedTest
    @ValueSource(strings = {"[2,3]", "[]", "[4,2]", "[0]", "[5]"})
    void aShapeThatDoesNotMatchItsData(String shape) throws IOException {
        HandMade.write(file, HandMade.HEADER.replace("[2,2]", shape), HandMade.data());
        assertRefused("tensor 'w': ");
    }

    private void assertRefused(String reason) {
        assertThatThrownBy(() -> SafeTensors.read(file))
                .isInstanceOf(DataException.class)
                .hasMessageStartingWith(file + ": ")
                .hasMessageContaining(reason);
    }
}
