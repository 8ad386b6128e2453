package dev.stillpoint.cli.measure;

import dev.stillpoint.Inference;
import dev.stillpoint.tensor.Rows;
import dev.stillpoint.tensor.TensorScope;
import dev.stillpoint.tensor.Tensors;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import org.bytedeco.pytorch.Tensor;

/**
 * Whether both sides of the benchmark iterate the same map: their x on the first batch, each sample after as many steps as
 * Stillpoint took for it.
 *
 * <p>T is nonexpansive, so what each step rounds adds up at most: the differences may grow with the steps, by some roundings
 * of ‖z‖₂ a step, and no faster.
 *
 * @param difference the largest of an entry
 * @param tolerance of it
 * @param steps the most of a sample
 */
public record PathsAgreement(double difference, double tolerance, int steps) {
    /** In units of 2⁻²³·‖z‖₂, so two roundings of every entry a step; they do not all point the same way, and a 30th was seen. */
    private static final double ROUNDINGS_A_STEP = 1;

    /**
     * What the condition number of AAᵀ adds to them: Stillpoint solves with AAᵀ in float32, which rounds in proportion to it;
     * against float64 a 6,000th was seen on grids of 20, 50 and 100, and the dense factors round a twentieth of that.
     */
    private static final double CONDITION_SHARE = 1e-3;

    /** Compares after at most {@code most} steps. */
    static PathsAgreement of(PathBatches data, StillpointPaths ours, PublishedDysNet published, int most) {
        try (TensorScope scope = TensorScope.open()) {
            Inference<Rows> answer = ours.answer(0, most);
            int[] steps = answer.solution().stats().steps();
            Tensor x = answer.x().detach();
            double[] difference = {0};
            int last = Arrays.stream(steps).max().orElse(0);
            published.iterate(published.costs(0), (displacement) -> false, last, (step, z) -> {
                List<Long> ended = new ArrayList<>();
                for (int i = 0; i < steps.length; i++) {
                    if (steps[i] == step) {
                        ended.add((long) i);
                    }
                }
                if (!ended.isEmpty()) {
                    Tensor rows =
                            Tensors.of(ended.stream().mapToLong(Long::longValue).toArray());
                    Tensor theirs = z.index_select(0, rows).relu();
                    double largest =
                            theirs.sub(x.index_select(0, rows)).abs().max().item_double();
                    // Math.max keeps NaN.
                    difference[0] = Math.max(difference[0], largest);
                }
            });
            double size = Tensors.rowNorm(answer.solution().z()).max().item_double();
            return new PathsAgreement(
                    difference[0], roundings(data.grid().k()) * last * Tensors.rounding(Tensors.type(x)) * size, last);
        }
    }

    /** A step, on the k x k grid: AAᵀ is its Laplacian, with eigenvalues other than 0 from 4·sin²(π/2k) to below 8. */
    private static double roundings(int k) {
        double condition = 2 / Math.pow(Math.sin(Math.PI / (2 * k)), 2);
        return ROUNDINGS_A_STEP + CONDITION_SHARE * condition;
    }

    /** This, where the sides agree. */
    PathsAgreement orThrow(String grid) {
        if (!(difference <= tolerance)) {
            throw new MeasurementException(String.format(
                    Locale.ROOT,
                    "bench paths: need the same x from both sides on grid %s within %.1e after %d steps, got a difference"
                            + " of %.1e",
                    grid,
                    tolerance,
                    steps,
                    difference));
        }
        return this;
    }
}
