package dev.stillpoint.zoo.paths;

import dev.stillpoint.ImplicitNetwork;
import dev.stillpoint.Inference;
import dev.stillpoint.tensor.Rows;
import dev.stillpoint.tensor.TensorScope;
import dev.stillpoint.tensor.Tensors;
import dev.stillpoint.zoo.polytope.CostNetwork;
import dev.stillpoint.zoo.polytope.CostTask;
import java.util.Map;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch.ScalarType;

/** Mean squared error between the relaxed flow and the optimal path of a grid, from contexts and optimal paths alone. */
final class PathTask extends CostTask<Tensor, Rows> {
    PathTask(ImplicitNetwork<Tensor, Rows> network, PathData training, PathData validation) {
        super(network, new Paths(training), new Paths(validation), inference -> regret(inference, validation));
    }

    private static Map<String, Double> regret(Inference<Rows> inference, PathData validation) {
        float[][] costs = Tensors.rows(inference.context().values());
        boolean finite = true;
        for (float[] row : costs) {
            finite &= CostNetwork.finite(row);
        }
        return Map.of(
                "validationRegret", finite ? Regret.ofCosts(costs, validation).normalised() : Double.NaN);
    }

    /** Paths as lists of their arcs, [size, 2(k−1)]: indicators of all rows would not fit into memory on a large grid. */
    private static final class Paths implements Part<Tensor> {
        private final int size;
        private final int variables;
        private final Tensor contexts;
        private final Tensor arcs;

        Paths(PathData data) {
            this.size = data.size();
            this.variables = data.grid().arcs();
            try (TensorScope scope = TensorScope.open()) {
                this.contexts = TensorScope.persist(Tensors.of(data.contexts()));
                this.arcs = TensorScope.persist(arcs(data));
            }
        }

        private static Tensor arcs(PathData data) {
            int length = data.grid().pathLength();
            long[] flat = new long[data.size() * length];
            for (int i = 0; i < data.size(); i++) {
                for (int j = 0; j < length; j++) {
                    flat[i * length + j] = data.arcs()[i][j];
                }
            }
            return Tensors.of(flat).view(data.size(), length);
        }

        @Override
        public int size() {
            return size;
        }

        @Override
        public int variables() {
            return variables;
        }

        @Override
        public Tensor inputs() {
            return contexts;
        }

        @Override
        public Tensor inputs(Tensor rows) {
            return contexts.index_select(0, rows);
        }

        @Override
        public Tensor decisions() {
            return indicators(arcs);
        }

        @Override
        public Tensor decisions(Tensor rows) {
            return indicators(arcs.index_select(0, rows));
        }

        /** Indicators [rows, E] of the paths with these arcs [rows, 2(k−1)]. */
        private Tensor indicators(Tensor arcs) {
            return Tensors.zeros(ScalarType.Float, arcs.size(0), variables).scatter_(1, arcs, new Scalar(1.0));
        }
    }
}
