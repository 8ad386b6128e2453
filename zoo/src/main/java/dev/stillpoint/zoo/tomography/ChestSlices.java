package dev.stillpoint.zoo.tomography;

import dev.stillpoint.data.DataException;
import dev.stillpoint.data.NumpyArray;
import dev.stillpoint.data.NumpyFile;
import dev.stillpoint.data.Split;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Real chest CT slices of 256 x 256 pixels, brightness (HU + 1000)/2000 clipped to [0, 1], and whose they are: the files
 * {@code tcga_chest_256.npy} (u2, [slices, 256, 256]) and {@code tcga_chest_128.csv} (index, patient, collection).
 */
public final class ChestSlices {
    /** Pixels on a side. */
    public static final int SIDE = 256;

    private static final String IMAGES = "tcga_chest_256.npy";
    private static final String PATIENTS = "tcga_chest_128.csv";
    private static final String HEADER = "index,patient,collection";
    private static final float WHITE = 65535;

    private final List<float[]> images;
    private final List<String> patients;

    private ChestSlices(List<float[]> images, List<String> patients) {
        this.images = images;
        this.patients = patients;
    }

    /**
     * Reads both files.
     *
     * @param folder where they lie
     * @throws DataException if one is missing or not as described
     */
    public static ChestSlices read(Path folder) {
        Path file = folder.resolve(IMAGES);
        NumpyArray array = NumpyFile.read(file);
        int[] shape = array.shape();
        if (array.type() != NumpyArray.Type.U2 || shape.length != 3 || shape[1] != SIDE || shape[2] != SIDE) {
            throw new DataException(
                    file, "need u2 of shape [slices, 256, 256], got " + array.type() + " of " + Arrays.toString(shape));
        }
        List<String> patients = patients(folder.resolve(PATIENTS), shape[0]);
        List<float[]> images = new ArrayList<>();
        for (int k = 0; k < shape[0]; k++) {
            float[] image = new float[SIDE * SIDE];
            for (int i = 0; i < image.length; i++) {
                image[i] = (float) array.number(k * image.length + i) / WHITE;
            }
            images.add(image);
        }
        return new ChestSlices(images, patients);
    }

    private static List<String> patients(Path file, int slices) {
        List<String> lines;
        try {
            lines = Files.readAllLines(file);
        } catch (IOException e) {
            throw new DataException(
                    file, "need a readable CSV file, got " + e.getClass().getSimpleName(), e);
        }
        if (lines.size() != slices + 1 || !lines.get(0).equals(HEADER)) {
            throw new DataException(
                    file, "need the header " + HEADER + " and " + slices + " rows, got " + lines.size() + " lines");
        }
        List<String> patients = new ArrayList<>();
        for (String line : lines.subList(1, lines.size())) {
            String[] fields = line.split(",", -1);
            if (fields.length != 3 || !fields[0].equals(Integer.toString(patients.size()))) {
                throw DataException.at(
                        file,
                        patients.size() + 2,
                        "need index " + patients.size() + ", patient and collection, got " + DataException.quote(line));
            }
            patients.add(fields[1]);
        }
        return patients;
    }

    /** The number of slices. */
    public int size() {
        return images.size();
    }

    /** A slice, row by row; shared, not copied. */
    public float[] image(int slice) {
        return images.get(slice);
    }

    /** Whose a slice is. */
    public String patient(int slice) {
        return patients.get(slice);
    }

    /**
     * A slice as the means of squares of pixels.
     *
     * @param slice which
     * @param pixels on a side: 256, 128, 64, ...
     * @return [pixels²]
     */
    public float[] reduced(int slice, int pixels) {
        if (pixels < 1 || SIDE % pixels != 0) {
            throw new IllegalArgumentException("ChestSlices: need a divisor of " + SIDE + ", got " + pixels);
        }
        int factor = SIDE / pixels;
        float[] fine = images.get(slice);
        float[] image = new float[pixels * pixels];
        for (int i = 0; i < SIDE; i++) {
            for (int j = 0; j < SIDE; j++) {
                image[i / factor * pixels + j / factor] += fine[i * SIDE + j] / (factor * factor);
            }
        }
        return image;
    }

    /**
     * Slices to train, to validate and to test, no patient in two of them: patients in the order of the file are dealt by
     * {@link Split}.
     *
     * @param train patients
     * @param validate patients
     * @param test patients
     * @param seed of the deal
     */
    public Parts split(int train, int validate, int test, long seed) {
        List<String> distinct = patients.stream().distinct().toList();
        Split split = Split.of(distinct.size(), train, validate, test, seed);
        return new Parts(of(distinct, split.train()), of(distinct, split.validate()), of(distinct, split.test()));
    }

    /**
     * Slices by their numbers, ascending.
     *
     * @param train to train
     * @param validate to validate
     * @param test to test
     */
    public record Parts(int[] train, int[] validate, int[] test) {}

    private int[] of(List<String> distinct, int[] chosen) {
        List<String> names = Arrays.stream(chosen).mapToObj(distinct::get).toList();
        int[] slices = new int[size()];
        int count = 0;
        for (int k = 0; k < slices.length; k++) {
            if (names.contains(patients.get(k))) {
                slices[count++] = k;
            }
        }
        return Arrays.copyOf(slices, count);
    }
}
