package dev.stillpoint.zoo;

import dev.stillpoint.certificate.Certificate;
import dev.stillpoint.solver.Status;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * What a model decides for one context, and why it can be trusted.
 *
 * @param decision in the application's own notation: for paths the nodes in order, "0-1-11-12"; empty where there is none
 * @param chosen the decision as a vector of the problem's variables
 * @param relaxed the relaxed solution x(d) that the network computes
 * @param objective the decision's cost under the model
 * @param details further columns of the output by name, in order: the same names for every decision of a model
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
        Map<String, String> details,
        Status status,
        int steps,
        double residual,
        double violation,
        List<Certificate> certificates) {
    /** The detail that says why a row has no decision, or what to mind of one that it has; empty, or not there, otherwise. */
    public static final String NOTE = "note";

    /** Copies the details. */
    public Decision {
        details = Collections.unmodifiableMap(new LinkedHashMap<>(details));
    }

    /** A decision without further columns. */
    public Decision(
            String decision,
            float[] chosen,
            float[] relaxed,
            double objective,
            Status status,
            int steps,
            double residual,
            double violation,
            List<Certificate> certificates) {
        this(decision, chosen, relaxed, objective, Map.of(), status, steps, residual, violation, certificates);
    }

    /** The same with another text for one of its details. */
    public Decision withDetail(String name, String text) {
        Map<String, String> changed = new LinkedHashMap<>(details);
        changed.put(name, text);
        return new Decision(
                decision, chosen, relaxed, objective, changed, status, steps, residual, violation, certificates);
    }

    /** The same without its vectors, to be kept for many rows. */
    public Decision withoutVectors() {
        return new Decision(
                decision,
                new float[0],
                new float[0],
                objective,
                details,
                status,
                steps,
                residual,
                violation,
                certificates);
    }
}
