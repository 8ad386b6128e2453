package dev.stillpoint.law;

import static org.assertj.core.api.Assertions.assertThat;

import dev.stillpoint.tensor.Engine;
import org.bytedeco.javacpp.Pointer;

/**
 * Native memory stays flat while something is done again and again, and Java's collector has no part in it.
 *
 * <p>Measures the whole process: nothing else may run beside it.
 */
public final class MemoryLaws {
    /** Collections of some 10 ms each: the background was done after at most twelve. */
    private static final int READINGS = 16;

    private static final int RUNS = 5;

    private MemoryLaws() {}

    /**
     * Resident memory grows by less than {@code bound} bytes.
     *
     * @param warmUp runs that fill every cache
     * @param steps runs measured
     * @param bound half an iterate a step finds a tensor leaked every second step, and is far above the noise, which does
     *     not depend on the number of steps
     */
    public static void checkFlat(int warmUp, int steps, long bound, Runnable run) {
        assertThat(growth(warmUp, steps, run)).as("memory flat over steps").isLessThan(bound);
    }

    /**
     * No run leaves a native object alive: the collector sees a few bytes of each tensor and is in no hurry, so what waits
     * for it is as good as leaked.
     */
    public static void checkNothingIsLeft(Runnable run) {
        assertThat(leftovers(run)).as("native objects left to the collector").isZero();
    }

    /**
     * Bytes of resident memory that {@code steps} runs add once {@code warmUp} runs have filled every cache: twice what the
     * better half of them adds, since a leak grows in both halves, and the workspace of a compiler's thread that translates
     * a method just found hot, some 100 MB for a large one, in one of them.
     */
    public static long growth(int warmUp, int steps, Runnable run) {
        repeat(warmUp, run);
        long start = resident();
        repeat(steps / 2, run);
        long middle = resident();
        repeat(steps / 2, run);
        return 2 * Math.min(middle - start, resident() - middle);
    }

    private static void repeat(int times, Runnable run) {
        for (int i = 0; i < times; i++) {
            run.run();
        }
    }

    /** Native objects that five runs leave alive; the most of several counts, as a collection may hide some. */
    public static long leftovers(Runnable run) {
        long most = 0;
        for (int i = 0; i < READINGS; i++) {
            run.run();
            long before = Pointer.totalCount();
            for (int j = 0; j < RUNS; j++) {
                run.run();
            }
            most = Math.max(most, Pointer.totalCount() - before);
        }
        return most;
    }

    /**
     * Resident memory without garbage: what is left is in use. Both heaps must give back what they have free, or a leak
     * that refills it stays unseen: malloc when told to, the collector in the background, hundreds of megabytes of empty
     * regions, so the smallest of several readings counts.
     */
    public static long resident() {
        long least = Long.MAX_VALUE;
        for (int i = 0; i < READINGS; i++) {
            System.gc();
            Pointer.trimMemory();
            least = Math.min(least, Engine.residentBytes());
        }
        return least;
    }
}
