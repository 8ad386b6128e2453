package dev.stillpoint.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Trainings that end by the clock. */
class BudgetTest {
    private static final TrainingOptions OPTIONS =
            new TrainingOptions(200, 8, 3, Adam.Options.of(0.05), new Schedule.Cosine(0), "metric");

    @TempDir
    private Path folder;

    @Test
    void theFirstEpochThatEndsLaterIsTheLast() {
        List<Epoch> epochs = new ArrayList<>();
        TrainingOptions spent = OPTIONS.withBudget(Duration.ofNanos(1));
        Training training = new Training(new FitTask(1), spent, TrainingTest.listener(epochs));
        training.run(folder.resolve("checkpoint"));
        assertThat(epochs).hasSize(1);
        // A finished training is not gone on with.
        Training again = new Training(new FitTask(1), spent, TrainingTest.listener(epochs));
        again.resume(folder.resolve("checkpoint"));
        again.run(folder.resolve("checkpoint"));
        assertThat(epochs).hasSize(1);
        // Saboteur: with time enough all epochs are done.
        epochs.clear();
        new Training(new FitTask(1), OPTIONS.withBudget(Duration.ofHours(1)), TrainingTest.listener(epochs))
                .run(folder.resolve("other"));
        assertThat(epochs).hasSize(200);
        assertThat(epochs.get(199).learningRate())
                .as("by the clock, not by the epochs")
                .isGreaterThan(0.049);
    }

    @Test
    void theScheduleGoesByTheShareThatIsSpent() {
        TrainingOptions hour = OPTIONS.withBudget(Duration.ofHours(1));
        assertThat(hour.place(7, 0)).isZero();
        assertThat(hour.place(7, 1_800)).isEqualTo(100);
        assertThat(hour.place(7, 5_000)).isEqualTo(200);
        assertThat(hour.spent(3_599.9)).isFalse();
        assertThat(hour.spent(3_600)).isTrue();
        assertThat(OPTIONS.place(7.5, 1e9)).isEqualTo(7.5);
        assertThat(OPTIONS.spent(1e9)).isFalse();
        assertThatThrownBy(() -> OPTIONS.withBudget(Duration.ZERO))
                .hasMessage("TrainingOptions: need budget > 0, got PT0S");
    }
}
