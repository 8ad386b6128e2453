package dev.stillpoint.zoo;

import dev.stillpoint.Inference;
import dev.stillpoint.adjoint.ActiveSet;
import dev.stillpoint.adjoint.Adjoint;
import dev.stillpoint.adjoint.AdjointStats;
import dev.stillpoint.adjoint.AdjointStats.Gradient;
import dev.stillpoint.adjoint.Implicit;
import dev.stillpoint.adjoint.JacobianFree;
import dev.stillpoint.adjoint.Neumann;
import dev.stillpoint.adjoint.Switching;
import dev.stillpoint.adjoint.Unrolled;
import dev.stillpoint.solver.Gmres;
import dev.stillpoint.solver.Solution;
import dev.stillpoint.solver.Status;
import dev.stillpoint.solver.StoppingRule;
import dev.stillpoint.tensor.Learnable;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The notation of adjoints in settings, and what a training log says of them. */
public final class Adjoints {
    /** What the help shows; {@link #DETAIL} explains it. Longer, and a line of the help would break within it. */
    public static final String KIND = "jfb|neumann:K|unrolled:K|implicit[:SOLVER]|switch:N:C";

    /** The letters of {@link #KIND}, for a description. */
    public static final String DETAIL =
            "SOLVER is active, fixed, gmres, cg or dense, and without it active on quadratic programs, fixed elsewhere;"
                    + " switch measures every N steps and is implicit below cosine C";

    /** Four digits of the adjoint vector: the gradient of a mini-batch is far noisier. */
    private static final StoppingRule ADJOINT_STOP = new StoppingRule(0, 1e-4, 2_000, 1);

    private static final int RESTART = 30;

    private static final Pattern COUNTED = Pattern.compile("(neumann|unrolled):([0-9]{1,6})");
    private static final Pattern SWITCH = Pattern.compile("switch:([0-9]{1,6}):(-?[0-9]*\\.?[0-9]+)");

    private Adjoints() {}

    /** An adjoint as chosen in a setting, which may need to know the parameters that it serves. */
    public interface Choice {
        /** The adjoint for a network with this encoder. One with a state is a new one at each call. */
        Adjoint of(Learnable encoder);
    }

    /**
     * Reads "jfb", "neumann:5", "unrolled:20", "implicit", "implicit:active", "implicit:fixed", "implicit:gmres",
     * "implicit:cg", "implicit:dense" or "switch:20:0.1".
     *
     * @throws IllegalArgumentException "need ..., got '...'"
     */
    public static Choice parse(String text) {
        return parse(text, ADJOINT_STOP);
    }

    /**
     * The same with another rule for the adjoint equation.
     *
     * @param text as above
     * @param stop when the equation counts as solved
     */
    public static Choice parse(String text, StoppingRule stop) {
        Matcher probes = SWITCH.matcher(text);
        if (probes.matches()) {
            int every = Integer.parseInt(probes.group(1));
            double threshold = Double.parseDouble(probes.group(2));
            if (every > 0 && Math.abs(threshold) <= 1) {
                return encoder -> new Switching(encoder, new Gmres(stop, RESTART), every, threshold);
            }
        }
        Adjoint constant = constant(text, stop);
        return encoder -> constant;
    }

    private static Adjoint constant(String text, StoppingRule stop) {
        return switch (text) {
            case "jfb" -> new JacobianFree();
            case "implicit" -> new ActiveSet(Implicit.fixedPoint(stop));
            case "implicit:active" -> ActiveSet.alone();
            case "implicit:fixed" -> Implicit.fixedPoint(stop);
            case "implicit:gmres" -> Implicit.gmres(stop);
            case "implicit:cg" -> Implicit.conjugateGradient(stop);
            case "implicit:dense" -> Implicit.dense();
            default -> counted(text);
        };
    }

    private static Adjoint counted(String text) {
        Matcher counted = COUNTED.matcher(text);
        if (counted.matches()) {
            int count = Integer.parseInt(counted.group(2));
            if (counted.group(1).equals("neumann")) {
                return new Neumann(count);
            }
            if (count > 0) {
                return new Unrolled(count);
            }
        }
        throw new IllegalArgumentException(
                "need " + KIND + " (for instance neumann:5, implicit:gmres or switch:20:0.1), got '" + text + "'");
    }

    /**
     * What a training step tells: mean steps of its solves, the share that converged, and {@link #metrics(Adjoint, AdjointStats)}.
     *
     * @param adjoint that it used
     * @param inference after its backward pass
     */
    public static Map<String, Double> metrics(Adjoint adjoint, Inference<?> inference) {
        Map<String, Double> metrics = new LinkedHashMap<>();
        Solution solution = inference.solution();
        metrics.put("steps", solution.stats().meanSteps());
        metrics.put("converged", solution.count(Status.CONVERGED) / (double) Math.max(1, solution.status().length));
        metrics.putAll(metrics(adjoint, inference.afterBackward().get()));
        return metrics;
    }

    /**
     * A batch's backward pass as training metrics, those that the adjoint has: adjointProducts; adjointResidual (mean over
     * the samples) and adjointInexact (share of samples above the tolerance) where the adjoint equation was solved;
     * implicitShare and jfbCosine of {@link Switching}, the latter of batches on which it was measured.
     */
    public static Map<String, Double> metrics(Adjoint adjoint, AdjointStats stats) {
        Map<String, Double> metrics = new LinkedHashMap<>();
        if (!(adjoint instanceof JacobianFree)) {
            metrics.put("adjointProducts", (double) stats.products());
        }
        int samples = stats.status().length;
        if (samples > 0) {
            metrics.put("adjointResidual", Arrays.stream(stats.residual()).sum() / samples);
            metrics.put("adjointInexact", stats.inexact() / (double) samples);
        }
        if (adjoint instanceof Switching) {
            metrics.put("implicitShare", stats.gradient() == Gradient.IMPLICIT ? 1.0 : 0.0);
            if (!Double.isNaN(stats.cosine())) {
                metrics.put("jfbCosine", stats.cosine());
            }
        }
        return metrics;
    }
}
