package dev.stillpoint.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Rows and gradients without usable numbers: left out, counted, and too many of them refused. */
class MaskingTest {
    private static final Adam.Options ADAM = Adam.Options.of(0.05);

    @TempDir
    Path folder;

    private static TrainingOptions options(int epochs) {
        return options(epochs, 8);
    }

    private static TrainingOptions options(int epochs, int batch) {
        return new TrainingOptions(epochs, batch, 3, ADAM, ReduceOnPlateau.Options.constant(), "metric");
    }

    private List<Epoch> train(Task task, TrainingOptions options) {
        List<Epoch> epochs = new ArrayList<>();
        new Training(task, options, TrainingTest.listener(epochs)).run(folder.resolve("checkpoint.safetensors"));
        return epochs;
    }

    /** One NaN row in forty is masked and counted, and the rest of its batch trains as if it were not there. */
    @Test
    void aNanRowIsMaskedAndHarmsNoOther() {
        int bad = 17;
        FitTask clean = new FitTask(1);
        train(clean, options(6));
        FitTask task = new FitTask(1);
        task.inputs[bad][1] = Float.NaN;
        List<Epoch> epochs = train(task, options(6));
        assertThat(epochs).extracting(Epoch::masked).containsOnly(1);
        assertThat(epochs).allSatisfy(e -> assertThat(e.loss()).isFinite());
        List<int[]> without = new ArrayList<>();
        for (int[] rows : clean.asked) {
            without.add(Arrays.stream(rows).filter(row -> row != bad).toArray());
        }
        Weights.assertClose(Weights.of(task), new FitTask(1).adam(without, ADAM));
        assertThat(Weights.of(task).get("weight"))
                .isNotEqualTo(Weights.of(clean).get("weight"));
    }

    /** A tenth of an epoch may be masked, and no row more. */
    @Test
    void tooManyNanRowsStopTheRun() {
        FitTask task = new FitTask(1);
        for (int row = 0; row < 4; row++) {
            task.inputs[row][0] = Float.NaN;
        }
        assertThat(train(task, options(3))).extracting(Epoch::masked).containsOnly(4);
        task.inputs[4][0] = Float.NaN;
        assertThatThrownBy(() -> train(task, options(3)))
                .isInstanceOf(TrainingException.class)
                .hasMessageStartingWith("epoch 1: 5 of ")
                .hasMessageEndingWith(" training rows gave no usable number, more than a tenth of an epoch;"
                        + " look at the data for NaN, and lower the learning rate or the operator's step");
    }

    @Test
    void aBatchOfNanAloneIsSkipped() {
        FitTask probe = new FitTask(1);
        TrainingOptions small = options(2, 4);
        train(probe, small);
        FitTask task = new FitTask(1);
        for (int row : probe.asked.get(3)) {
            task.inputs[row][0] = Float.NaN;
        }
        List<Epoch> epochs = train(task, small);
        assertThat(epochs).extracting(Epoch::masked).containsOnly(4);
        assertThat(epochs).allSatisfy(e -> assertThat(e.loss()).isFinite());
        assertThat(Weights.of(task).values()).allSatisfy(w -> {
            for (float v : w) {
                assertThat(v).isFinite();
            }
        });
    }

    /** √(0·w) has a finite value and no finite gradient. */
    @Test
    void aGradientThatIsNotFiniteDoesNotTouchTheWeights() {
        TrainingOptions small = options(2, 4);
        int bad = 11;
        FitTask clean = new FitTask(1);
        train(clean, small);
        FitTask task = new FitTask(1);
        List<Epoch> epochs = train(
                new AlteredTask(task) {
                    @Override
                    public Loss loss(int[] rows) {
                        Loss loss = task.loss(rows);
                        if (Arrays.stream(rows).noneMatch(row -> row == bad)) {
                            return loss;
                        }
                        Tensor root = loss.value().mul(new Scalar(0.0)).sqrt();
                        return new Loss(loss.value().add(root), loss.unusable(), loss.metrics());
                    }
                },
                small);
        assertThat(epochs).extracting(Epoch::masked).containsOnly(4);
        List<int[]> without = new ArrayList<>(clean.asked);
        without.removeIf(rows -> Arrays.stream(rows).anyMatch(row -> row == bad));
        assertThat(without).hasSize(clean.asked.size() - 2);
        Weights.assertSame(Weights.of(task), new FitTask(1).adam(without, ADAM));
    }
}
