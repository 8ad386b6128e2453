package dev.stillpoint.train;

import dev.stillpoint.law.Cases;
import dev.stillpoint.network.Linear;
import dev.stillpoint.tensor.Learnable;
import dev.stillpoint.tensor.TensorScope;
import dev.stillpoint.tensor.Tensors;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.random.RandomGenerator;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;

/** Linear least squares in float32 that writes down what the loop asks of it. Rows whose prediction is NaN are unusable. */
final class FitTask implements Task {
    static final int ROWS = 40;
    private static final int FEATURES = 3;

    final Linear model;
    final float[][] inputs = new float[ROWS][FEATURES];
    final float[][] targets = new float[ROWS][1];
    /** The rows of every loss, in order. */
    final List<int[]> asked = new ArrayList<>();
    /** The weights at every validation. */
    final List<Map<String, float[]>> validated = new ArrayList<>();

    private final double[] metrics;

    /** The same data for every seed. Validation gives the metrics in their order, then smaller and smaller ones. */
    FitTask(long weights, double... metrics) {
        this.model = new Linear(FEATURES, 1, Cases.random(weights));
        this.metrics = metrics;
        RandomGenerator random = Cases.random(99);
        for (int i = 0; i < ROWS; i++) {
            for (int j = 0; j < FEATURES; j++) {
                inputs[i][j] = (float) random.nextGaussian();
            }
            targets[i][0] = (float) (2 * inputs[i][0] - inputs[i][1] + 0.5 + 0.1 * random.nextGaussian());
        }
    }

    @Override
    public Learnable model() {
        return model;
    }

    @Override
    public int trainingRows() {
        return ROWS;
    }

    @Override
    public Loss loss(int[] rows) {
        asked.add(rows.clone());
        Tensor predicted = model.forward(Tensors.of(select(inputs, rows)));
        float[] values = Tensors.floats(predicted);
        int[] unusable = new int[rows.length];
        int count = 0;
        for (int i = 0; i < rows.length; i++) {
            if (!Float.isFinite(values[i])) {
                unusable[count++] = i;
            }
        }
        Tensor value = torch.mse_loss(predicted, Tensors.of(select(targets, rows)));
        return new Loss(value, Arrays.copyOf(unusable, count), Map.of("firstRow", (double) rows[0]));
    }

    @Override
    public Map<String, Double> validate() {
        validated.add(Weights.of(this));
        int epoch = validated.size();
        return Map.of("metric", epoch <= metrics.length ? metrics[epoch - 1] : -epoch);
    }

    /** The weights after Adam over these batches and nothing else: the training loop without the loop. */
    Map<String, float[]> adam(List<int[]> batches, Adam.Options options) {
        Adam adam = new Adam(model.parameters(), options);
        for (int[] rows : batches) {
            try (TensorScope scope = TensorScope.open()) {
                Tensor loss = loss(rows).value();
                adam.zeroGrad();
                loss.backward();
                adam.step();
            }
        }
        return Weights.of(this);
    }

    private static float[][] select(float[][] table, int[] rows) {
        float[][] selected = new float[rows.length][];
        Arrays.setAll(selected, i -> table[rows[i]]);
        return selected;
    }
}
