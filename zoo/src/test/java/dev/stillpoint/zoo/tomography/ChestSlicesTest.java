package dev.stillpoint.zoo.tomography;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.stillpoint.data.AtomicFile;
import dev.stillpoint.data.DataException;
import dev.stillpoint.data.NumpyArray;
import dev.stillpoint.data.NumpyFile;
import java.nio.file.Path;
import java.util.Collections;
import java.util.HashSet;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@link ChestSlices}. */
class ChestSlicesTest {
    @TempDir
    private Path folder;

    /** The file with 128 x 128 pixels holds the means of 2 x 2, rounded to 1/65535. */
    @Test
    void reducedSlicesAreThePublishedMeans() {
        Path real = ChestData.real();
        ChestSlices slices = ChestSlices.read(real);
        assertThat(slices.size()).isEqualTo(69);
        NumpyArray published = NumpyFile.read(real.resolve("tcga_chest_128.npy"));
        for (int slice : new int[] {0, 33, 68}) {
            float[] own = slices.reduced(slice, 128);
            for (int i = 0; i < own.length; i++) {
                assertThat(own[i] * 65535.0).isCloseTo(published.number(slice * own.length + i), within(1.0));
            }
        }
        ChestSlices.Parts parts = slices.split(26, 4, 10, 0);
        assertThat(parts.train().length + parts.validate().length + parts.test().length)
                .isEqualTo(69);
        apart(slices, parts);
    }

    @Test
    void splitsByPatient() {
        ChestSlices slices = ChestData.standIn(folder);
        ChestSlices.Parts parts = slices.split(26, 4, 10, 3);
        assertThat(new int[] {parts.train().length, parts.validate().length, parts.test().length})
                .containsExactly(26, 4, 10);
        apart(slices, parts);
        assertThat(slices.split(26, 4, 10, 3).test()).isEqualTo(parts.test());
        assertThat(slices.split(26, 4, 10, 4).test()).isNotEqualTo(parts.test());
    }

    private static void apart(ChestSlices slices, ChestSlices.Parts parts) {
        Set<String> seen = new HashSet<>();
        for (int[] part : new int[][] {parts.train(), parts.validate(), parts.test()}) {
            Set<String> own = new HashSet<>();
            for (int slice : part) {
                own.add(slices.patient(slice));
            }
            assertThat(Collections.disjoint(own, seen)).isTrue();
            seen.addAll(own);
        }
        assertThat(seen).hasSize(40);
    }

    @Test
    void otherFilesAreRefused() {
        Path images = folder.resolve("tcga_chest_256.npy");
        Path patients = folder.resolve("tcga_chest_128.csv");
        assertThatThrownBy(() -> ChestSlices.read(folder))
                .isInstanceOf(DataException.class)
                .hasMessage(images + ": need a readable NPY file, got NoSuchFileException");
        NumpyFile.write(images, NumpyArray.of(new float[9], 1, 3, 3));
        assertThatThrownBy(() -> ChestSlices.read(folder))
                .hasMessage(images + ": need u2 of shape [slices, 256, 256], got F4 of [1, 3, 3]");
        NumpyFile.write(images, NumpyArray.of(NumpyArray.Type.U2, new long[65536], 1, 256, 256));
        assertThatThrownBy(() -> ChestSlices.read(folder))
                .hasMessage(patients + ": need a readable CSV file, got NoSuchFileException");
        AtomicFile.writeString(patients, "index,patient,collection\n");
        assertThatThrownBy(() -> ChestSlices.read(folder))
                .hasMessage(patients + ": need the header index,patient,collection and 1 rows, got 1 lines");
        AtomicFile.writeString(patients, "index,patient,collection\n1,P,X\n");
        assertThatThrownBy(() -> ChestSlices.read(folder))
                .hasMessage(patients + ", line 2: need index 0, patient and collection, got \"1,P,X\"");
    }
}
