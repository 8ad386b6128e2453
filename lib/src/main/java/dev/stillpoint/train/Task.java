package dev.stillpoint.train;

import dev.stillpoint.tensor.Learnable;
import dev.stillpoint.tensor.ParameterVisitor;
import java.util.Map;

/** What the training loop knows of a model: implicit networks and baselines alike. */
public interface Task {
    /** The weights to train. */
    Learnable model();

    /** The number of training rows. */
    int trainingRows();

    /**
     * The mean loss over some training rows, taped. Called with a {@link dev.stillpoint.tensor.TensorScope} open, which
     * owns the result.
     *
     * @param rows indices below {@link #trainingRows()}
     */
    Loss loss(int[] rows);

    /** Metrics on validation data with the present weights, off the tape. One of them selects the model. */
    Map<String, Double> validate();

    /** Shows state beyond the weights that a resumed run needs, as buffers: warm starts, for instance. */
    default void visitState(ParameterVisitor visitor) {}
}
