package dev.stillpoint.zoo.images;

import dev.stillpoint.Inference;
import dev.stillpoint.adjoint.Adjoint;
import dev.stillpoint.adjoint.Unrolled;
import dev.stillpoint.network.Mode;
import dev.stillpoint.operator.Operator;
import dev.stillpoint.solver.FixedPointSolver;
import dev.stillpoint.tensor.Rows;
import org.bytedeco.pytorch.NoGradGuard;
import org.bytedeco.pytorch.Tensor;

/**
 * A network with how it is solved and differentiated.
 *
 * @param network the weights
 * @param solver of the fixed point
 * @param adjoint of the training loss
 */
record ImageModel(ImageNetwork network, FixedPointSolver solver, Adjoint adjoint) {
    /** Scores on the tape, in training mode; the contraction is seen to once. */
    Inference<Rows> forward(Tensor images, Contraction contraction) {
        Operator<Rows> t = new Contraction.Adjusted(
                network.operator(Mode.TRAIN), contraction, Contraction.Moment.of(network.norm()));
        return network.network(Mode.TRAIN, t, solver, adjoint).forward(images);
    }

    /**
     * Scores off the tape. An unrolled network is one of so many steps, and stays it; any other is solved.
     */
    Inference<Rows> infer(Tensor images, Mode mode) {
        var implicit = network.network(mode, solver, adjoint);
        if (adjoint instanceof Unrolled) {
            try (NoGradGuard offTape = new NoGradGuard()) {
                return implicit.forward(images);
            }
        }
        return implicit.infer(images);
    }
}
