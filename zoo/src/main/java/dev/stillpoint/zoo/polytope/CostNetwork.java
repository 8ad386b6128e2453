package dev.stillpoint.zoo.polytope;

import dev.stillpoint.Encoder;
import dev.stillpoint.ImplicitNetwork;
import dev.stillpoint.Start;
import dev.stillpoint.kernel.SparseMatrix;
import dev.stillpoint.network.Layer;
import dev.stillpoint.network.LeakyRelu;
import dev.stillpoint.network.Linear;
import dev.stillpoint.network.Scale;
import dev.stillpoint.network.Sequential;
import dev.stillpoint.operator.DavisYin;
import dev.stillpoint.operator.Operator;
import dev.stillpoint.operator.Quadratic;
import dev.stillpoint.set.AffineSet;
import dev.stillpoint.set.Box;
import dev.stillpoint.solver.FixedPointSolver;
import dev.stillpoint.solver.Solution;
import dev.stillpoint.solver.Status;
import dev.stillpoint.solver.StoppingRule;
import dev.stillpoint.tensor.Batch;
import dev.stillpoint.tensor.ParameterVisitor;
import dev.stillpoint.tensor.Tensors;
import dev.stillpoint.zoo.Adjoints;
import dev.stillpoint.zoo.problem.Problem;
import java.util.List;
import java.util.random.RandomGenerator;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;
import org.bytedeco.pytorch.global.torch.ScalarType;

/**
 * x(d) = argmin w(d)ᵀx + γ/2‖x‖² over {Ax = b, l ≤ x ≤ u}, by Davis-Yin splitting, with costs
 * w = s·(Linear(hidden, n) ∘ LeakyReLU(0.1) ∘ Linear(p, hidden)).
 *
 * <p>x depends on w/γ alone. The fixed unit s decides where training starts and how fast w moves against the features: with
 * s well below γ the first solutions are spread over many vertices, and the features are learned before the costs grow.
 *
 * <p>Reference: McKenzie, Heaton and Wu Fung 2024, "Differentiating through integer linear programs with quadratic
 * regularization and Davis-Yin splitting".
 */
public final class CostNetwork {
    /** A fifth of a thousandth of a unit flow an arc: far below the noise of a mini-batch. */
    public static final StoppingRule TRAINING_STOP =
            StoppingRule.tolerance(2e-4).withMaxSteps(2_000);

    /** Hidden units. */
    public static final int HIDDEN = 50;

    /** Largest violation of a relaxed solution that counts as feasible. */
    public static final double FEASIBLE = 1e-4;

    /** Most rows solved together, and most numbers in a tensor of them. */
    private static final int CHUNK_ROWS = 1_024;

    private static final int CHUNK_NUMBERS = 1 << 24;

    private CostNetwork() {}

    /**
     * The numbers that describe it.
     *
     * @param gamma γ
     * @param step α of Davis-Yin splitting, below 2/γ
     * @param costScale s
     * @param adjoint how the fixed point is differentiated
     */
    public record Options(double gamma, double step, double costScale, Adjoints.Choice adjoint) {}

    /** The layers from [batch, features] to costs [batch, n]. */
    public static Layer layers(int features, int hidden, int n, double costScale, RandomGenerator random) {
        return Sequential.of(
                new Linear(features, hidden, random),
                new LeakyRelu(0.1),
                new Linear(hidden, n, random),
                new Scale(costScale));
    }

    /**
     * A network for a problem, in which x, b, l and u are in units of {@code unit}.
     *
     * @param features p, at least 1
     */
    static <Q> ImplicitNetwork<Question, Instance> create(
            Posing<Q> posing, double unit, int features, Options options, RandomGenerator random) {
        SparseMatrix a = posing.problem().matrix();
        int costed = posing.variables().size();
        Layer layers = layers(features, HIDDEN, costed, options.costScale(), random);
        Encoder<Question, Instance> encoder = new Encoder<>() {
            @Override
            public Instance encode(Question q) {
                Tensor learned = layers.forward(q.features());
                Tensor costs =
                        costed == a.columns() ? learned : torch.constant_pad_nd(learned, 0, a.columns() - costed);
                return new Instance(costs, q.rightHandSide(), q.lower(), q.upper());
            }

            @Override
            public void visit(ParameterVisitor visitor) {
                layers.visit(visitor);
            }
        };
        Box<Instance> box = posing.ownBounds()
                ? Box.of(Instance::lower, Instance::upper)
                : Box.of(over(posing.lower(), unit), over(posing.upper(), unit));
        AffineSet<Instance> affine = posing.ownRightHandSide()
                ? AffineSet.of(a, Instance::rightHandSide)
                : AffineSet.of(a, over(posing.rightHandSide(), unit));
        return new ImplicitNetwork<>(
                encoder,
                new DavisYin<>(new Quadratic<>(Instance::costs, options.gamma()), box, affine, options.step()),
                Start.zerosLike(Instance::costs),
                FixedPointSolver.of(TRAINING_STOP),
                options.adjoint().of(encoder));
    }

    /**
     * What the network is given for some rows.
     *
     * @param features [batch, at least p], of which the first p are taken
     */
    static <Q> Question question(Posing<Q> posing, double unit, int p, float[][] features, List<Q> queries) {
        Tensor learned = Tensors.of(features).narrow(1, 0, p);
        Instance rows = instance(posing, unit, learned, queries);
        return new Question(learned, rows.rightHandSide(), rows.lower(), rows.upper());
    }

    /** Some rows' costs, with what the rows fix. */
    static <Q> Instance instance(Posing<Q> posing, double unit, Tensor costs, List<Q> queries) {
        Problem<Q> problem = posing.problem();
        int batch = queries.size();
        int m = posing.ownRightHandSide() ? problem.matrix().rows() : 0;
        int n = posing.ownBounds() ? problem.matrix().columns() : 0;
        double[] b = new double[batch * m];
        double[] l = new double[batch * n];
        double[] u = new double[batch * n];
        for (int i = 0; i < batch; i++) {
            Q query = queries.get(i);
            if (m > 0) {
                System.arraycopy(over(problem.rightHandSide(query), unit), 0, b, i * m, m);
            }
            if (n > 0) {
                System.arraycopy(over(problem.lower(query), unit), 0, l, i * n, n);
                System.arraycopy(over(problem.upper(query), unit), 0, u, i * n, n);
            }
        }
        return new Instance(
                costs,
                Tensors.of(b, batch, m),
                Tensors.of(l, batch, n).to(ScalarType.Float),
                Tensors.of(u, batch, n).to(ScalarType.Float));
    }

    /** A vector in units of {@code unit}. */
    static double[] over(double[] v, double unit) {
        double[] scaled = v.clone();
        if (unit != 1) {
            for (int j = 0; j < scaled.length; j++) {
                scaled[j] /= unit;
            }
        }
        return scaled;
    }

    /**
     * When a decision's relaxed solution is solved: to 3e-6 a number, and on large problems to
     * ‖T(z) − z‖₂ ≤ {@link #FEASIBLE}/maxᵢ‖aᵢ‖₂, so that ‖Ax − b‖∞, which is at most maxᵢ‖aᵢ‖₂ times that, stays feasible on any.
     *
     * @param a A, of which the largest row counts
     */
    public static StoppingRule inferenceStop(SparseMatrix a) {
        double largest = 0;
        for (int i = 0; i < a.rows(); i++) {
            double square = 0;
            for (int t = a.pointers()[i]; t < a.pointers()[i + 1]; t++) {
                square += a.values()[t] * a.values()[t];
            }
            largest = Math.max(largest, square);
        }
        double residual = largest > 0 ? FEASIBLE / Math.sqrt(largest) : FEASIBLE;
        return StoppingRule.tolerance(Math.min(3e-6, residual / Math.sqrt(a.columns())))
                .withMaxSteps(20_000);
    }

    /**
     * The network as decisions use it: solved to {@code stop} by half of training's step, with which float32 comes nearer to the
     * solution, and sooner on large problems.
     */
    public static <I, C extends Batch<C>> ImplicitNetwork<I, C> forInference(
            ImplicitNetwork<I, C> network, StoppingRule stop) {
        Operator<C> operator = network.operator();
        if (operator instanceof DavisYin<C> d) {
            operator = new DavisYin<>(d.smooth(), d.g(), d.h(), d.step() / 2);
        }
        return new ImplicitNetwork<>(
                network.encoder(), operator, network.start(), FixedPointSolver.of(stop), network.adjoint());
    }

    /**
     * The network that begins each solve where that of a typical input ended: nearer to where it is to go than zero is. As it was
     * where that solve does not converge.
     *
     * @param typical one sample
     */
    public static <I, C extends Batch<C>> ImplicitNetwork<I, C> startingAt(ImplicitNetwork<I, C> network, I typical) {
        Solution found = network.infer(typical).solution();
        return found.status()[0] == Status.CONVERGED
                ? new ImplicitNetwork<>(
                        network.encoder(),
                        network.operator(),
                        Start.of(Tensors.floats(found.z())),
                        network.solver(),
                        network.adjoint())
                : network;
    }

    /** Rows of n numbers that are solved together: they bound the memory of a large request to 64 MB a tensor. */
    public static int chunk(int n) {
        return Math.max(1, Math.min(CHUNK_ROWS, CHUNK_NUMBERS / n));
    }

    /** Whether all costs are finite. */
    public static boolean finite(float[] w) {
        for (float v : w) {
            if (!Float.isFinite(v)) {
                return false;
            }
        }
        return true;
    }
}
