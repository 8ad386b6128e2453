package dev.stillpoint.cli.measure;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;

/** A folder for the length of a measurement. */
final class Scratch {
    private Scratch() {}

    /** What is done there. */
    interface Work {
        void in(Path folder);
    }

    /** Makes a folder, works in it and deletes it. */
    static void in(Work work) {
        Path folder;
        try {
            folder = Files.createTempDirectory("stillpoint-bench");
        } catch (IOException e) {
            throw new UncheckedIOException("need a temporary folder, got " + e.getMessage(), e);
        }
        try {
            work.in(folder);
        } finally {
            delete(folder);
        }
    }

    private static void delete(Path folder) {
        try (Stream<Path> found = Files.walk(folder)) {
            List<Path> files = found.sorted(Comparator.reverseOrder()).toList();
            for (Path file : files) {
                Files.deleteIfExists(file);
            }
        } catch (IOException e) {
            // A temporary file stays: no harm to the result.
            return;
        }
    }
}
