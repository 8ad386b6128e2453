package dev.stillpoint.zoo.images;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.stillpoint.data.DataException;
import dev.stillpoint.data.LabelledImages;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import us.hebi.matlab.mat.format.Mat5;
import us.hebi.matlab.mat.types.MatFile;
import us.hebi.matlab.mat.types.MatlabType;
import us.hebi.matlab.mat.types.Matrix;

class SvhnFileTest {
    private static final int N = 3;

    @TempDir
    Path folder;

    @Test
    void readsWhatMatlabWrites() throws IOException {
        LabelledImages read = SvhnFile.read(write(images(), labels(1, 10, 9)));
        assertThat(read.labels()).containsExactly(1, 0, 9);
        for (int[] place : new int[][] {{0, 0, 0, 0}, {2, 1, 5, 30}, {1, 2, 31, 0}, {2, 2, 31, 31}}) {
            assertThat(read.images().at(place[0], place[1], place[2], place[3]))
                    .isEqualTo(value(place[2], place[3], place[1], place[0]));
        }
    }

    @Test
    void whatIsNoSuchFileIsRefused() throws IOException {
        refused(write(images(), labels(1, 0, 9)), "need labels from 1 to 10, got 0.0 for image 1");
        refused(
                write(images(), labels(1, 2)),
                "need X as uint8 [32, 32, 3, 2] for the 2 labels of y, got uint8 [32, 32, 3, 3]");
        Matrix doubles = Mat5.newMatrix(new int[] {32, 32, 3, N}, MatlabType.Double);
        refused(write(doubles, labels(1, 2, 3)), "need X as uint8 [32, 32, 3, 3] for the 3 labels of y, got double");
        Path noLabels = folder.resolve("x.mat");
        Mat5.writeToFile(Mat5.newMatFile().addArray("X", images()), noLabels.toFile());
        refused(noLabels, "need a matrix y, got none");
        refused(folder.resolve("absent.mat"), "need a MATLAB file, got none there");
    }

    @Test
    void everyTruncationIsRefused() throws IOException {
        byte[] whole = Files.readAllBytes(write(images(), labels(1, 2, 3)));
        for (int length = 0; length < whole.length; length += 61) {
            refused(Files.write(folder.resolve("cut.mat"), Arrays.copyOf(whole, length)), "need ");
        }
    }

    private void refused(Path file, String problem) {
        assertThatThrownBy(() -> SvhnFile.read(file))
                .isInstanceOf(DataException.class)
                .hasMessageStartingWith(file + ": " + problem);
    }

    private Path write(Matrix x, Matrix y) throws IOException {
        Path file = folder.resolve("digits.mat");
        MatFile content = Mat5.newMatFile().addArray("X", x).addArray("y", y);
        Mat5.writeToFile(content, file.toFile());
        return file;
    }

    private static Matrix images() {
        Matrix x = Mat5.newMatrix(new int[] {32, 32, 3, N}, MatlabType.UInt8);
        for (int n = 0; n < N; n++) {
            for (int c = 0; c < 3; c++) {
                for (int column = 0; column < 32; column++) {
                    for (int row = 0; row < 32; row++) {
                        x.setInt(new int[] {row, column, c, n}, value(row, column, c, n));
                    }
                }
            }
        }
        return x;
    }

    private static int value(int row, int column, int channel, int image) {
        return (7 * row + 3 * column + 50 * channel + 100 * image) % 256;
    }

    private static Matrix labels(int... labels) {
        Matrix y = Mat5.newMatrix(labels.length, 1);
        for (int i = 0; i < labels.length; i++) {
            y.setDouble(i, labels[i]);
        }
        return y;
    }
}
