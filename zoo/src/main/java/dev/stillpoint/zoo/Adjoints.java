package dev.stillpoint.zoo;

import dev.stillpoint.adjoint.Adjoint;
import dev.stillpoint.adjoint.Implicit;
import dev.stillpoint.adjoint.JacobianFree;
import dev.stillpoint.adjoint.Neumann;
import dev.stillpoint.adjoint.Unrolled;
import dev.stillpoint.solver.StoppingRule;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The notation of adjoints in settings. */
public final class Adjoints {
    /** What the help shows. */
    public static final String KIND = "jfb|neumann:K|unrolled:K|implicit|implicit:dense";

    /** Four digits of the adjoint vector: the gradient of a mini-batch is far noisier. */
    private static final StoppingRule ADJOINT_STOP = new StoppingRule(0, 1e-4, 2_000, 1);

    private static final Pattern COUNTED = Pattern.compile("(neumann|unrolled):([0-9]{1,6})");

    private Adjoints() {}

    /**
     * Reads "jfb", "neumann:5", "unrolled:20", "implicit" or "implicit:dense".
     *
     * @throws IllegalArgumentException "need ..., got '...'"
     */
    public static Adjoint parse(String text) {
        if (text.equals("jfb")) {
            return new JacobianFree();
        }
        if (text.equals("implicit")) {
            return Implicit.fixedPoint(ADJOINT_STOP);
        }
        if (text.equals("implicit:dense")) {
            return Implicit.dense();
        }
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
        throw new IllegalArgumentException("need " + KIND + " (for instance neumann:5), got '" + text + "'");
    }
}
