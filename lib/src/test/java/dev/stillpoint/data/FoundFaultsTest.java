package dev.stillpoint.data;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.stillpoint.tensor.TensorScope;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Faults that were found once, and stay away. */
class FoundFaultsTest {
    @TempDir
    Path folder;

    @ParameterizedTest
    @ValueSource(
            strings = {
                "[-4]",
                "[-2,-2]",
                "[1.5,2]",
                "[\"a\"]",
                "[1000000000000]",
                "[4294967296,4294967296,4]",
                "[9223372036854775807,2]",
                "null",
                "4"
            })
    void shapes(String shape) throws IOException {
        Path file = folder.resolve("x.safetensors");
        byte[] text = ("{\"w\":{\"dtype\":\"F32\",\"shape\":" + shape + ",\"data_offsets\":[0,16]}}")
                .getBytes(StandardCharsets.UTF_8);
        Files.write(
                file,
                ByteBuffer.allocate(8 + text.length + 16)
                        .order(ByteOrder.LITTLE_ENDIAN)
                        .putLong(text.length)
                        .put(text)
                        .array());
        try (TensorScope scope = TensorScope.open()) {
            assertThatThrownBy(() -> SafeTensors.read(file)).isInstanceOf(DataException.class);
        }
    }
}
