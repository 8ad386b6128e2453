package dev.stillpoint.zoo.images;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.stillpoint.data.DataException;
import dev.stillpoint.data.Images;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ImageFilesTest {
    private static final int SIDE = 3;

    @TempDir
    Path folder;

    @Test
    void idxAndPicturesGiveTheSame() throws IOException {
        Images idx = ImageFiles.read(idx("digits"), 1, SIDE);
        Files.createDirectory(folder.resolve("png"));
        for (int i = 0; i < 2; i++) {
            BufferedImage image = new BufferedImage(SIDE, SIDE, BufferedImage.TYPE_BYTE_GRAY);
            for (int p = 0; p < SIDE * SIDE; p++) {
                image.getRaster().setSample(p % SIDE, p / SIDE, 0, value(i * SIDE * SIDE + p));
            }
            ImageIO.write(image, "png", folder.resolve("png/" + i + ".png").toFile());
        }
        Images png = ImageFiles.read(folder.resolve("png"), 1, SIDE);
        for (int i = 0; i < 2; i++) {
            for (int p = 0; p < SIDE * SIDE; p++) {
                int expected = value(i * SIDE * SIDE + p);
                assertThat(idx.at(i, 0, p / SIDE, p % SIDE)).isEqualTo(expected);
                assertThat(png.at(i, 0, p / SIDE, p % SIDE)).isEqualTo(expected);
            }
        }
        assertThat(ImageFiles.names(folder.resolve("png"), 2)).containsExactly("0.png", "1.png");
        assertThat(ImageFiles.read(folder.resolve("png/1.png"), 1, SIDE).at(0, 0, 0, 0))
                .isEqualTo(value(SIDE * SIDE));
        // A grey picture for a network of colours.
        assertThat(ImageFiles.read(folder.resolve("png/1.png"), 3, SIDE).at(0, 2, 1, 1))
                .isEqualTo(value(SIDE * SIDE + 4));
    }

    @Test
    void coloursKeepTheirOrder() throws IOException {
        BufferedImage image = new BufferedImage(SIDE, SIDE, BufferedImage.TYPE_INT_ARGB);
        image.setRGB(1, 2, 0xff102030);
        Path png = folder.resolve("colour.png");
        ImageIO.write(image, "png", png.toFile());
        Images read = ImageFiles.read(png, 3, SIDE);
        assertThat(new int[] {read.at(0, 0, 2, 1), read.at(0, 1, 2, 1), read.at(0, 2, 2, 1)})
                .containsExactly(0x10, 0x20, 0x30);
    }

    @Test
    void whatIsNoImageOfThatShapeIsRefused() throws IOException {
        Path idx = idx("digits");
        refused(idx, 4, "need images of 1 x 4 x 4, got 1 x 3 x 3");
        BufferedImage colour = new BufferedImage(SIDE, SIDE, BufferedImage.TYPE_INT_RGB);
        Path png = folder.resolve("colour.png");
        ImageIO.write(colour, "png", png.toFile());
        refused(png, SIDE, "need an image of 1 x 3 x 3 with 8 bits a channel, got 3 x 3 x 3 with 8");
        Path text = Files.writeString(folder.resolve("text.png"), "no picture");
        refused(text, SIDE, "need a PNG file, got something else");
        refused(folder.resolve("none.png"), SIDE, "need a PNG file, got none there");
        refused(Files.createDirectory(folder.resolve("empty")), SIDE, "need PNG files in the folder, got none");
    }

    private void refused(Path file, int side, String problem) {
        assertThatThrownBy(() -> ImageFiles.read(file, 1, side))
                .isInstanceOf(DataException.class)
                .hasMessageStartingWith(file + ": " + problem);
    }

    private Path idx(String name) throws IOException {
        ByteBuffer bytes = ByteBuffer.allocate(16 + 2 * SIDE * SIDE);
        bytes.putInt(2051).putInt(2).putInt(SIDE).putInt(SIDE);
        for (int i = 0; i < 2 * SIDE * SIDE; i++) {
            bytes.put((byte) value(i));
        }
        return Files.write(folder.resolve(name), bytes.array());
    }

    private static int value(int i) {
        return (i * 37 + 200) % 256;
    }
}
