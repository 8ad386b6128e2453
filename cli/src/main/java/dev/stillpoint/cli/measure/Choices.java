package dev.stillpoint.cli.measure;

import dev.stillpoint.adjoint.ActiveSet;
import dev.stillpoint.adjoint.Adjoint;
import dev.stillpoint.adjoint.Attached;
import dev.stillpoint.adjoint.Implicit;
import dev.stillpoint.adjoint.JacobianFree;
import dev.stillpoint.adjoint.Neumann;
import dev.stillpoint.adjoint.Switching;
import dev.stillpoint.adjoint.Unrolled;
import dev.stillpoint.operator.DavisYin;
import dev.stillpoint.operator.DouglasRachford;
import dev.stillpoint.operator.Gradient;
import dev.stillpoint.operator.Operator;
import dev.stillpoint.operator.ProjectedGradient;
import dev.stillpoint.operator.ProximalGradient;
import dev.stillpoint.operator.Relaxed;
import dev.stillpoint.set.Hyperplane;
import dev.stillpoint.set.Intersection;
import dev.stillpoint.set.L1Norm;
import dev.stillpoint.set.NonNegative;
import dev.stillpoint.set.Simplex;
import dev.stillpoint.solver.Acceleration;
import dev.stillpoint.solver.Anderson;
import dev.stillpoint.solver.FixedPointSolver;
import dev.stillpoint.solver.Gmres;
import dev.stillpoint.solver.Picard;
import dev.stillpoint.solver.Solution;
import dev.stillpoint.solver.StoppingRule;
import dev.stillpoint.tensor.Learnable;
import dev.stillpoint.tensor.ParameterVisitor;
import dev.stillpoint.tensor.Rows;
import dev.stillpoint.tensor.TensorScope;
import dev.stillpoint.tensor.Tensors;
import dev.stillpoint.zoo.GradientProbe;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Supplier;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;
import org.bytedeco.pytorch.global.torch.ScalarType;

/**
 * Operators, accelerations and adjoints on the same problems, side by side: what the documentation's advice rests on. In
 * float64 on a batch of {@value #BATCH} samples, each solve to a residual of 1e-8 a number.
 */
public final class Choices {
    /** Samples of every problem. */
    public static final int BATCH = 32;

    /** Lines of a measurement. */
    public static final int METHODS = 35;

    private static final int FEATURES = 5;
    private static final StoppingRule STOP = StoppingRule.tolerance(1e-8).withMaxSteps(100_000);
    private static final StoppingRule REFERENCE = StoppingRule.tolerance(1e-12).withMaxSteps(1_000_000);
    /** What training asks of the adjoint equation. */
    private static final StoppingRule ADJOINT = new StoppingRule(0, 1e-6, 20_000, 1);

    private final ChoiceProblems problems;
    private final int repetitions;
    private final Consumer<String> progress;
    private final List<Line> lines = new ArrayList<>();

    private Choices(long seed, int repetitions, Consumer<String> progress) {
        this.problems = new ChoiceProblems(seed);
        this.repetitions = repetitions;
        this.progress = progress;
    }

    /** What differs between the methods of a problem. */
    public enum Kind {
        /** T. */
        OPERATOR,
        /** How it is iterated. */
        ACCELERATION,
        /** How it is differentiated. */
        ADJOINT
    }

    /**
     * One method on one problem.
     *
     * @param kind what differs between the methods
     * @param problem in words
     * @param method in words
     * @param steps applications of T, averaged over samples; of an adjoint its products with the Jacobian
     * @param milliseconds a batch, median; of an adjoint forward and backward
     * @param error ‖x − x*‖ over ‖x*‖; of an adjoint that of the gradient
     * @param cosine of an adjoint's gradient with the exact one, else 1
     */
    public record Line(
            Kind kind, String problem, String method, double steps, double milliseconds, double error, double cosine) {}

    private record Outcome(double steps, double[] value) {}

    private record Method(String name, Supplier<Outcome> run) {}

    /**
     * Measures everything: some minutes.
     *
     * @param seed of the problems' data
     * @param repetitions of every method, in turns; the median time counts
     * @param progress told of each of the {@value #METHODS} methods when it is done
     */
    public static List<Line> measure(long seed, int repetitions, Consumer<String> progress) {
        if (repetitions < 1) {
            throw new IllegalArgumentException("Choices: need repetitions >= 1, got " + repetitions);
        }
        Choices choices = new Choices(seed, repetitions, progress);
        try (TensorScope scope = TensorScope.open()) {
            choices.operators();
            choices.accelerations();
            choices.adjoints();
        }
        return choices.lines;
    }

    private void operators() {
        Rows returns = problems.rows(10, BATCH, ChoiceProblems.N, 0);
        Gradient<Rows> smooth = problems.portfolio();
        double step = 1 / smooth.lipschitz().orElseThrow();
        double[] ones = new double[ChoiceProblems.N];
        Arrays.fill(ones, 1);
        Operator<Rows> projected = new ProjectedGradient<>(smooth, Simplex.of(1), step);
        compare(
                Kind.OPERATOR,
                "smooth f over one set (simplex)",
                exact(projected, returns, ChoiceProblems.N),
                solve("ProjectedGradient", projected, new Picard(), returns, ChoiceProblems.N),
                solve(
                        "DavisYin on its two parts",
                        new DavisYin<>(smooth, new NonNegative<>(), Hyperplane.of(ones, 1), step),
                        new Picard(),
                        returns,
                        ChoiceProblems.N));

        Rows data = problems.measurements(BATCH);
        Gradient<Rows> fit = problems.fit();
        double unit = 1 / fit.lipschitz().orElseThrow();
        Operator<Rows> ista = new ProximalGradient<>(fit, L1Norm.of(0.1), unit);
        compare(
                Kind.OPERATOR,
                "smooth f with one prox (l1)",
                exact(ista, data, ChoiceProblems.N),
                solve("ProximalGradient, step 1/L", ista, new Picard(), data, ChoiceProblems.N),
                solve(
                        "ProximalGradient, step 1.9/L",
                        new ProximalGradient<>(fit, L1Norm.of(0.1), 1.9 * unit),
                        new Picard(),
                        data,
                        ChoiceProblems.N),
                solve("step 1/L, Relaxed by 1.4", new Relaxed<>(ista, 1.4), new Picard(), data, ChoiceProblems.N));

        Rows costs = problems.rows(13, BATCH, ChoiceProblems.arcs(), 2);
        DavisYin<Rows> flows = problems.flows(0.5);
        Operator<Rows> nested = new ProjectedGradient<>(
                flows.smooth(),
                Intersection.of(flows.constraints()).withTolerance(1e-10).withMaxSweeps(100_000),
                2);
        compare(
                Kind.OPERATOR,
                "smooth f over two sets (flows)",
                exact(flows, costs, ChoiceProblems.arcs()),
                solve("DavisYin", flows, new Picard(), costs, ChoiceProblems.arcs()),
                solve("ProjectedGradient on their Intersection", nested, new Picard(), costs, ChoiceProblems.arcs()));

        Rows sides = problems.rightHandSides(BATCH);
        Operator<Rows> pursuit = new DouglasRachford<>(L1Norm.of(1), problems.equations(), 0.1);
        compare(
                Kind.OPERATOR,
                "two proxes, no smooth f (basis pursuit)",
                exact(pursuit, sides, ChoiceProblems.N),
                solve("DouglasRachford, step 0.1", pursuit, new Picard(), sides, ChoiceProblems.N),
                solve(
                        "DouglasRachford, step 1",
                        new DouglasRachford<>(L1Norm.of(1), problems.equations(), 1),
                        new Picard(),
                        sides,
                        ChoiceProblems.N),
                solve("step 0.1, Relaxed by 1.7", new Relaxed<>(pursuit, 1.7), new Picard(), sides, ChoiceProblems.N));
    }

    private void accelerations() {
        Rows returns = problems.rows(10, BATCH, ChoiceProblems.N, 0);
        Gradient<Rows> smooth = problems.portfolio();
        both(
                "slow contraction (portfolio)",
                new ProjectedGradient<>(
                        smooth, Simplex.of(1), 1 / smooth.lipschitz().orElseThrow()),
                returns,
                ChoiceProblems.N);
        Rows data = problems.measurements(BATCH);
        Gradient<Rows> fit = problems.fit();
        both(
                "very slow iteration (l1)",
                new ProximalGradient<>(fit, L1Norm.of(0.1), 1 / fit.lipschitz().orElseThrow()),
                data,
                ChoiceProblems.N);
        Rows costs = problems.rows(13, BATCH, ChoiceProblems.arcs(), 2);
        both("slow splitting (flows, step 0.5)", problems.flows(0.5), costs, ChoiceProblems.arcs());
        both("quick splitting (flows, step 2)", problems.flows(2), costs, ChoiceProblems.arcs());
    }

    private void both(String problem, Operator<Rows> t, Rows c, int n) {
        compare(
                Kind.ACCELERATION,
                problem,
                exact(t, c, n),
                solve("Picard", t, new Picard(), c, n),
                solve("Anderson(5)", t, Anderson.of(5), c, n),
                solve("Anderson(10)", t, Anderson.of(10), c, n));
    }

    /** Costs linear in features, the loss a distance of x: the gradient with respect to the matrix of the costs. */
    private void adjoints() {
        int n = ChoiceProblems.arcs();
        Tensor features = problems.normal(14, BATCH, FEATURES, 1);
        Differentiated flows = new Differentiated(
                problems.flows(0.5),
                features,
                problems.normal(15, FEATURES, n, 0.5),
                problems.normal(16, BATCH, n, 0.3));
        compareAdjoints(
                "flows, costs linear in features",
                flows,
                new Named("jfb", leaf -> new JacobianFree()),
                new Named("neumann:5", leaf -> new Neumann(5)),
                new Named("neumann:50", leaf -> new Neumann(50)),
                new Named("unrolled:20", leaf -> new Unrolled(20)),
                new Named("unrolled:200", leaf -> new Unrolled(200)),
                new Named("implicit:active", leaf -> ActiveSet.alone()),
                new Named("implicit:fixed", leaf -> Implicit.fixedPoint(ADJOINT)),
                new Named("implicit:gmres", leaf -> Implicit.gmres(ADJOINT)),
                new Named("implicit:cg", leaf -> Implicit.conjugateGradient(ADJOINT)),
                new Named("implicit:dense", leaf -> Implicit.dense()));
        Tensor far = Tensors.of(new double[] {-100, -50}, 1, 2).expand(BATCH, 2);
        compareAdjoints(
                "a rotation by 0.9 with a badly scaled input (kappa 25)",
                new Differentiated(ChoiceProblems.rotation(), features, problems.normal(17, FEATURES, 2, 0.1), far),
                new Named("jfb", leaf -> new JacobianFree()),
                new Named("implicit:gmres", leaf -> Implicit.gmres(ADJOINT)),
                new Named("switch", leaf -> new Switching(weight(leaf), new Gmres(ADJOINT, 30), 1, 0.1)));
    }

    private void compareAdjoints(String problem, Differentiated on, Named... adjoints) {
        double[] truth = on.gradient(leaf -> Implicit.dense(), REFERENCE).value;
        Method[] methods = new Method[adjoints.length];
        for (int i = 0; i < methods.length; i++) {
            Named named = adjoints[i];
            methods[i] = new Method(named.name, () -> on.gradient(named.adjoint, STOP));
        }
        compare(Kind.ADJOINT, problem, truth, methods);
    }

    private static Learnable weight(Tensor leaf) {
        return new Learnable() {
            @Override
            public void visit(ParameterVisitor visitor) {
                visitor.parameter("costs", leaf);
            }
        };
    }

    /** An adjoint for the weight that it is to differentiate with respect to. */
    private record Named(String name, Function<Tensor, Adjoint> adjoint) {}

    /** ‖x(dθ) − target‖² for features d and a matrix θ. */
    private record Differentiated(Operator<Rows> t, Tensor features, Tensor theta, Tensor target) {
        Outcome gradient(Function<Tensor, Adjoint> adjoint, StoppingRule stop) {
            try (TensorScope scope = TensorScope.open()) {
                Tensor leaf = theta.detach().clone().requires_grad_(true);
                Rows c = new Rows(features.matmul(leaf));
                Attached attached =
                        adjoint.apply(leaf).solve(FixedPointSolver.of(stop), t, torch.zeros_like(target), c);
                Tensor miss = t.solution(attached.z(), c).sub(target);
                miss.mul(miss).sum().backward();
                return new Outcome(attached.afterBackward().get().products(), Tensors.doubles(leaf.grad()));
            }
        }
    }

    private static double[] exact(Operator<Rows> t, Rows c, int n) {
        return run(t, new Picard(), REFERENCE, c, n).value;
    }

    private static Method solve(String name, Operator<Rows> t, Acceleration acceleration, Rows c, int n) {
        return new Method(name, () -> run(t, acceleration, STOP, c, n));
    }

    private static Outcome run(Operator<Rows> t, Acceleration acceleration, StoppingRule stop, Rows c, int n) {
        try (TensorScope scope = TensorScope.open()) {
            Tensor start = Tensors.zeros(ScalarType.Double, c.size(), n);
            Solution solution = FixedPointSolver.of(stop)
                    .withAcceleration(acceleration)
                    .solve(t, start, c)
                    .orThrow();
            return new Outcome(solution.stats().meanSteps(), Tensors.doubles(t.solution(solution.z(), c)));
        }
    }

    /** All methods in turns, so that whatever slows the machine slows them alike. */
    private void compare(Kind kind, String problem, double[] truth, Method... methods) {
        double[][] times = new double[methods.length][repetitions];
        Outcome[] outcomes = new Outcome[methods.length];
        for (int r = -1; r < repetitions; r++) {
            for (int i = 0; i < methods.length; i++) {
                long start = System.nanoTime();
                outcomes[i] = methods[i].run.get();
                // The first round loads classes and fills caches.
                if (r >= 0) {
                    times[i][r] = (System.nanoTime() - start) / 1e6;
                }
            }
        }
        for (int i = 0; i < methods.length; i++) {
            double[] value = outcomes[i].value;
            double difference = 0;
            double size = 0;
            for (int j = 0; j < truth.length; j++) {
                difference += (value[j] - truth[j]) * (value[j] - truth[j]);
                size += truth[j] * truth[j];
            }
            lines.add(new Line(
                    kind,
                    problem,
                    methods[i].name,
                    outcomes[i].steps,
                    Statistics.median(times[i]),
                    Math.sqrt(difference / size),
                    GradientProbe.cosine(value, truth)));
            progress.accept(problem + ": " + methods[i].name);
        }
    }
}
