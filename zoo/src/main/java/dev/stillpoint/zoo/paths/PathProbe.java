package dev.stillpoint.zoo.paths;

import dev.stillpoint.ImplicitNetwork;
import dev.stillpoint.tensor.Rows;
import dev.stillpoint.zoo.polytope.CostProbe;
import java.util.Arrays;
import org.bytedeco.pytorch.Tensor;

/** The gradient of a grid's training loss on its first training rows. */
final class PathProbe extends CostProbe<Tensor, Rows> {
    PathProbe(ImplicitNetwork<Tensor, Rows> network, PathData training, PathTask trained) {
        this(network, trained, training.select(first(Math.min(ROWS, training.size()))));
    }

    private PathProbe(ImplicitNetwork<Tensor, Rows> network, PathTask trained, PathData rows) {
        super(
                network,
                trained,
                other -> new PathTask(other, rows, rows),
                PathNetwork.inferenceStop(rows.grid()),
                rows.size());
    }

    private static int[] first(int count) {
        int[] rows = new int[count];
        Arrays.setAll(rows, i -> i);
        return rows;
    }
}
