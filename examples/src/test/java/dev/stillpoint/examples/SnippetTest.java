package dev.stillpoint.examples;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Java code in Markdown is a region of an example or its test: a fence "```java Quickstart#quickstart" holds it to the letter. */
class SnippetTest {
    private static final Path ROOT = Path.of("..");
    private static final Pattern FENCE = Pattern.compile("```java([^\\n]*)\\n(.*?)```", Pattern.DOTALL);

    @Test
    void markdownQuotesTheExamples() throws IOException {
        List<Path> pages = new ArrayList<>();
        try (Stream<Path> root = Files.list(ROOT);
                Stream<Path> docs = Files.walk(ROOT.resolve("docs"))) {
            Stream.concat(root, docs).filter(p -> p.toString().endsWith(".md")).forEach(pages::add);
        }
        int quoted = 0;
        for (Path page : pages) {
            Matcher fence = FENCE.matcher(Files.readString(page));
            while (fence.find()) {
                assertThat(fence.group(2))
                        .as(page + ": " + fence.group(1))
                        .isEqualTo(region(fence.group(1).strip()));
                quoted++;
            }
        }
        assertThat(quoted).as("quoted regions").isPositive();
    }

    /** The lines between "// region name" and "// endregion" of an example, without their common indentation. */
    private static String region(String reference) throws IOException {
        String[] parts = reference.split("#", 2);
        assertThat(parts).as("a java fence names Example#region").hasSize(2);
        String folder = parts[0].endsWith("Test") ? "src/test" : "src/main";
        List<String> lines = Files.readAllLines(Path.of(folder, "java/dev/stillpoint/examples", parts[0] + ".java"));
        int from = lines.indexOf(lines.stream()
                        .filter(l -> l.strip().equals("// region " + parts[1]))
                        .findFirst()
                        .orElseThrow(() -> new AssertionError("no region " + reference)))
                + 1;
        StringBuilder text = new StringBuilder();
        int indent = lines.get(from).length() - lines.get(from).stripLeading().length();
        for (int i = from; !lines.get(i).strip().equals("// endregion"); i++) {
            String line = lines.get(i);
            text.append(line.length() >= indent ? line.substring(indent) : line).append('\n');
        }
        return text.toString();
    }
}
