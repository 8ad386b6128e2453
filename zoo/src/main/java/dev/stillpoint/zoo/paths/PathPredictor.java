package dev.stillpoint.zoo.paths;

import dev.stillpoint.ImplicitNetwork;
import dev.stillpoint.Inference;
import dev.stillpoint.certificate.Certificates;
import dev.stillpoint.certificate.HardLimit;
import dev.stillpoint.certificate.NearestContext;
import dev.stillpoint.certificate.Quantile;
import dev.stillpoint.data.CsvTable;
import dev.stillpoint.solver.SolveStats;
import dev.stillpoint.tensor.Rows;
import dev.stillpoint.tensor.TensorScope;
import dev.stillpoint.tensor.Tensors;
import dev.stillpoint.zoo.Decision;
import dev.stillpoint.zoo.Predictor;
import dev.stillpoint.zoo.polytope.CostNetwork;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.Consumer;
import org.bytedeco.pytorch.Tensor;

/** Decides by the exact path under the predicted costs, and certifies the relaxed solution behind them. */
final class PathPredictor implements Predictor {
    /** Largest ‖Ax − b‖∞ of a relaxed flow that counts as feasible. */
    static final double FEASIBLE = CostNetwork.FEASIBLE;

    /** The names of the checks, in the order of their values. */
    static final List<String> CHECKS = List.of("constraints", "residual", "context");

    private final Grid grid;
    private final ImplicitNetwork<Tensor, Rows> network;
    private final NearestContext training;
    private final Certificates certificates;

    PathPredictor(
            Grid grid, ImplicitNetwork<Tensor, Rows> network, NearestContext training, Certificates certificates) {
        this.grid = grid;
        try (TensorScope scope = TensorScope.open()) {
            this.network = CostNetwork.startingAt(
                    PathNetwork.forInference(grid, network), Tensors.of(new float[][] {training.mean()}));
        }
        this.training = training;
        this.certificates = certificates;
    }

    /** A predictor whose checks are calibrated on these contexts. */
    static PathPredictor calibrated(
            Grid grid, ImplicitNetwork<Tensor, Rows> network, NearestContext training, float[][] contexts) {
        HardLimit constraints = new HardLimit(CHECKS.get(0), FEASIBLE);
        List<double[]> values =
                new PathPredictor(grid, network, training, new Certificates(List.of(constraints))).properties(contexts);
        double[] residual = new double[values.size()];
        double[] distance = new double[values.size()];
        for (int i = 0; i < residual.length; i++) {
            residual[i] = values.get(i)[1];
            distance[i] = values.get(i)[2];
        }
        return new PathPredictor(
                grid,
                network,
                training,
                new Certificates(List.of(
                        constraints, Quantile.of(CHECKS.get(1), residual), Quantile.of(CHECKS.get(2), distance))));
    }

    Certificates certificates() {
        return certificates;
    }

    @Override
    public List<String> inputs() {
        return CsvTable.numbered("x", training.reference()[0].length);
    }

    @Override
    public void infer(float[][] contexts, Consumer<Decision> taker) {
        ShortestPath oracle = new ShortestPath(grid);
        forEachChunk(contexts, (chunk, costs, inference, i) -> {
            float[] w = costs[i];
            float[] x = chunk.flows[i];
            boolean finite = CostNetwork.finite(w);
            float[] path = finite ? oracle.solve(w) : new float[w.length];
            taker.accept(new Decision(
                    finite ? nodes(path) : "",
                    path,
                    x,
                    finite ? oracle.cost(w, path) : Double.NaN,
                    inference.solution().status()[i],
                    inference.solution().stats().steps()[i],
                    inference.solution().stats().residual()[i],
                    inference.violation()[i],
                    certificates.judge(values(chunk, inference, i))));
        });
    }

    /** The predicted costs of some contexts, [rows, E]. */
    float[][] costs(float[][] contexts) {
        List<float[]> all = new ArrayList<>(contexts.length);
        forEachChunk(contexts, (chunk, costs, inference, i) -> all.add(costs[i]));
        return all.toArray(new float[0][]);
    }

    private List<double[]> properties(float[][] contexts) {
        List<double[]> all = new ArrayList<>(contexts.length);
        forEachChunk(contexts, (chunk, costs, inference, i) -> all.add(values(chunk, inference, i)));
        return all;
    }

    /**
     * Violation, residual and context distance of a row. The residual is in units of the tolerance asked for, and at least 1:
     * how far below the tolerance a solve happens to stop says nothing about the inference.
     */
    private double[] values(Chunk chunk, Inference<Rows> inference, int i) {
        SolveStats stats = inference.solution().stats();
        double residual = stats.residual()[i] / stats.threshold()[i];
        return new double[] {
            inference.violation()[i],
            Double.isNaN(residual) ? Double.NaN : Math.max(1, residual),
            training.distance(chunk.contexts[i])
        };
    }

    private record Chunk(float[][] contexts, float[][] flows) {}

    private interface Row {
        void accept(Chunk chunk, float[][] costs, Inference<Rows> inference, int i);
    }

    private void forEachChunk(float[][] contexts, Row row) {
        int rows = chunk(grid);
        for (int from = 0; from < contexts.length; from += rows) {
            float[][] part = Arrays.copyOfRange(contexts, from, Math.min(contexts.length, from + rows));
            try (TensorScope scope = TensorScope.open()) {
                Inference<Rows> inference = network.infer(Tensors.of(part));
                Chunk chunk = new Chunk(part, Tensors.rows(inference.x()));
                float[][] costs = Tensors.rows(inference.context().values());
                for (int i = 0; i < part.length; i++) {
                    row.accept(chunk, costs, inference, i);
                }
            }
        }
    }

    /** Rows of this grid that are solved together. */
    static int chunk(Grid grid) {
        return CostNetwork.chunk(grid.arcs());
    }

    private String nodes(float[] path) {
        StringBuilder text = new StringBuilder();
        for (int node : grid.nodes(path)) {
            text.append(text.isEmpty() ? "" : "-").append(node);
        }
        return text.toString();
    }
}
