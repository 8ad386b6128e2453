package dev.stillpoint.cli.measure;

import dev.stillpoint.adjoint.Adjoint;
import dev.stillpoint.adjoint.Implicit;
import dev.stillpoint.adjoint.JacobianFree;
import dev.stillpoint.adjoint.Neumann;
import dev.stillpoint.adjoint.Unrolled;
import dev.stillpoint.zoo.paths.DepthStep;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;

/** Adjoints whose work is a matter of depth. */
public enum DepthAdjoint {
    /** One taped step. */
    JFB {
        @Override
        Adjoint at(int depth) {
            return new JacobianFree();
        }
    },
    /** As many terms of the series as the solve has steps. */
    NEUMANN {
        @Override
        Adjoint at(int depth) {
            return new Neumann(depth);
        }
    },
    /** The adjoint equation iterated as often as the solve has steps. */
    IMPLICIT {
        @Override
        Adjoint at(int depth) {
            return Implicit.fixedPoint(DepthStep.exactly(depth));
        }
    },
    /** Every step taped. */
    UNROLLED {
        @Override
        Adjoint at(int depth) {
            return new Unrolled(depth);
        }
    };

    abstract Adjoint at(int depth);

    /** As on the command line: "jfb". */
    public String text() {
        return name().toLowerCase(Locale.ROOT);
    }

    /**
     * The adjoint of that name.
     *
     * @throws IllegalArgumentException "need one of ..., got '...'"
     */
    public static DepthAdjoint parse(String text) {
        for (DepthAdjoint each : values()) {
            if (each.text().equals(text)) {
                return each;
            }
        }
        List<String> names = Arrays.stream(values()).map(DepthAdjoint::text).toList();
        throw new IllegalArgumentException("need one of " + String.join(", ", names) + ", got '" + text + "'");
    }
}
