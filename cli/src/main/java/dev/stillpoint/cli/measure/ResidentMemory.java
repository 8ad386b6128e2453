package dev.stillpoint.cli.measure;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.OptionalLong;

/**
 * Resident memory of this process as Linux counts it, in /proc. Where that is missing nothing is measured.
 *
 * <p>With a Java heap of fixed size whose pages have all been touched, what moves is native: tensors, the tape, buffers.
 */
final class ResidentMemory {
    private static final Path STATUS = Path.of("/proc/self/status");
    private static final Path MACHINE = Path.of("/proc/meminfo");
    private static final Path CLEAR = Path.of("/proc/self/clear_refs");

    private ResidentMemory() {}

    /** Bytes now. */
    static OptionalLong now() {
        return read(STATUS, "VmRSS:");
    }

    /** The most bytes since {@link #forgetPeak}, or since the process began. */
    static OptionalLong peak() {
        return read(STATUS, "VmHWM:");
    }

    /** Lets the peak begin at what is resident now; where the system refuses, it goes on from the start of the process. */
    static void forgetPeak() {
        try {
            Files.writeString(CLEAR, "5", StandardOpenOption.WRITE);
        } catch (IOException e) {
            // A peak of the start would hide a smaller one later: the heap, which is touched first, keeps that
            // unlikely.
            return;
        }
    }

    /** Bytes that the machine can still give without swapping. */
    static OptionalLong available() {
        return read(MACHINE, "MemAvailable:");
    }

    private static OptionalLong read(Path file, String field) {
        try {
            for (String line : Files.readAllLines(file)) {
                if (line.startsWith(field)) {
                    // "VmRSS:     1768 kB"
                    return OptionalLong.of(1024 * Long.parseLong(line.replaceAll("[^0-9]", "")));
                }
            }
        } catch (IOException e) {
            return OptionalLong.empty();
        }
        return OptionalLong.empty();
    }
}
