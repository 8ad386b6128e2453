package dev.stillpoint.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.stillpoint.data.AtomicFile;
import dev.stillpoint.data.GreyImage;
import dev.stillpoint.data.NumpyArray;
import dev.stillpoint.data.NumpyFile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Images through the command: trained on, scanned, reconstructed and written. */
class TomographyCommandTest {
    private static final int N = 16;
    private static final int SIDE = 256;

    @TempDir
    static Path shared;

    private static Path run = Path.of("");

    @TempDir
    private Path folder;

    @BeforeAll
    static void train() throws IOException {
        Path ct = Files.createDirectory(shared.resolve("ct"));
        long[] values = new long[40 * SIDE * SIDE];
        StringBuilder rows = new StringBuilder("index,patient,collection\n");
        for (int k = 0; k < 40; k++) {
            rows.append(k).append(",P").append(k).append(",none\n");
            for (int i = 0; i < SIDE * SIDE; i++) {
                int row = i / SIDE;
                double away = Math.hypot(i % SIDE - 128 + k, row - 128);
                values[k * SIDE * SIDE + i] = away < 60 + k ? 40_000 : 0;
            }
        }
        NumpyFile.write(ct.resolve("tcga_chest_256.npy"), NumpyArray.of(NumpyArray.Type.U2, values, 40, SIDE, SIDE));
        AtomicFile.writeString(ct.resolve("tcga_chest_128.csv"), rows.toString());
        run = shared.resolve("run");
        String settings = "--pixels 16 --angles 8 --images 10 --epochs 1 --minutes 0 --batch 4 --channels 4 --hidden 4"
                + " --filter 3 --threads 1 --run";
        Ran.done(words("train tomography --data", shared, settings, run));
    }

    private static Object[] words(Object... parts) {
        return java.util.Arrays.stream(parts)
                .flatMap(part -> part instanceof String text
                        ? java.util.Arrays.stream(text.split(" "))
                        : java.util.stream.Stream.of(part))
                .toArray();
    }

    @Test
    void aPngComesBackAsOne() throws IOException {
        Path image = folder.resolve("image.png");
        GreyImage.of(disc(), N, 16).write(image);
        Path csv = folder.resolve("out.csv");
        Path png = folder.resolve("out.png");
        Ran.done("infer", run, "--input", image, "--output", csv, "--images", png, "--bits", 8);
        GreyImage back = GreyImage.read(png);
        assertThat(back.bits()).isEqualTo(8);
        assertThat(back.width()).isEqualTo(N);
        assertThat(back.values()[N / 2 * N + N / 2]).isBetween(0.3f, 0.9f);
        assertThat(Files.readAllLines(csv).get(0)).startsWith("decision,objective,psnr,ssim,status");
        Ran.done("infer", run, "--input", image, "--output", csv, "--images", png);
        assertThat(GreyImage.read(png).bits()).isEqualTo(16);
    }

    @Test
    void severalComeBackAsNpy() {
        Path images = folder.resolve("images.npy");
        float[] two = new float[2 * N * N];
        System.arraycopy(disc(), 0, two, N * N, N * N);
        NumpyFile.write(images, NumpyArray.of(two, 2, N, N));
        Path csv = folder.resolve("out.csv");
        Path npy = folder.resolve("out.npy");
        Ran.done("infer", run, "--input", images, "--output", csv, "--images", npy);
        assertThat(NumpyFile.read(npy).shape()).containsExactly(2, N, N);
        Path png = folder.resolve("out.png");
        Ran.of("infer", run, "--input", images, "--output", folder.resolve("other.csv"), "--images", png)
                .refused(Main.FAILED, "out.png", "need one image for a PNG file, got 2");
        assertThat(png).doesNotExist();
        assertThat(folder.resolve("other.csv")).doesNotExist();
        Ran.of("infer", run, "--input", images, "--output", csv, "--images", folder.resolve("out.jpg"))
                .refused(Main.FAILED, "out.jpg", "need a name that ends in .npy or .png");
        Ran.of("infer", run, "--input", images, "--output", csv, "--images", png, "--bits", 9)
                .refused(Main.FAILED, "--bits: need 8 or 16, got 9");
        Ran.of("infer", run, "--input", images, "--output", npy, "--images", npy)
                .refused(Main.FAILED, "need another file");
    }

    @Test
    void runsAreComparedWithoutOtherOptions() {
        Ran.of("compare", "tomography", "--runs", run, "--lr", 1).refused(Main.USAGE, "--lr: need it without --runs");
        Ran.of("compare", "tomography", "--runs", run, "--adjoints", "jfb").refused(Main.USAGE, "without --adjoints");
        Ran.of("compare", "paths", "--runs", run).refused(Main.FAILED, "need a run of paths, got one of tomography");
    }

    private static float[] disc() {
        float[] image = new float[N * N];
        for (int i = 0; i < image.length; i++) {
            int row = i / N;
            image[i] = Math.hypot(i % N - 7.5, row - 7.5) < 5 ? 0.6f : 0;
        }
        return image;
    }
}
