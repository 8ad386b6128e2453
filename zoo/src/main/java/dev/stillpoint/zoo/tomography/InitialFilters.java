package dev.stillpoint.zoo.tomography;

import dev.stillpoint.tensor.TensorScope;
import dev.stillpoint.tensor.Tensors;
import java.util.ArrayList;
import java.util.List;
import java.util.random.RandomGenerator;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch.ScalarType;

/** What K begins with. */
final class InitialFilters {
    /** Waves beside the differences begin at this share of their size, so that training begins near total variation. */
    private static final double SMALL = 0.1;

    private InitialFilters() {}

    /** Differences along rows and columns, then weak cosine waves of rising frequency, and normal numbers without a mean for the rest. */
    static Tensor of(int channels, int size, RandomGenerator random) {
        int taps = size * size;
        double[] values = new double[channels * taps];
        int[][] waves = waves(size);
        for (int i = 0; i < channels; i++) {
            double mean = 0;
            for (int j = 0; j < taps; j++) {
                double value;
                if (i < 2) {
                    int after = taps / 2 + (i == 0 ? 1 : size);
                    value = j == taps / 2 ? -1 : j == after ? 1 : 0;
                } else if (i - 2 < waves.length) {
                    int[] wave = waves[i - 2];
                    value = SMALL
                            * 2
                            * Math.sqrt(2)
                            / size
                            * wave(wave[0], j / size, size)
                            * wave(wave[1], j % size, size);
                } else {
                    value = SMALL * Math.sqrt(2) / size * random.nextGaussian();
                }
                values[i * taps + j] = value;
                mean += value / taps;
            }
            for (int j = 0; j < taps; j++) {
                values[i * taps + j] -= mean;
            }
        }
        try (TensorScope scope = TensorScope.open()) {
            return TensorScope.persist(Tensors.of(values, channels, 1, size, size)
                    .to(ScalarType.Float)
                    .clone()
                    .requires_grad_(true));
        }
    }

    /** All pairs of frequencies but (0, 0), the lowest first. */
    private static int[][] waves(int size) {
        List<int[]> pairs = new ArrayList<>();
        for (int sum = 1; sum <= 2 * (size - 1); sum++) {
            for (int u = Math.max(0, sum - size + 1); u <= Math.min(sum, size - 1); u++) {
                pairs.add(new int[] {u, sum - u});
            }
        }
        return pairs.toArray(new int[0][]);
    }

    private static double wave(int frequency, int at, int size) {
        return Math.cos(Math.PI * frequency * (2 * at + 1) / (2.0 * size));
    }
}
