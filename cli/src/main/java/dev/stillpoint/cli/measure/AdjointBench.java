package dev.stillpoint.cli.measure;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.stillpoint.adjoint.Adjoint;
import dev.stillpoint.adjoint.AdjointStats;
import dev.stillpoint.adjoint.Attached;
import dev.stillpoint.operator.DavisYin;
import dev.stillpoint.operator.Quadratic;
import dev.stillpoint.set.AffineSet;
import dev.stillpoint.set.NonNegative;
import dev.stillpoint.solver.FixedPointSolver;
import dev.stillpoint.solver.StoppingRule;
import dev.stillpoint.tensor.Learnable;
import dev.stillpoint.tensor.Rows;
import dev.stillpoint.tensor.TensorScope;
import dev.stillpoint.tensor.Tensors;
import dev.stillpoint.zoo.Adjoints;
import dev.stillpoint.zoo.GradientProbe;
import dev.stillpoint.zoo.paths.Grid;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
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

    /** In float64: so near that which flows are positive is known. */
    private static final StoppingRule PRECISE = StoppingRule.tolerance(1e-11).withMaxSteps(200_000);

    /** Samples that are solved in float64, */
    private static final int CANDIDATES = 8;

    /**
     * and those of them that are compared: whose z is furthest from 0 in every number. Where one is within float32's rounding of
     * 0, x has a kink, and either side's gradient is right.
     */
    private static final int COMPARED = 4;

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
     * @param error of the gradient, relative to {@link ReferenceGradient}
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
                    .put("costs", line.costs().name().toLowerCase(Locale.ROOT))
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
        /** Gradients of the first samples, one after another. */
        private final double[] exact;

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
            Tensor given = numbers(random, 1, costs.scale);
            int candidates = Math.min(CANDIDATES, samples);
            Tensor few = given.narrow(0, 0, candidates).to(ScalarType.Double);
            Tensor start = Tensors.zeros(ScalarType.Double, candidates, grid.arcs());
            double[] precise = Tensors.doubles(FixedPointSolver.of(PRECISE)
                    .solve(t, start, new Rows(few))
                    .orThrow()
                    .z());
            Integer[] order = new Integer[samples];
            Arrays.setAll(order, i -> i);
            Arrays.sort(order, 0, candidates, Comparator.comparingDouble(i -> -margin(precise, i)));
            Tensor rows = Tensors.of(Arrays.stream(order).mapToLong(i -> i).toArray());
            this.w = given.index_select(0, rows);
            this.target = numbers(random, 0, 0.3);
            this.z = solved(precise, order, Math.min(COMPARED, candidates));
            this.exact = reference(precise, order, Math.min(COMPARED, candidates));
        }

        /** How near z comes to 0, where x has a kink. */
        private double margin(double[] z, int sample) {
            return Arrays.stream(z, sample * grid.arcs(), (sample + 1) * grid.arcs())
                    .map(Math::abs)
                    .min()
                    .orElse(0);
        }

        /** z* in float32, of the first samples as float64 has it. */
        private Tensor solved(double[] precise, Integer[] order, int compared) {
            int n = grid.arcs();
            Tensor start = Tensors.zeros(ScalarType.Float, samples, n);
            float[] found = Tensors.floats(
                    FixedPointSolver.of(SOLVE).solve(t, start, new Rows(w)).z());
            for (int i = 0; i < compared; i++) {
                for (int j = 0; j < n; j++) {
                    found[i * n + j] = (float) precise[order[i] * n + j];
                }
            }
            return Tensors.of(found, samples, n);
        }

        private double[] reference(double[] precise, Integer[] order, int compared) {
            int n = grid.arcs();
            double[] targets = Tensors.doubles(target);
            double[] all = new double[compared * n];
            for (int i = 0; i < compared; i++) {
                double[] x = Arrays.copyOfRange(precise, order[i] * n, (order[i] + 1) * n);
                Arrays.setAll(x, j -> Math.max(0, x[j]));
                double[] gradient = ReferenceGradient.of(
                        grid.incidence(), GAMMA, x, Arrays.copyOfRange(targets, i * n, (i + 1) * n));
                System.arraycopy(gradient, 0, all, i * n, n);
            }
            return all;
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
            double[][] times = new double[ADJOINTS.size()][repetitions];
            Gradient[] gradients = new Gradient[ADJOINTS.size()];
            for (int r = -1; r < repetitions; r++) {
                for (int i = 0; i < gradients.length; i++) {
                    Adjoint adjoint = Adjoints.parse(ADJOINTS.get(i)).of(new Learnable() {});
                    long start = System.nanoTime();
                    gradients[i] = gradient(adjoint);
                    // The first round loads classes and fills caches.
                    if (r >= 0) {
                        times[i][r] = (System.nanoTime() - start) / 1e6 / samples;
                    }
                }
            }
            List<Line> lines = new ArrayList<>();
            for (int i = 0; i < gradients.length; i++) {
                double[] found = Arrays.copyOf(gradients[i].values, exact.length);
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

        private Gradient gradient(Adjoint adjoint) {
            try (TensorScope scope = TensorScope.open()) {
                Tensor leaf = w.detach().clone().requires_grad_(true);
                Rows c = new Rows(leaf);
                Attached attached = adjoint.solve(FixedPointSolver.of(SOLVED), t, z, c);
                Tensor miss = t.solution(attached.z(), c).sub(target);
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
