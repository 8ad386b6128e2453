package dev.stillpoint.train;

import dev.stillpoint.tensor.Learnable;
import java.util.Map;

/** A fit with one thing changed by a subclass. */
class AlteredTask implements Task {
    final FitTask fit;

    AlteredTask(FitTask fit) {
        this.fit = fit;
    }

    @Override
    public Learnable model() {
        return fit.model();
    }

    @Override
    public int trainingRows() {
        return fit.trainingRows();
    }

    @Override
    public Loss loss(int[] rows) {
        return fit.loss(rows);
    }

    @Override
    public Map<String, Double> validate() {
        return fit.validate();
    }
}
