package dev.stillpoint.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Against what PyTorch 2.15's schedulers gave for η = 0.2, and through an interrupted training. */
class ScheduleTest {
    /** The numbers are stored to twelve digits. */
    private static final double STORED = 1e-11;

    private static final double RATE = 0.2;

    @TempDir
    Path folder;

    @Test
    void stepsAreStepLr() {
        assertThat(rates(new Schedule.Steps(2, 0.5), 6, 6, i -> i))
                .containsExactly(new double[] {0.2, 0.2, 0.1, 0.1, 0.05, 0.05}, within(STORED));
    }

    @Test
    void cosineIsCosineAnnealing() {
        double[] stored = {
            0.2, 0.193149157926, 0.173639610307, 0.144441508913, 0.11, 0.0755584910871, 0.0463603896932, 0.026850842074
        };
        assertThat(rates(new Schedule.Cosine(0.1), 8, 8, i -> i)).containsExactly(stored, within(STORED));
    }

    /** PyTorch's peak lies at step 2.3 of 11, its end at step 10: the parts of a training that ours calls 0.3 and 1. */
    @Test
    void oneCycleIsOneCycleLr() {
        double[] stored = {
            0.008,
            0.0844682227469,
            0.192052284945,
            0.195949313564,
            0.176895144954,
            0.14521740986,
            0.106116541618,
            0.0660116057975,
            0.0314865025599,
            0.00820910864126,
            8e-07
        };
        double[] ours =
                rates(Schedule.OneCycle.standard(), 11, 1, i -> i < 2.3 ? 0.3 * i / 2.3 : 0.3 + 0.7 * (i - 2.3) / 7.7);
        assertThat(ours).containsExactly(stored, within(STORED));
        // Saboteur: a cycle that warms up for longer.
        assertThat(rates(new Schedule.OneCycle(0.4, 0.04, 0), 11, 1, i -> i / 10)[5])
                .isNotCloseTo(stored[5], within(1e-3));
    }

    private interface At {
        double of(double step);
    }

    private static double[] rates(Schedule schedule, int count, int epochs, At at) {
        Schedule.Run run = schedule.begin(RATE, epochs);
        double[] rates = new double[count];
        for (int i = 0; i < count; i++) {
            rates[i] = run.rate(at.of(i));
        }
        return rates;
    }

    static Stream<Schedule> schedules() {
        return Stream.of(
                Schedule.constant(),
                new Schedule.Steps(2, 0.5),
                new Schedule.Cosine(0),
                Schedule.OneCycle.standard(),
                new ReduceOnPlateau.Options(0.5, 0, 0.3));
    }

    @ParameterizedTest
    @MethodSource("schedules")
    void anInterruptedTrainingEndsWithTheSameWeights(Schedule schedule) {
        TrainingOptions options =
                new TrainingOptions(6, 5, 3, Adam.Options.of(0.05).withL2(0.01), schedule, "metric");
        List<Epoch> whole = new ArrayList<>();
        WarmTask expected = new WarmTask(1);
        new Training(expected, options, TrainingTest.listener(whole)).run(folder.resolve("whole"));

        WarmTask task = new WarmTask(1);
        Training first = new Training(task, options, new TrainingListener() {
            @Override
            public void onEpoch(Epoch epoch) {
                if (epoch.epoch() == 4) {
                    throw new IllegalStateException("killed");
                }
            }
        });
        assertThatThrownBy(() -> first.run(folder.resolve("part"))).hasMessage("killed");
        List<Epoch> rest = new ArrayList<>();
        WarmTask again = new WarmTask(1);
        Training second = new Training(again, options, TrainingTest.listener(rest));
        second.resume(folder.resolve("part"));
        second.run(folder.resolve("part"));
        assertThat(rest.get(0).epoch()).isEqualTo(4);
        assertThat(rest.stream().map(Epoch::learningRate))
                .isEqualTo(whole.subList(3, 6).stream().map(Epoch::learningRate).toList());
        assertThat(Weights.of(again)).usingRecursiveComparison().isEqualTo(Weights.of(expected));
    }

    @Test
    void ratesChangeWithinAnEpoch() {
        assertThat(new Schedule.Cosine(0).begin(RATE, 2).rate(0.5))
                .isLessThan(RATE)
                .isGreaterThan(RATE / 2);
        assertThat(new Schedule.Steps(1, 0.5).begin(RATE, 2).rate(0.5)).isEqualTo(RATE);
    }

    @Test
    void errorsSayNeedAndGot() {
        assertThatThrownBy(() -> new Schedule.Steps(0, 0.5))
                .hasMessage("Schedule.Steps: need every >= 1 and factor in (0, 1], got 0 and 0.5");
        assertThatThrownBy(() -> new Schedule.Cosine(1.5)).hasMessage("Schedule.Cosine: need floor in [0, 1], got 1.5");
        assertThatThrownBy(() -> new Schedule.OneCycle(0, 0.1, 0)).hasMessageContaining("got 0.0, 0.1 and 0.0");
        Schedule.Run plateau = ReduceOnPlateau.Options.standard().begin(RATE, 2);
        assertThatThrownBy(() -> plateau.restore(Map.of("rate", 0.1)))
                .hasMessage("need the number 'badEpochs', got none");
    }
}
