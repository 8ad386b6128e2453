package dev.stillpoint.cli.measure;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.stillpoint.adjoint.Adjoint;
import dev.stillpoint.adjoint.AdjointStats;
import dev.stillpoint.adjoint.Attached;
import dev.stillpoint.adjoint.Implicit;
import dev.stillpoint.operator.DavisYin;
import dev.stillpoint.operator.Quadratic;
import dev.stillpoint.set.AffineSet;
import dev.stillpoint.set.NonNegative;
import dev.stillpoint.solver.FixedPointSolver;
import dev.stillpoint.solver.Gmres;
import dev.stillpoint.solver.StoppingRule;
import dev.stillpoint.tensor.Learnable;
import dev.stillpoint.tensor.Rows;
import dev.stillpoint.tensor.TensorScope;
import dev.stillpoint.tensor.Tensors;
import dev.stillpoint.zoo.Adjoints;
import dev.stillpoint.zoo.GradientProbe;
import dev.stillpoint.zoo.paths.Grid;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import java.util.random.RandomGenerator;
import java.util.random.RandomGeneratorFactory;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch.ScalarType;

/**
 * Gradients of flows on grids with respect to their costs, by several adjoints from the same solved z*: time a sample and
 * error. In float32, as training does.
 *
 * @param grids nodes on a side, each at least 2
 * @param repetitions of each adjoint, in turns; medians count
 * @param samples of a batch
 * @param seed of costs and targets
 */
public record AdjointBench(List<Integer> grids, int repetitions, int samples, long seed) {
    /** In the notation of settings. */
    public static final List<String> ADJOINTS = List.of("jfb", "implicit:active", "implicit:fixed", "implicit:gmres");

    private static final double GAMMA = 0.5;
    private static final double STEP = 0.5;
    /** What training asks of a solve. */
    private static final StoppingRule SOLVE = StoppingRule.tolerance(1e-5).withMaxSteps(20_000);
    /** From z* it is met at the first look. */
    private static final StoppingRule SOLVED = StoppingRule.tolerance(1).withMaxSteps(1);

    private static final StoppingRule EXACT = new StoppingRule(0, 1e-9, 20_000, 1);
    /** Restarted sooner, GMRES stands still on large grids. */
    private static final int RESTART = 300;

    /** The reference is computed for so many samples: at 100 nodes on a side it takes a second for each. */
    private static final int REFERENCE = 4;

    private static final ObjectMapper JSON = new ObjectMapper();

    /** Where training begins and where it ends: how large the costs are beside γ. */
    public enum Costs {
        /** As at first: flows spread over many paths. */
        SMALL(0.03),
        /** As later: flows near a path. */
        LARGE(1);

        private final double scale;

        Costs(double scale) {
            this.scale = scale;
        }
    }

    /**
     * One adjoint on one grid.
     *
     * @param grid nodes on a side
     * @param variables n
     * @param costs how large they are
     * @param free the share of variables in F
     * @param adjoint its notation
     * @param milliseconds a sample, forward from z* and backward, median
     * @param products with Jᵀ, for the batch
     * @param error of the gradient, relative to that of GMRES in float64 at the same z*
     * @param cosine with it
     */
    public record Line(
            int grid,
            int variables,
            Costs costs,
            double free,
            String adjoint,
            double milliseconds,
            int products,
            double error,
            double cosine) {}

    /** Lines of progress. */
    public int parts() {
        return grids.size() * Costs.values().length;
    }

    /** Measures. */
    public List<Line> run(Consumer<String> progress) {
        List<Line> lines = new ArrayList<>();
        for (int k : grids) {
            for (Costs costs : Costs.values()) {
                try (TensorScope scope = TensorScope.open()) {
                    List<Line> found = new Case(new Grid(k), costs).measure();
                    lines.addAll(found);
                    progress.accept(String.format(
                            "%d x %d, %.0f %% free: %s %.3g ms a sample, %s %.3g",
                            k,
                            k,
                            100 * found.get(0).free(),
                            found.get(0).adjoint(),
                            found.get(0).milliseconds(),
                            found.get(1).adjoint(),
                            found.get(1).milliseconds()));
                }
            }
        }
        return lines;
    }

    /** {seed, repetitions, samples, lines}. */
    public ObjectNode toJson(List<Line> lines) {
        ObjectNode node = JSON.createObjectNode()
                .put("seed", seed)
                .put("repetitions", repetitions)
                .put("samples", samples);
        ArrayNode all = node.putArray("lines");
        for (Line line : lines) {
            all.addObject()
                    .put("grid", line.grid())
                    .put("variables", line.variables())
                    .put("costs", line.costs().name().toLowerCase(java.util.Locale.ROOT))
                    .put("free", line.free())
                    .put("adjoint", line.adjoint())
                    .put("milliseconds", line.milliseconds())
                    .put("products", line.products())
                    .put("error", line.error())
                    .put("cosine", line.cosine());
        }
        return node;
    }

    /** One batch. */
    private final class Case {
        private final Grid grid;
        private final Costs costs;
        private final DavisYin<Rows> t;
        private final Tensor w;
        private final Tensor target;
        private final Tensor z;

        Case(Grid grid, Costs costs) {
            this.grid = grid;
            this.costs = costs;
            this.t = new DavisYin<>(
                    new Quadratic<>(Rows::values, GAMMA),
                    new NonNegative<>(),
                    AffineSet.of(grid.incidence(), grid.supply()),
                    STEP);
            RandomGenerator random =
                    RandomGeneratorFactory.of("L64X128MixRandom").create(seed);
            this.w = numbers(random, 1, costs.scale);
            this.target = numbers(random, 0, 0.3);
            Tensor start = Tensors.zeros(ScalarType.Float, samples, grid.arcs());
            this.z = FixedPointSolver.of(SOLVE).solve(t, start, new Rows(w)).z();
        }

        /** scale·(mean + N(0, 1)/3). */
        private Tensor numbers(RandomGenerator random, double mean, double scale) {
            float[] values = new float[samples * grid.arcs()];
            for (int j = 0; j < values.length; j++) {
                values[j] = (float) (scale * (mean + random.nextGaussian() / 3));
            }
            return Tensors.of(values, samples, grid.arcs());
        }

        List<Line> measure() {
            Tensor x = t.solution(z, new Rows(w));
            double free = x.gt(new Scalar(0.0)).to(ScalarType.Double).mean().item_double();
            int few = Math.min(REFERENCE, samples);
            double[] exact = reference(few);
            double[][] times = new double[ADJOINTS.size()][repetitions];
            Gradient[] gradients = new Gradient[ADJOINTS.size()];
            for (int r = -1; r < repetitions; r++) {
                for (int i = 0; i < gradients.length; i++) {
                    Adjoint adjoint = Adjoints.parse(ADJOINTS.get(i)).of(new Learnable() {});
                    long start = System.nanoTime();
                    gradients[i] = gradient(adjoint, samples, ScalarType.Float);
                    // The first round loads classes and fills caches.
                    if (r >= 0) {
                        times[i][r] = (System.nanoTime() - start) / 1e6 / samples;
                    }
                }
            }
            List<Line> lines = new ArrayList<>();
            for (int i = 0; i < gradients.length; i++) {
                double[] found = java.util.Arrays.copyOf(gradients[i].values, exact.length);
                lines.add(new Line(
                        grid.k(),
                        grid.arcs(),
                        costs,
                        free,
                        ADJOINTS.get(i),
                        Statistics.median(times[i]),
                        gradients[i].stats.products(),
                        error(found, exact),
                        GradientProbe.cosine(found, exact)));
            }
            return lines;
        }

        private double[] reference(int rows) {
            Gradient found = gradient(new Implicit(new Gmres(EXACT, RESTART)), rows, ScalarType.Double);
            if (found.stats.verdict() != AdjointStats.Verdict.SOLVED) {
                throw new MeasurementException(
                        "bench adjoints: need an exact gradient to compare with, got " + found.stats.message());
            }
            return found.values;
        }

        private Gradient gradient(Adjoint adjoint, int rows, ScalarType type) {
            try (TensorScope scope = TensorScope.open()) {
                Tensor leaf = w.narrow(0, 0, rows).to(type).detach().clone().requires_grad_(true);
                Rows c = new Rows(leaf);
                Tensor start = z.narrow(0, 0, rows).to(type);
                Attached attached = adjoint.solve(FixedPointSolver.of(SOLVED), t, start, c);
                Tensor miss = t.solution(attached.z(), c)
                        .sub(target.narrow(0, 0, rows).to(type));
                miss.mul(miss).sum().backward();
                return new Gradient(
                        Tensors.doubles(leaf.grad()), attached.afterBackward().get());
            }
        }
    }

    private record Gradient(double[] values, AdjointStats stats) {}

    private static double error(double[] found, double[] exact) {
        double difference = 0;
        double size = 0;
        for (int j = 0; j < exact.length; j++) {
            difference += (found[j] - exact[j]) * (found[j] - exact[j]);
            size += exact[j] * exact[j];
        }
        return Math.sqrt(difference / size);
    }
}
