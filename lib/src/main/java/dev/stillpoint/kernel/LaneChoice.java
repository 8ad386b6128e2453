package dev.stillpoint.kernel;

import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.ServiceConfigurationError;
import java.util.ServiceLoader;

/**
 * Which {@link Lanes} run, decided once: those of the first {@link LanesProvider} that can be loaded, else plain Java.
 *
 * @param lanes the arithmetic
 * @param reason why, for people
 */
public record LaneChoice(Lanes lanes, String reason) {
    /** Wide enough to spread the cost of reading the factor, and the SIMD twin's own width on AVX-512. */
    private static final int PLAIN_WIDTH = 32;

    private static final System.Logger LOG = System.getLogger(LaneChoice.class.getName());

    /** The choice of this process. */
    public static LaneChoice current() {
        return Holder.CHOICE;
    }

    private static final class Holder {
        static final LaneChoice CHOICE = choose();
    }

    private static LaneChoice choose() {
        LaneChoice choice = choose(ServiceLoader.load(LanesProvider.class, LanesProvider.class.getClassLoader())
                .iterator());
        LOG.log(System.Logger.Level.DEBUG, () -> "kernels: " + choice.lanes().name() + " (" + choice.reason() + ")");
        return choice;
    }

    /** From these providers; one that cannot be loaded says why. */
    static LaneChoice choose(Iterator<LanesProvider> providers) {
        List<String> reasons = new ArrayList<>();
        while (true) {
            try {
                if (!providers.hasNext()) {
                    break;
                }
                Lanes lanes = providers.next().lanes();
                return new LaneChoice(lanes, "found and loaded");
            } catch (ServiceConfigurationError | LinkageError | UnsupportedOperationException e) {
                reasons.add(reason(e));
            }
        }
        return new LaneChoice(
                new ScalarLanes(PLAIN_WIDTH),
                reasons.isEmpty() ? "no SIMD kernels on the class path" : String.join("; ", reasons));
    }

    private static String reason(Throwable e) {
        Throwable root = e;
        while (root.getCause() != null) {
            root = root.getCause();
        }
        return String.valueOf(root.getMessage()).replace('/', '.').contains("jdk.incubator.vector")
                ? "SIMD needs --add-modules jdk.incubator.vector when Java starts"
                : "SIMD kernels failed to load: " + root;
    }
}
