package dev.stillpoint.cli;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Map;
import java.util.stream.Stream;

/** A folder of results that appears whole or not at all. */
final class NewFolder {
    private NewFolder() {}

    /**
     * Refuses a place that holds something, before the work begins.
     *
     * @throws IllegalArgumentException if it is a file, a folder with files, or below a file
     */
    static void check(Path path) {
        if (Files.exists(path) && !Files.isDirectory(path)) {
            throw new IllegalArgumentException(path + ": need a new or empty folder, got a file");
        }
        if (Files.isDirectory(path)) {
            try (Stream<Path> content = Files.list(path)) {
                if (content.findAny().isPresent()) {
                    throw new IllegalArgumentException(path + ": need a new or empty folder, got one with files");
                }
            } catch (IOException e) {
                throw new UncheckedIOException(path + ": need a folder that can be read, got " + e.getMessage(), e);
            }
        }
        Path above = path.toAbsolutePath().normalize();
        while (above != null && !Files.exists(above)) {
            above = above.getParent();
        }
        if (above == null || !Files.isDirectory(above) || !Files.isWritable(above)) {
            throw new IllegalArgumentException(path + ": need a place where a folder can be made, got " + above);
        }
    }

    /**
     * Writes all files into a hidden sibling, and renames that.
     *
     * @param files contents by name
     */
    static void write(Path path, Map<String, byte[]> files) {
        Path target = path.toAbsolutePath().normalize();
        Path parent = target.getParent();
        if (parent == null) {
            throw new IllegalArgumentException(path + ": need a folder that is not the root of all");
        }
        Path hidden = parent.resolve(
                "." + target.getFileName() + "." + ProcessHandle.current().pid() + ".tmp");
        try {
            Files.createDirectories(hidden);
            try {
                for (Map.Entry<String, byte[]> file : files.entrySet()) {
                    Files.write(hidden.resolve(file.getKey()), file.getValue());
                }
                Files.move(hidden, target, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
            } finally {
                for (String name : files.keySet()) {
                    Files.deleteIfExists(hidden.resolve(name));
                }
                Files.deleteIfExists(hidden);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(path + ": need a folder that can be written, got " + e.getMessage(), e);
        }
    }
}
