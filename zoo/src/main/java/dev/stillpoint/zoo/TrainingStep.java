package dev.stillpoint.zoo;

import dev.stillpoint.adjoint.Adjoint;
import dev.stillpoint.solver.StoppingRule;

/** A training step of a model whose solve takes exactly as many applications of T as asked: what depth costs. */
public interface TrainingStep {
    /**
     * One training step: forward by {@code depth} applications of T, backward, and a step of the optimiser.
     *
     * @param adjoint of that depth, where its work depends on it
     * @param depth applications of T in the solve, &ge; 1
     * @throws IllegalStateException if a solve took another number
     */
    void run(Adjoint adjoint, int depth);

    /** The rule of a loop that takes exactly so many steps: not met by a first step, and later ones are not looked at. */
    static StoppingRule exactly(int steps) {
        return new StoppingRule(Double.MIN_NORMAL, 0, steps, steps);
    }
}
