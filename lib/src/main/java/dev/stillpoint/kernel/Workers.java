package dev.stillpoint.kernel;

import java.util.function.IntConsumer;
import java.util.stream.IntStream;

/** The threads that tiles run on: Java's common pool and the calling thread. */
public final class Workers {
    private static volatile int limit = Runtime.getRuntime().availableProcessors();

    private Workers() {}

    /** The most threads that one call uses. */
    public static int limit() {
        return limit;
    }

    /**
     * Sets the most threads that one call uses, for the whole process. Results do not depend on it.
     *
     * @throws IllegalArgumentException if {@code count} is below 1
     */
    public static void limit(int count) {
        if (count < 1) {
            throw new IllegalArgumentException("Workers: need threads >= 1, got " + count);
        }
        limit = count;
    }

    /** Calls {@code part} with 0 to {@code count} − 1, at the same time where threads are free; returns when all are done. */
    static void run(int count, IntConsumer part) {
        if (count == 1) {
            part.accept(0);
        } else {
            IntStream.range(0, count).parallel().forEach(part);
        }
    }
}
