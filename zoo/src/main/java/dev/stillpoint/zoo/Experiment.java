package dev.stillpoint.zoo;

import dev.stillpoint.certificate.Certificates;
import dev.stillpoint.tensor.Learnable;
import dev.stillpoint.train.Task;
import dev.stillpoint.train.TrainingOptions;
import java.util.Map;
import java.util.Optional;

/** An application with its data: trained, certified and evaluated in that order. */
public interface Experiment {
    /** What the training loop trains. */
    Task task();

    /** How. */
    TrainingOptions training();

    /** SHA-256 of the data used, by what it is. */
    Map<String, String> data();

    /** What is stored of the model: the weights, and as buffers what inference needs beside them. */
    Learnable stored();

    /** The weights alone, without what else is {@link #stored}: those that a network of another program must have too. */
    default Learnable weights() {
        return stored();
    }

    /** Texts stored with the model, by name: what inference needs beside tensors, such as the names of things. */
    default Map<String, String> texts() {
        return Map.of();
    }

    /** Checks calibrated on validation inferences with the present weights. */
    Certificates certify();

    /** Test results with the present weights. */
    Evaluation evaluate(Certificates certificates);

    /** Gradients of the training loss by any adjoint, at the present weights; empty for a model without a fixed point. */
    default Optional<GradientProbe> probe() {
        return Optional.empty();
    }
}
