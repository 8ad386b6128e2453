package dev.stillpoint.data;

import static dev.stillpoint.data.NumpyFileTest.resource;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** {@link GreyImage}, on files that Pillow saved and on damaged ones. */
class GreyImageTest {
    @TempDir
    private Path folder;

    @Test
    void readsEightAndSixteenBits() {
        GreyImage eight = GreyImage.read(resource("grey8.png"));
        assertThat(new int[] {eight.width(), eight.height(), eight.bits()}).containsExactly(3, 2, 8);
        assertThat(samples(eight)).containsExactly(0, 1, 127, 128, 254, 255);
        assertThat(eight.values()).containsExactly(0, 1 / 255f, 127 / 255f, 128 / 255f, 254 / 255f, 1);
        GreyImage sixteen = GreyImage.read(resource("grey16.png"));
        assertThat(sixteen.bits()).isEqualTo(16);
        assertThat(samples(sixteen)).containsExactly(0, 258, 32641, 32896, 65279, 1);
        assertThat(sixteen.values()[4]).isEqualTo(65279 / 65535f);
    }

    @ParameterizedTest
    @ValueSource(ints = {8, 16})
    void writesWhatItReads(int bits) {
        float[] values = {0, 0.25f, 0.5f, 1, -3, 7, Float.POSITIVE_INFINITY, 1e-9f};
        GreyImage image = GreyImage.of(values, 4, bits);
        image.write(folder.resolve("image.png"));
        GreyImage back = GreyImage.read(folder.resolve("image.png"));
        assertThat(back.bits()).isEqualTo(bits);
        assertThat(samples(back)).isEqualTo(samples(image));
        int white = (1 << bits) - 1;
        assertThat(samples(back))
                .containsExactly(0, Math.round(0.25f * white), (white + 1) / 2, white, 0, white, white, 0);
        // Its own values give it again.
        assertThat(samples(GreyImage.of(back.values(), 4, bits))).isEqualTo(samples(back));
    }

    private static int[] samples(GreyImage image) {
        int[] samples = new int[image.width() * image.height()];
        Arrays.setAll(samples, i -> image.sample(i / image.width(), i % image.width()));
        return samples;
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = ';',
            value = {
                "rgb.png;need a grey image of 8 or 16 bits, got colour (RGB) of 8 bits",
                "palette.png;need a grey image of 8 or 16 bits, got a palette of 8 bits",
                "alpha.png;need a grey image of 8 or 16 bits, got grey with transparency of 8 bits",
                "bits.png;need a grey image of 8 or 16 bits, got grey of 1 bits",
                "f4.npy;need a PNG file, got other content",
                "missing.png;need a readable PNG file, got NoSuchFileException"
            })
    void otherFilesAreRefused(String name, String problem) {
        assertThatThrownBy(() -> GreyImage.read(resource(name)))
                .isInstanceOf(DataException.class)
                .hasMessage(resource(name) + ": " + problem);
    }

    @Test
    void damageIsRefused() throws IOException {
        byte[] whole = Files.readAllBytes(resource("grey8.png"));
        Path file = folder.resolve("damaged.png");
        for (int length = 0; length < whole.length; length++) {
            Files.write(file, Arrays.copyOf(whole, length));
            assertThatThrownBy(() -> GreyImage.read(file))
                    .as("cut to %d of %d bytes", length, whole.length)
                    .isInstanceOf(DataException.class)
                    .hasMessageStartingWith(file + ": need ");
        }
        byte[] altered = whole.clone();
        altered[45] ^= 1;
        Files.write(file, altered);
        assertThatThrownBy(() -> GreyImage.read(file))
                .hasMessage(file + ": need chunks that match their checksums, got another at byte 33");
        byte[] large = whole.clone();
        ByteBuffer.wrap(large).putInt(16, 1 << 20).putInt(20, 1 << 20);
        Files.write(file, large);
        assertThatThrownBy(() -> GreyImage.read(file))
                .hasMessage(file + ": need 1 to 134217728 pixels, got 1048576 x 1048576");
    }

    @Test
    void imagesAreChecked() {
        assertThatThrownBy(() -> GreyImage.of(new float[4], 2, 12)).hasMessage("GreyImage: need 8 or 16 bits, got 12");
        assertThatThrownBy(() -> GreyImage.of(new float[5], 2, 8))
                .hasMessage("GreyImage: need full rows of 2 pixels, got 5 values");
        assertThatThrownBy(() -> GreyImage.of(new float[] {0, 0, Float.NaN}, 1, 8))
                .hasMessage("GreyImage: need numbers, got NaN in row 2, column 0");
    }
}
