package dev.stillpoint.cli.measure;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.stillpoint.operator.DavisYin;
import dev.stillpoint.operator.Quadratic;
import dev.stillpoint.set.AffineSet;
import dev.stillpoint.set.NonNegative;
import dev.stillpoint.solver.FixedPointSolver;
import dev.stillpoint.solver.StoppingRule;
import dev.stillpoint.tensor.Rows;
import dev.stillpoint.tensor.TensorScope;
import dev.stillpoint.tensor.Tensors;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch.ScalarType;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The published algorithm solves the problem it should, step by step as Stillpoint does. */
class PublishedDysNetTest {
    /** With step and gamma 1/2 the solution is found to float32's accuracy in some hundred steps. */
    private static final double HALF = 0.5;

    private static final PublishedDysNet.Stop TIGHT =
            displacement -> Tensors.rowNorm(displacement).amax().item_double() <= 1e-5;

    /** A residual of 1e-5 where T contracts by 0.99 or better. */
    private static final double SOLVED = 1e-3;

    /** Of the change: both gradients are taken within a residual of 1e-3 of the solution; 4e-5 was seen. */
    private static final double TRAINED = 1e-3;

    @ParameterizedTest
    @ValueSource(ints = {3, 5})
    void comesToTheSolutionOfTheProblem(int k) {
        try (TensorScope scope = TensorScope.open()) {
            PathBatches data = PathBatches.generate(k, 16, 8, 1);
            assertThat(error(data, HALF)).isLessThan(SOLVED);
            // Another problem is told from it.
            assertThat(error(data, 0.6)).isGreaterThan(SOLVED);
        }
    }

    /** The largest difference of an entry of x to the generic solver's in float64 with gamma 1/2. */
    private static double error(PathBatches data, double gamma) {
        PublishedDysNet published = new PublishedDysNet(data, SvdProjection.of(data.grid()), HALF, gamma);
        Tensor w = published.costs(0);
        Tensor z =
                published.iterate(w, TIGHT, 10_000, PublishedDysNet.UNWATCHED).z();
        DavisYin<Rows> operator = new DavisYin<>(
                new Quadratic<>(Rows::values, HALF),
                new NonNegative<>(),
                AffineSet.of(data.grid().incidence(), data.grid().supply()),
                HALF);
        Rows costs = new Rows(w.to(ScalarType.Double));
        Tensor exact = FixedPointSolver.of(StoppingRule.tolerance(1e-12))
                .solve(operator, data.start(8).to(ScalarType.Double), costs)
                .orThrow()
                .z();
        return exact.relu().sub(z.relu()).abs().max().item_double();
    }

    @Test
    void anotherStepIsSeenBeforeAnythingIsTimed() {
        try (TensorScope scope = TensorScope.open()) {
            PathBatches data = PathBatches.generate(5, 16, 8, 2);
            assertThat(agreement(data, PublishedDysNet.ALPHA, PublishedDysNet.MAX_STEPS)
                            .orThrow("5x5")
                            .steps())
                    .isGreaterThan(PathsBench.TIMED_STEPS);
            PathsAgreement few = agreement(data, PublishedDysNet.ALPHA, PathsBench.TIMED_STEPS)
                    .orThrow("5x5");
            assertThat(few.steps()).isEqualTo(PathsBench.TIMED_STEPS);
            for (int most : new int[] {PathsBench.TIMED_STEPS, PublishedDysNet.MAX_STEPS}) {
                assertThatThrownBy(() -> agreement(data, 1.02 * PublishedDysNet.ALPHA, most)
                                .orThrow("5x5"))
                        .isInstanceOf(MeasurementException.class)
                        .hasMessageContaining("need the same x from both sides on grid 5x5");
            }
        }
    }

    @Test
    void whatIsNotANumberIsNoAgreement() {
        assertThatThrownBy(() -> new PathsAgreement(Double.NaN, 1, 1).orThrow("5x5"))
                .isInstanceOf(MeasurementException.class);
    }

    private static PathsAgreement agreement(PathBatches data, double alpha, int most) {
        StillpointPaths ours = new StillpointPaths(
                data, StillpointPaths.flows(data.grid()), PublishedDysNet.ALPHA, PublishedDysNet.GAMMA);
        PublishedDysNet published =
                new PublishedDysNet(data, SvdProjection.of(data.grid()), alpha, PublishedDysNet.GAMMA);
        return PathsAgreement.of(data, ours, published, most);
    }

    /** Both count from the same weights; a residual that rounds to the other side of its bound moves the stop by a step. */
    @Test
    void stillpointKnowsTheStepsThatThePublishedAlgorithmTakes() {
        try (TensorScope scope = TensorScope.open()) {
            PathBatches data = PathBatches.generate(4, 20, 20, 3);
            SvdProjection factors = SvdProjection.of(data.grid());
            StillpointPaths ours = new StillpointPaths(
                    data, StillpointPaths.flows(data.grid()), PublishedDysNet.ALPHA, PublishedDysNet.GAMMA);
            int everySample = published(data, factors)
                    .epoch(PublishedDysNet.Stop.EVERY_SAMPLE)
                    .maxSteps();
            int wholeBatch = published(data, factors)
                    .epoch(PublishedDysNet.Stop.WHOLE_BATCH)
                    .maxSteps();
            int counted = ours.countPublishedSteps()[0];
            ours = new StillpointPaths(
                    data, StillpointPaths.flows(data.grid()), PublishedDysNet.ALPHA, PublishedDysNet.GAMMA);
            int slowest = ours.epoch(data.start(20).clone()).maxSteps();
            assertThat(slowest).isBetween(everySample - 1, everySample + 1);
            assertThat(counted).isBetween(wholeBatch - 1, wholeBatch + 1);
            // The two stops differ, so that one is not taken for the other.
            assertThat(Math.abs(wholeBatch - everySample)).isGreaterThan(10);
        }
    }

    @Test
    void extrapolationReportsTheStepsThatItStandsFor() {
        try (TensorScope scope = TensorScope.open()) {
            PathBatches data = PathBatches.generate(3, 20, 8, 4);
            PublishedDysNet published = published(data, SvdProjection.of(data.grid()));
            PathEpoch measured = published.epoch(PublishedDysNet.Stop.EVERY_SAMPLE, 5);
            assertThat(measured.batchSteps()).containsExactly(5, 5, 5);
            assertThat(measured.unfinished()).isEqualTo(20);
            PathEpoch epoch = published.extrapolated(measured, new int[] {100, 300, 200});
            double[] step = measured.stepSeconds();
            assertThat(epoch.seconds())
                    .isCloseTo(measured.seconds() + 95 * step[0] + 295 * step[1] + 195 * step[2], within(1e-9));
            assertThat(epoch.extrapolated()).isTrue();
            assertThat(epoch.batchSteps()).containsExactly(100, 300, 200);
            // Batches of 8, 8 and 4.
            assertThat(epoch.sampleSteps()).isEqualTo(8 * 100 + 8 * 300 + 4 * 200);
            assertThat(epoch.unfinished()).isZero();
        }
    }

    /** One batch, so one step of Adam: what it does to the predicted costs. */
    @Test
    void trainsTheSameWeights() {
        try (TensorScope scope = TensorScope.open()) {
            PathBatches data = PathBatches.generate(4, 64, 64, 5);
            StillpointPaths ours = new StillpointPaths(data, StillpointPaths.flows(data.grid()), HALF, HALF);
            Tensor before = ours.answer(0, 1).context().values().detach();
            ours.epoch(data.start(64).clone());
            Tensor after = ours.answer(0, 1).context().values().detach();
            Tensor change = after.sub(before);
            assertThat(ratio(trained(data, HALF).sub(after), change)).isLessThan(TRAINED);
            // A gradient of another problem is told from it.
            assertThat(ratio(trained(data, 0.6).sub(after), change)).isGreaterThan(TRAINED);
        }
    }

    private static Tensor trained(PathBatches data, double gamma) {
        PublishedDysNet published = new PublishedDysNet(data, SvdProjection.of(data.grid()), HALF, gamma);
        published.epoch(PublishedDysNet.Stop.EVERY_SAMPLE);
        return published.costs(0);
    }

    private static double ratio(Tensor difference, Tensor change) {
        return difference.norm().item_double() / change.norm().item_double();
    }

    private static PublishedDysNet published(PathBatches data, SvdProjection factors) {
        return new PublishedDysNet(data, factors, PublishedDysNet.ALPHA, PublishedDysNet.GAMMA);
    }
}
