package dev.stillpoint.adjoint;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;

/**
 * What {@link GradientCheck} found; as text a table with a line a parameter.
 *
 * @param parameters in the order of the model
 * @param tolerance the relative error that passes
 */
public record GradientReport(List<Parameter> parameters, double tolerance) {
    /** Below this share of the whole gradient's size an error does not matter. */
    private static final double NEGLIGIBLE = 1e-3;

    /** An error this many times what the differences are uncertain by is one of the gradient. */
    private static final double CERTAIN = 10;

    /** Whether tape and differences agree, in the order in which they count. */
    public enum Verdict {
        /** They agree to the tolerance. */
        CORRECT("agrees"),
        /** The differences do not agree among themselves: nothing is proven. */
        UNRELIABLE(
                "the differences disagree among themselves: not differentiable here, the loss changes from call to call,"
                        + " or the solve's tolerance is too loose"),
        /** The differences agree among themselves, and not with the tape. */
        WRONG("the taped gradient is not the loss's: by a fault in it, by an adjoint that approximates, as JacobianFree"
                + " does, or because a solve is too loose for the derivative to hold");

        private final String words;

        Verdict(String words) {
            this.words = words;
        }
    }

    /**
     * A slope of the loss by both ways.
     *
     * @param where "[2, 0]" for a coordinate, "direction 1" for a random one
     * @param taped ⟨gradient from the tape, d⟩
     * @param difference of the loss along d, over the step
     * @param uncertainty by how much the differences disagree among themselves
     * @param noise what rounding of the loss does to the difference
     */
    public record Comparison(String where, double taped, double difference, double uncertainty, double noise) {
        private double error() {
            return Math.abs(taped - difference);
        }
    }

    /**
     * One parameter tensor.
     *
     * @param name dotted, as the model gives it
     * @param shape of the tensor
     * @param relativeError of the worst comparison: |taped − difference| over the larger of the two and of the size of the
     *     gradient's entries, root mean square
     * @param cosine of the taped slopes with the differences; NaN where one of them vanishes
     * @param worst the comparison with that error, one of the verdict's kind
     * @param verdict over all comparisons
     */
    public record Parameter(
            String name, long[] shape, double relativeError, double cosine, Comparison worst, Verdict verdict) {}

    /** Comparisons before they are judged. */
    record Raw(String name, long[] shape, List<Comparison> comparisons) {
        /** Root mean square; unit directions and coordinates have the same in expectation. */
        double size() {
            double sum = 0;
            for (Comparison c : comparisons) {
                double larger = Math.max(Math.abs(c.taped), Math.abs(c.difference));
                sum += Double.isNaN(larger) ? 0 : larger * larger;
            }
            return Math.sqrt(sum / comparisons.size());
        }
    }

    static GradientReport judge(List<Raw> raw, double tolerance) {
        double whole = raw.stream().mapToDouble(Raw::size).max().orElse(0);
        List<Parameter> parameters = new ArrayList<>();
        for (Raw r : raw) {
            double size = Math.max(r.size(), NEGLIGIBLE * whole);
            Verdict verdict = Verdict.CORRECT;
            Comparison worst = r.comparisons.get(0);
            double error = -1;
            double dot = 0;
            double taped = 0;
            double differences = 0;
            for (Comparison c : r.comparisons) {
                Verdict each = verdict(c, size, tolerance);
                double relative = relative(c, size);
                // The worst of the gravest kind.
                if (each.compareTo(verdict) > 0 || (each == verdict && !(relative <= error))) {
                    worst = c;
                    error = relative;
                }
                verdict = each.compareTo(verdict) > 0 ? each : verdict;
                dot += c.taped * c.difference;
                taped += c.taped * c.taped;
                differences += c.difference * c.difference;
            }
            double cosine = dot / Math.sqrt(taped) / Math.sqrt(differences);
            parameters.add(new Parameter(r.name, r.shape, error, cosine, worst, verdict));
        }
        return new GradientReport(List.copyOf(parameters), tolerance);
    }

    private static double relative(Comparison c, double size) {
        double error = c.error();
        return error == 0 ? 0 : error / Math.max(size, Math.max(Math.abs(c.taped), Math.abs(c.difference)));
    }

    /** Comparisons are written so that NaN proves nothing. */
    private static Verdict verdict(Comparison c, double size, double tolerance) {
        double scale = Math.max(size, Math.max(Math.abs(c.taped), Math.abs(c.difference)));
        double allowed = tolerance * scale + c.noise;
        if (c.uncertainty <= allowed) {
            return c.error() <= allowed
                    ? Verdict.CORRECT
                    : Double.isNaN(c.error()) ? Verdict.UNRELIABLE : Verdict.WRONG;
        }
        return c.error() > CERTAIN * c.uncertainty ? Verdict.WRONG : Verdict.UNRELIABLE;
    }

    /** The gravest verdict over the parameters. */
    public Verdict verdict() {
        return gravest().verdict();
    }

    /** The parameter of that name. */
    public Parameter parameter(String name) {
        return parameters.stream()
                .filter(p -> p.name.equals(name))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException("GradientReport: need one of "
                        + parameters.stream().map(Parameter::name).toList() + ", got '" + name + "'"));
    }

    private Parameter gravest() {
        Parameter gravest = parameters.get(0);
        for (Parameter p : parameters) {
            int graver = p.verdict.compareTo(gravest.verdict);
            if (graver > 0 || (graver == 0 && p.relativeError > gravest.relativeError)) {
                gravest = p;
            }
        }
        return gravest;
    }

    /**
     * This report, if every gradient is correct.
     *
     * @throws GradientException otherwise, with the gravest parameter and both numbers
     */
    public GradientReport orThrow() {
        Parameter p = gravest();
        if (p.verdict != Verdict.CORRECT) {
            throw new GradientException(
                    this,
                    String.format(
                            Locale.ROOT,
                            "gradient of '%s' at %s: tape %.6g, differences %.6g (uncertain by %.1e); %s",
                            p.name,
                            p.worst.where,
                            p.worst.taped,
                            p.worst.difference,
                            p.worst.uncertainty,
                            p.verdict.words));
        }
        return this;
    }

    @Override
    public String toString() {
        int width = Math.max(
                9, parameters.stream().mapToInt(p -> p.name.length()).max().orElse(0));
        String line = "%-" + width + "s  %-12s  %9s  %8s  %-12s  %13s  %13s  %s%n";
        StringBuilder text = new StringBuilder(String.format(
                Locale.ROOT, line, "parameter", "shape", "rel.error", "cosine", "worst at", "tape", "differences", ""));
        for (Parameter p : parameters) {
            text.append(String.format(
                    Locale.ROOT,
                    line,
                    p.name,
                    Arrays.toString(p.shape),
                    String.format(Locale.ROOT, "%.1e", p.relativeError),
                    String.format(Locale.ROOT, "%.5f", p.cosine),
                    p.worst.where,
                    String.format(Locale.ROOT, "%.6g", p.worst.taped),
                    String.format(Locale.ROOT, "%.6g", p.worst.difference),
                    p.verdict));
        }
        return text.toString();
    }
}
