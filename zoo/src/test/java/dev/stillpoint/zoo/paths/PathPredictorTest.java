package dev.stillpoint.zoo.paths;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.stillpoint.ImplicitNetwork;
import dev.stillpoint.Inference;
import dev.stillpoint.adjoint.JacobianFree;
import dev.stillpoint.certificate.Certificate;
import dev.stillpoint.certificate.HardLimit;
import dev.stillpoint.certificate.Label;
import dev.stillpoint.certificate.NearestContext;
import dev.stillpoint.certificate.Quantile;
import dev.stillpoint.solver.FixedPointSolver;
import dev.stillpoint.solver.Status;
import dev.stillpoint.solver.StoppingRule;
import dev.stillpoint.tensor.Engine;
import dev.stillpoint.tensor.Rows;
import dev.stillpoint.tensor.TensorScope;
import dev.stillpoint.tensor.Tensors;
import dev.stillpoint.zoo.Decision;
import java.util.Arrays;
import java.util.List;
import java.util.random.RandomGeneratorFactory;
import org.bytedeco.pytorch.Tensor;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** An untrained network decides as well as a trained one, and is certified by the same checks. */
class PathPredictorTest {
    /** The cost of a path, summed here and there in double precision. */
    private static final double ROUNDING = 1e-12;

    /** BLAS results depend on the batch size; flows and costs are of size one. */
    private static final double SAME = 1e-5;

    /** Two solves to 3e-6 a number, which contract by nine tenths a step. */
    private static final double SAME_FLOW = 1e-3;

    private static final Grid GRID = new Grid(4);

    @BeforeEach
    void oneThread() {
        Engine.threads(1);
    }

    private static float[][] training() {
        return Arrays.copyOf(contexts(), 100);
    }

    private static float[][] calibration() {
        return Arrays.copyOfRange(contexts(), 100, 160);
    }

    private static float[][] contexts() {
        return new PathGenerator(4, 160, 3, 2, 0.25, 9).generate().contexts();
    }

    private static ImplicitNetwork<Tensor, Rows> network() {
        return PathNetwork.create(
                GRID,
                3,
                8,
                0.5,
                0.5,
                1,
                encoder -> new JacobianFree(),
                RandomGeneratorFactory.of("L64X128MixRandom").create(4));
    }

    private static PathPredictor predictor() {
        return PathPredictor.calibrated(GRID, network(), new NearestContext(training()), calibration());
    }

    /** To the same flows, in fewer steps than from zero. */
    @Test
    void beginsAtTheMeanContextsSolution() {
        List<Decision> decisions = predictor().infer(calibration());
        try (TensorScope scope = TensorScope.open()) {
            Inference<Rows> cold = PathNetwork.forInference(GRID, network()).infer(Tensors.of(calibration()));
            float[][] flows = Tensors.rows(cold.x());
            double saved = 0;
            for (int i = 0; i < flows.length; i++) {
                for (int e = 0; e < GRID.arcs(); e++) {
                    assertThat((double) decisions.get(i).relaxed()[e]).isCloseTo(flows[i][e], within(SAME_FLOW));
                }
                saved += cold.solution().stats().steps()[i] - decisions.get(i).steps();
            }
            assertThat(saved).isPositive();
        }
    }

    @Test
    void decidesForTheShortestPathUnderItsCosts() {
        PathPredictor predictor = predictor();
        float[][] contexts = calibration();
        float[][] costs = predictor.costs(contexts);
        List<Decision> decisions = predictor.infer(contexts);
        ShortestPath oracle = new ShortestPath(GRID);
        for (int i = 0; i < contexts.length; i++) {
            Decision d = decisions.get(i);
            assertThat(d.chosen()).containsExactly(oracle.solve(costs[i]));
            assertThat(d.objective()).isEqualTo(AllPaths.dot(costs[i], d.chosen()), within(ROUNDING));
        }
        assertThat(decisions.stream().map(Decision::decision).distinct().count())
                .isGreaterThan(1);
    }

    /** As before on small grids, all 200 test rows at once on 100 x 100, and never 64 MB of flows beyond. */
    @Test
    void rowsSolvedTogetherAreBoundedByTheirNumbers() {
        assertThat(PathPredictor.chunk(new Grid(2))).isEqualTo(1_024);
        assertThat(PathPredictor.chunk(new Grid(64))).isEqualTo(1_024);
        assertThat(PathPredictor.chunk(new Grid(100))).isGreaterThan(200);
        assertThat(PathPredictor.chunk(new Grid(300)) * (long) new Grid(300).arcs() * Float.BYTES)
                .isBetween(32L << 20, 64L << 20);
        assertThat(PathPredictor.chunk(new Grid(5_000))).isEqualTo(1);
    }

    @Test
    void checksAreCalibratedOnTheContextsGiven() {
        var checks = predictor().certificates().checks();
        assertThat(checks).hasSize(3);
        assertThat(checks.get(0)).isEqualTo(new HardLimit("constraints", 1e-4));
        NearestContext training = new NearestContext(training());
        double[] distances = new double[60];
        for (int i = 0; i < distances.length; i++) {
            distances[i] = training.distance(calibration()[i]);
        }
        Arrays.sort(distances);
        assertThat(distances[0]).isPositive();
        assertThat(checks.get(2)).isInstanceOfSatisfying(Quantile.class, context -> {
            assertThat(context.name()).isEqualTo("context");
            assertThat(context.calibration()).containsExactly(distances);
        });
        // Solves that reach their tolerance count as equal, however far below it they stop.
        assertThat(checks.get(1)).isInstanceOfSatisfying(Quantile.class, residual -> {
            assertThat(residual.name()).isEqualTo("residual");
            assertThat(residual.calibration()).containsOnly(1);
        });
    }

    /** More rows than are solved together: each gets its own answer, in its place. */
    @Test
    void manyRowsAreSolvedInParts() {
        PathPredictor predictor = predictor();
        float[][] some = calibration();
        float[][] many = new float[1_100][];
        Arrays.setAll(many, i -> some[i % some.length]);
        List<Decision> decisions = predictor.infer(many);
        List<Decision> expected = predictor.infer(some);
        assertThat(decisions).hasSize(many.length);
        for (int i = 0; i < many.length; i++) {
            Decision e = expected.get(i % some.length);
            assertThat(decisions.get(i).decision()).isEqualTo(e.decision());
            assertThat(decisions.get(i).objective()).isEqualTo(e.objective(), within(SAME));
        }
    }

    /** 3e-6 a number is not enough on 50 x 50: the same network solved so is not feasible. */
    @Test
    void flowsOnLargeGridsAreFeasible() {
        Grid large = new Grid(50);
        float[][] contexts = Arrays.copyOf(contexts(), 12);
        ImplicitNetwork<Tensor, Rows> network = PathNetwork.create(
                large,
                3,
                8,
                0.5,
                0.5,
                1,
                encoder -> new JacobianFree(),
                RandomGeneratorFactory.of("L64X128MixRandom").create(4));
        PathPredictor predictor = PathPredictor.calibrated(large, network, new NearestContext(contexts), calibration());
        for (Decision d : predictor.infer(contexts)) {
            assertThat(d.status()).isEqualTo(Status.CONVERGED);
            assertThat(d.violation()).isLessThan(PathPredictor.FEASIBLE);
        }
        try (TensorScope scope = TensorScope.open()) {
            double[] violation = network.withSolver(FixedPointSolver.of(StoppingRule.tolerance(3e-6)))
                    .infer(Tensors.of(contexts))
                    .violation();
            assertThat(Arrays.stream(violation).max().orElseThrow()).isGreaterThan(PathPredictor.FEASIBLE);
        }
    }

    /** Costs beyond float32's resolution of a unit flow: the solve ends early, and the certificates say so. */
    @Test
    void aSolveThatDoesNotConvergeFailsItsCertificates() {
        Decision d = predictor().infer(new float[][] {{1e7f, 1e7f, -1e7f}}).get(0);
        assertThat(d.status()).isNotEqualTo(Status.CONVERGED);
        assertThat(d.violation()).isGreaterThan(1e-4);
        assertThat(d.certificates()).extracting(Certificate::label).containsOnly(Label.FAIL);
    }
}
