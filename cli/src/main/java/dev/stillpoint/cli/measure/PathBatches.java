package dev.stillpoint.cli.measure;

import dev.stillpoint.network.LeakyRelu;
import dev.stillpoint.network.Linear;
import dev.stillpoint.network.Sequential;
import dev.stillpoint.tensor.Tensors;
import dev.stillpoint.zoo.paths.Grid;
import dev.stillpoint.zoo.paths.PathData;
import dev.stillpoint.zoo.paths.PathGenerator;
import java.util.Arrays;
import java.util.random.RandomGenerator;
import java.util.random.RandomGeneratorFactory;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;

/**
 * What both sides of the benchmark are given: instances of a grid in batches, always in the same order, one cold start, and
 * initial weights. Belongs to the scope that was open when it was made.
 *
 * @param grid the graph
 * @param seed of everything
 * @param batch rows of a batch; the last one may be smaller
 * @param contexts [samples, 5]
 * @param paths optimal, [samples, n]
 * @param start z₀ of every sample, uniform on [0, 1): [1, n]
 */
record PathBatches(Grid grid, long seed, int batch, Tensor contexts, Tensor paths, Tensor start) {
    private static final int FEATURES = 5;
    private static final int HIDDEN = 50;
    private static final double SLOPE = 0.1;

    static PathBatches generate(int k, int samples, int batch, long seed) {
        PathGenerator published = PathGenerator.published(k);
        PathData data = published.withRows(samples).withSeed(seed).generate();
        Grid grid = data.grid();
        float[] start = new float[grid.arcs()];
        float[][] paths = new float[samples][];
        Arrays.setAll(paths, data::path);
        RandomGenerator random = random(seed);
        for (int i = 0; i < start.length; i++) {
            start[i] = random.nextFloat();
        }
        return new PathBatches(
                grid, seed, batch, Tensors.of(data.contexts()), Tensors.of(paths), Tensors.of(start, 1, start.length));
    }

    int samples() {
        return Math.toIntExact(contexts.size(0));
    }

    int batches() {
        return (samples() + batch - 1) / batch;
    }

    /** The rows of batch {@code i} of a tensor [samples, ...]: a view. */
    Tensor rows(Tensor all, int i) {
        long first = i * (long) batch;
        return all.narrow(0, first, Math.min(batch, samples() - first));
    }

    /** z₀ in every row, [rows, n]: a view. */
    Tensor start(long rows) {
        return start.expand(rows, start.size(1));
    }

    /** The published encoder d ↦ w, Linear(50, n) ∘ LeakyReLU(0.1) ∘ Linear(5, 50), with the same initial weights each time. */
    Sequential encoder() {
        RandomGenerator random = random(seed + 1);
        return Sequential.of(
                new Linear(FEATURES, HIDDEN, random), new LeakyRelu(SLOPE), new Linear(HIDDEN, grid.arcs(), random));
    }

    /** Mean squared error against the optimal paths of batch {@code i}. */
    Tensor loss(Tensor x, int i) {
        return torch.mse_loss(x, rows(paths, i));
    }

    private static RandomGenerator random(long seed) {
        return RandomGeneratorFactory.of("L64X128MixRandom").create(seed);
    }
}
