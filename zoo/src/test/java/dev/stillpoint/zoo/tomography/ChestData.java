package dev.stillpoint.zoo.tomography;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.stillpoint.data.AtomicFile;
import dev.stillpoint.data.NumpyArray;
import dev.stillpoint.data.NumpyFile;
import java.nio.file.Path;
import java.util.List;
import java.util.random.RandomGenerator;
import java.util.random.RandomGeneratorFactory;

/** Slices to test with: the real ones where the data folder is there, and ellipses that stand in for them. */
final class ChestData {
    private ChestData() {}

    static Path real() {
        String folder = System.getenv("STILLPOINT_DATA");
        assumeTrue(folder != null && !folder.isBlank(), "skipped: set STILLPOINT_DATA to the folder with ct/");
        return Path.of(folder, "ct");
    }

    /** Of 40 patients a slice each, in files as the real ones. */
    static ChestSlices standIn(Path folder) {
        int count = 40;
        int pixels = ChestSlices.SIDE * ChestSlices.SIDE;
        long[] values = new long[count * pixels];
        StringBuilder rows = new StringBuilder("index,patient,collection\n");
        RandomGenerator random = RandomGeneratorFactory.of("L64X128MixRandom").create(9);
        for (int k = 0; k < count; k++) {
            double size = 0.1 + 0.2 * random.nextDouble();
            float[] image = Ellipse.draw(
                    List.of(new Ellipse(0.8, size, 0.2, random.nextDouble() - 0.5, 0, 0)), ChestSlices.SIDE);
            for (int i = 0; i < pixels; i++) {
                values[k * pixels + i] = Math.round(65535 * image[i]);
            }
            rows.append(k).append(",P").append(k).append(",none\n");
        }
        NumpyFile.write(
                folder.resolve("tcga_chest_256.npy"),
                NumpyArray.of(NumpyArray.Type.U2, values, count, ChestSlices.SIDE, ChestSlices.SIDE));
        AtomicFile.writeString(folder.resolve("tcga_chest_128.csv"), rows.toString());
        return ChestSlices.read(folder);
    }
}
