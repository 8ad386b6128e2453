package dev.stillpoint.law;

import static org.assertj.core.api.Assertions.assertThat;

import dev.stillpoint.kernel.AffineFactor;
import dev.stillpoint.kernel.Bounds;
import dev.stillpoint.kernel.DavisYinTiles;
import dev.stillpoint.kernel.Judge;
import dev.stillpoint.kernel.Lanes;
import dev.stillpoint.kernel.SparseMatrix;
import dev.stillpoint.kernel.Verdict;
import dev.stillpoint.kernel.Workers;
import java.nio.FloatBuffer;
import java.util.Arrays;
import java.util.Random;

/** A sample's numbers are the same bit for bit in lanes of either width, alone or beside others, at any number of threads. */
public final class NarrowerLanesLaws {
    private static final int[] BATCHES = {1, 3, 17, 70};
    private static final int ROWS = 12;
    private static final int COLUMNS = 31;
    private static final double STEP = 0.3;
    private static final double GAMMA = 0.1;

    private NarrowerLanesLaws() {}

    /** Fails where the lanes do not keep it. */
    public static void check(Lanes lanes) {
        Random random = new Random(7);
        double[][] rows = new double[ROWS][COLUMNS];
        for (double[] row : rows) {
            for (int t = 0; t < 4; t++) {
                row[random.nextInt(COLUMNS)] = random.nextGaussian();
            }
        }
        AffineFactor factor = AffineFactor.of(SparseMatrix.of(rows));
        int most = BATCHES[BATCHES.length - 1];
        float[] cost = normal(random, most * COLUMNS);
        float[] start = normal(random, most * COLUMNS);
        double[][] kept = new double[most][];
        for (int i = 0; i < most; i++) {
            kept[i] = factor.kept(random.doubles(ROWS).toArray());
        }
        Bounds box = box(random);
        float[] expected = new float[most * COLUMNS];
        Workers.limit(1);
        DavisYinTiles narrow = new DavisYinTiles(lanes.narrower(), factor, box, STEP, GAMMA);
        run(narrow, most, start, cost, kept, expected);
        assertThat(expected).as("samples moved").isNotEqualTo(start);
        for (int threads : new int[] {1, 3}) {
            Workers.limit(threads);
            for (int batch : BATCHES) {
                float[] result = new float[batch * COLUMNS];
                run(new DavisYinTiles(lanes, factor, box, STEP, GAMMA), batch, start, cost, kept, result);
                assertThat(result)
                        .as("%s, %d samples, %d threads", lanes.name(), batch, threads)
                        .isEqualTo(Arrays.copyOf(expected, result.length));
            }
        }
    }

    /** Lower bounds of either sign, and none. */
    private static Bounds box(Random random) {
        float[] lower = new float[COLUMNS];
        float[] upper = new float[COLUMNS];
        for (int j = 0; j < COLUMNS; j++) {
            lower[j] = j % 3 == 0 ? 0 : j % 3 == 1 ? -random.nextFloat() : Float.NEGATIVE_INFINITY;
            upper[j] = j % 5 == 0 ? Float.POSITIVE_INFINITY : lower[j] + 1;
            upper[j] = Float.isFinite(upper[j]) ? upper[j] : 0.5f;
        }
        return new Bounds(lower, upper);
    }

    private static void run(
            DavisYinTiles tiles, int batch, float[] start, float[] cost, double[][] kept, float[] result) {
        Judge judge = new Judge() {
            @Override
            public Verdict look(int sample, int step, double residual, double size) {
                if (step < 5 + sample * 37 % 90) {
                    // So that marks move along, too.
                    return step % 8 == 0 ? Verdict.MEASURE : Verdict.GO_ON;
                }
                return Verdict.END;
            }

            @Override
            public Verdict moved(int sample, double distance) {
                return Verdict.GO_ON;
            }
        };
        tiles.run(
                new DavisYinTiles.Samples(
                        batch,
                        FloatBuffer.wrap(start),
                        FloatBuffer.wrap(cost),
                        Arrays.copyOf(kept, batch),
                        FloatBuffer.wrap(result)),
                judge);
    }

    private static float[] normal(Random random, int count) {
        float[] numbers = new float[count];
        for (int i = 0; i < count; i++) {
            numbers[i] = (float) random.nextGaussian();
        }
        return numbers;
    }
}
