package dev.stillpoint.zoo.tomography;

import dev.stillpoint.network.ConvexPotential;
import dev.stillpoint.tensor.Batch;
import java.util.List;
import org.bytedeco.pytorch.Tensor;

/**
 * What a batch's problems are made of: data and thresholds a sample, and the weights that all of them share, as they are applied.
 *
 * @param data d in the network's unit, [batch, beams]
 * @param radius δ in that unit, [batch, 1]
 * @param kernel K, [channels, 1, k, k], ‖K‖ ≤ 1
 * @param potentials the regulariser's layers, with thresholds [batch, hidden, 1 or n, 1 or n]
 */
public record ScanContext(Tensor data, Tensor radius, Tensor kernel, List<ConvexPotential.Step> potentials)
        implements Batch<ScanContext> {
    @Override
    public int size() {
        return Math.toIntExact(data.size(0));
    }

    @Override
    public ScanContext select(Tensor rows) {
        List<ConvexPotential.Step> chosen = potentials.stream()
                .map(step ->
                        new ConvexPotential.Step(step.kernel(), step.threshold().index_select(0, rows)))
                .toList();
        return new ScanContext(data.index_select(0, rows), radius.index_select(0, rows), kernel, chosen);
    }
}
