package dev.stillpoint;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What no compiler checks, read from the sources. */
class StyleTest {
    /** What one can hold in the head. */
    private static final int LONGEST_FILE = 300;

    private static final Path MAIN = Path.of("src/main/java");
    private static final Path TEST = Path.of("src/test/java");

    @Test
    void filesAreShort() {
        assertThat(tooLong(MAIN)).isEmpty();
        assertThat(tooLong(TEST)).isEmpty();
    }

    @Test
    void everyPackageIsNullMarked() {
        assertThat(sources(MAIN)).isNotEmpty();
        assertThat(notNullMarked(MAIN)).isEmpty();
    }

    @Test
    void saboteursAreCaught(@TempDir Path folder) throws IOException {
        Path longFile = Files.createDirectories(folder.resolve("planted")).resolve("Long.java");
        Files.writeString(longFile, "\n".repeat(LONGEST_FILE));
        assertThat(tooLong(folder)).isEmpty();
        Files.writeString(longFile, "\n".repeat(LONGEST_FILE + 1));
        assertThat(tooLong(folder)).containsExactly("planted/Long.java: 301 lines");

        assertThat(notNullMarked(folder)).containsExactly("planted");
        Path info = folder.resolve("planted/package-info.java");
        Files.writeString(info, "package planted;\n\nimport org.jspecify.annotations.NullMarked;\n");
        assertThat(notNullMarked(folder)).containsExactly("planted");
        Files.writeString(info, "@NullMarked\npackage planted;\n");
        assertThat(notNullMarked(folder)).isEmpty();
    }

    private static List<String> tooLong(Path root) {
        List<String> offenders = new ArrayList<>();
        for (Path file : sources(root)) {
            int lines = lines(file).size();
            if (lines > LONGEST_FILE) {
                offenders.add(name(root, file) + ": " + lines + " lines");
            }
        }
        return offenders;
    }

    private static List<String> notNullMarked(Path root) {
        List<String> offenders = new ArrayList<>();
        for (Path file : sources(root)) {
            if (file.endsWith("module-info.java")) {
                continue;
            }
            Path folder = file.resolveSibling("");
            Path info = file.resolveSibling("package-info.java");
            boolean marked = Files.exists(info) && lines(info).contains("@NullMarked");
            String name = name(root, folder);
            if (!marked && !offenders.contains(name)) {
                offenders.add(name);
            }
        }
        return offenders;
    }

    private static String name(Path root, Path path) {
        return root.relativize(path).toString().replace('\\', '/');
    }

    private static List<Path> sources(Path root) {
        try (Stream<Path> files = Files.walk(root)) {
            return files.filter(file -> file.toString().endsWith(".java"))
                    .sorted()
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static List<String> lines(Path file) {
        try {
            return Files.readAllLines(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
