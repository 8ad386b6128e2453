package dev.stillpoint.zoo.tomography;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.stillpoint.data.DataException;
import dev.stillpoint.data.GreyImage;
import dev.stillpoint.data.NumpyArray;
import dev.stillpoint.data.NumpyFile;
import dev.stillpoint.train.TrainingListener;
import dev.stillpoint.zoo.Application;
import dev.stillpoint.zoo.Decision;
import dev.stillpoint.zoo.FinishedRun;
import dev.stillpoint.zoo.Model;
import dev.stillpoint.zoo.Settings;
import dev.stillpoint.zoo.SideBySide;
import dev.stillpoint.zoo.TrainingRun;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Whole runs on small images of discs. */
class TomographyRunTest {
    private static final int N = 16;
    private static final int ANGLES = 8;
    /** Solves end at 1e-5 of the whole state, of which Kx, of small images above all, is a hundredth. */
    private static final double OPTIMAL = 2e-3;

    private static final Application TOMOGRAPHY = Application.named("tomography");

    @TempDir
    static Path shared;

    @TempDir
    private Path folder;

    @BeforeAll
    static void write() throws java.io.IOException {
        ChestData.write(Files.createDirectory(shared.resolve("ct")));
        run(shared.resolve("l2o"), "l2o");
    }

    private static Settings settings(String method) {
        Map<String, String> texts = new LinkedHashMap<>(Map.of(
                "method", method, "data", shared.toString(), "pixels", "" + N, "angles", "" + ANGLES, "images", "10"));
        texts.putAll(Map.of("epochs", "1", "minutes", "0", "batch", "4"));
        if (method.equals("l2o")) {
            texts.putAll(Map.of("channels", "4", "hidden", "4", "filter", "3"));
        }
        return Settings.of(TOMOGRAPHY.settings(), texts);
    }

    private static TrainingRun.Outcome run(Path path, String method) {
        return TrainingRun.create(TOMOGRAPHY, settings(method), path, 1).train(new TrainingListener() {});
    }

    @Test
    void outputsKeepTheConstraints() {
        TrainingRun.Outcome outcome = TrainingRun.open(shared.resolve("l2o"), 1).evaluate();
        Map<String, Double> metrics = outcome.evaluation().metrics();
        assertThat(metrics)
                .containsEntry("maxBox", 0.0)
                .containsEntry("failingBox", 0.0)
                .containsEntry("failingFidelity", 0.0)
                .containsEntry("converged", 1.0);
        assertThat(metrics.get("maxFidelityOverRadius")).isLessThanOrEqualTo(ImageChecks.KEPT);
        assertThat(metrics.get("maxOptimality")).isLessThan(OPTIMAL);
        assertThat(metrics.get("weights")).isEqualTo(4 * 9 + 4 * 4 + 4 + 51_620);
    }

    @Test
    void imagesAndSinogramsAreRead() {
        Model model = Model.load(shared.resolve("l2o"));
        float[] image = Ellipse.draw(List.of(new Ellipse(0.8, 0.6, 0.4, 0.1, 0, 0.4)), N);
        Path png = folder.resolve("image.png");
        GreyImage.of(image, N, 16).write(png);
        List<Decision> scanned = new ArrayList<>();
        model.read(png).answer(scanned::add);
        assertThat(scanned).hasSize(1);
        assertThat(scanned.get(0).details()).containsOnlyKeys("psnr", "ssim");
        assertThat(Double.parseDouble(String.valueOf(scanned.get(0).details().get("psnr"))))
                .isGreaterThan(15);
        // The sinogram without noise of the same image, in line integrals.
        Scanner scanner = new Scanner(dev.stillpoint.kernel.ParallelBeam.of(N, ANGLES));
        float[] d = scanner.measure(image, 0, new java.util.SplittableRandom(1)).d();
        for (int i = 0; i < d.length; i++) {
            d[i] *= (float) scanner.unit();
        }
        Path npy = folder.resolve("sinogram.npy");
        NumpyFile.write(npy, NumpyArray.of(d, 1, ANGLES, scanner.beam().bins()));
        List<Decision> read = new ArrayList<>();
        model.read(npy).answer(read::add);
        assertThat(read.get(0).details()).isEmpty();
        assertThat(Similarity.psnr(read.get(0).relaxed(), scanned.get(0).relaxed()))
                .isGreaterThan(20);
        assertThat(model.imageWidth()).hasValue(N);
        assertThat(read.get(0).objective()).isCloseTo(0.01575, within(1e-4));
    }

    @Test
    void otherFilesAreRefused() {
        Model model = Model.load(shared.resolve("l2o"));
        Path png = folder.resolve("image.png");
        GreyImage.of(new float[12], 4, 8).write(png);
        assertThatThrownBy(() -> model.read(png))
                .isInstanceOf(DataException.class)
                .hasMessageContaining("need an image of 16 x 16 or a sinogram of")
                .hasMessageContaining("got 4 x 3");
        Path npy = folder.resolve("image.npy");
        NumpyFile.write(npy, NumpyArray.of(new float[2 * N * N], 2, N, N, 1));
        assertThatThrownBy(() -> model.read(npy)).hasMessageContaining("need shape [16, 16]");
        NumpyFile.write(npy, NumpyArray.of(NumpyArray.Type.I8, new long[N * N], N, N));
        assertThatThrownBy(() -> model.read(npy))
                .hasMessageContaining("need an image of type f4, f8, u1 or u2, got i8");
        float[] values = new float[2 * N * N];
        values[N * N + 3] = 2;
        NumpyFile.write(npy, NumpyArray.of(values, 2, N, N));
        assertThatThrownBy(() -> model.read(npy))
                .hasMessageContaining("row 1, number 3: need a finite number from 0 to 1, got 2.0");
    }

    @Test
    void settingsOfAnotherMethodAreRefused() {
        Map<String, String> texts = Map.of("method", "unet", "layers", "3");
        assertThatThrownBy(() -> TOMOGRAPHY.prepare(Settings.of(TOMOGRAPHY.settings(), texts)))
                .hasMessage("--layers: need another --method beside it, got unet");
        assertThatThrownBy(() -> Settings.of(TOMOGRAPHY.settings(), Map.of("method", "net")))
                .hasMessageContaining("--method: need l2o|unet|ffpn, got 'net'");
        assertThatThrownBy(() -> Settings.of(TOMOGRAPHY.settings(), Map.of("lr", "fast")))
                .hasMessageContaining("--lr: need a number or usual, got 'fast'");
    }

    @Test
    @Tag("slow")
    void finishedRunsAreSetSideBySide() {
        run(folder.resolve("unet"), "unet");
        run(folder.resolve("ffpn"), "ffpn");
        List<FinishedRun> runs = List.of(
                FinishedRun.load(shared.resolve("l2o"), TOMOGRAPHY),
                FinishedRun.load(folder.resolve("unet"), TOMOGRAPHY),
                FinishedRun.load(folder.resolve("ffpn"), TOMOGRAPHY));
        SideBySide result = TOMOGRAPHY.sideBySide(runs, message -> {});
        List<String> names = new ArrayList<>();
        result.json()
                .path("methods")
                .forEach(method -> names.add(method.path("method").asText()));
        assertThat(names).containsExactly("FBP", "TV", "F-FPN", "U-Net", "implicit L2O");
        assertThat(result.pictures().get("tomography.png")).startsWith(0x89, 'P', 'N', 'G');
        assertThat(result.json()
                        .path("methods")
                        .get(4)
                        .path("failing")
                        .path("fidelity")
                        .asDouble())
                .isZero();
        // Lost angles cannot be explained by any image.
        var lost = result.json().path("corruptions").get(4);
        assertThat(lost.path("corruption").asText()).contains("angles");
        assertThat(lost.path("rate").asDouble()).isEqualTo(1);
        assertThatThrownBy(() -> TOMOGRAPHY.sideBySide(runs.subList(1, 3), message -> {}))
                .hasMessageContaining("need a run of --method l2o");
    }
}
