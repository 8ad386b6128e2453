package dev.stillpoint.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Faults that were found once, and stay away. */
class FoundFaultsTest {
    @TempDir
    Path folder;

    @Test
    void count() {
        FitTask task = new FitTask(1);
        for (int i = 0; i < 5; i++) {
            task.inputs[i][0] = Float.NaN;
        }
        assertThatThrownBy(() -> new Training(
                                task,
                                new TrainingOptions(
                                        1, 40, 3, Adam.Options.of(0.1), ReduceOnPlateau.Options.constant(), "metric"),
                                TrainingListener.NONE)
                        .run(folder.resolve("c")))
                .hasMessageStartingWith("epoch 1: 5 of 40 training rows");
    }

    @Test
    void infiniteOptions() {
        assertThatThrownBy(() -> new Adam.Options(0.1, 0.9, 0.9, Double.POSITIVE_INFINITY, 0))
                .isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void overflow() {
        org.bytedeco.pytorch.Tensor p =
                dev.stillpoint.tensor.Tensors.of(new float[] {1, 1}, 2).requires_grad_(true);
        Adam adam = new Adam(java.util.Map.of("p", p), Adam.Options.of(0.1));
        p.mul(dev.stillpoint.tensor.Tensors.of(new float[] {3e38f, 3e38f}, 2))
                .sum()
                .backward();
        assertThat(adam.gradientsFinite()).isTrue();
    }
}
