package dev.stillpoint.zoo;

import dev.stillpoint.certificate.Certificate;
import dev.stillpoint.solver.Status;
import java.util.List;

/**
 * What a model decides for one context, and why it can be trusted.
 *
 * @param decision in the application's own notation: for paths the nodes in order, "0-1-11-12"
 * @param chosen the decision as a vector of the problem's variables
 * @param relaxed the relaxed solution x(d) that the network computes
 * @param objective the decision's cost under the model
 * @param status how the solve ended
 * @param steps what it took
 * @param residual ‖T(z) − z‖₂ that it reached
 * @param violation the largest absolute constraint residual of the relaxed solution
 * @param certificates one a check
 */
public record Decision(
        String decision,
        float[] chosen,
        float[] relaxed,
        double objective,
        Status status,
        int steps,
        double residual,
        double violation,
        List<Certificate> certificates) {}
