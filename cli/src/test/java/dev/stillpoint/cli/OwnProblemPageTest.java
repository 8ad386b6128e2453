package dev.stillpoint.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.stillpoint.data.CsvText;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.OptionalDouble;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** docs/own-problem.md, from top to bottom: its files are written, its commands run, and what it shows is what comes out. */
class OwnProblemPageTest {
    private static final Path PAGE = Path.of("..", "docs", "own-problem.md");

    private static final Pattern PART = Pattern.compile(
            "```(csv|sh|text) ?([^\\n]*)\\n(.*?)```|((?:^\\|[^\\n]*\\|\\n)+)", Pattern.DOTALL | Pattern.MULTILINE);

    /** Of a share of a handful of test rows: other processors round otherwise, and may turn a close decision. */
    private static final double SAME_SHARE = 0.21;

    @TempDir
    Path folder;

    private Ran last = new Ran(0, "", "");
    private Path output = Path.of("");

    @Test
    void thePageIsTrue() throws IOException {
        Matcher part = PART.matcher(Files.readString(PAGE));
        int commands = 0;
        int shown = 0;
        while (part.find()) {
            if (part.group(4) != null) {
                shown += table(part.group(4)) ? 1 : 0;
                continue;
            }
            String content = part.group(3);
            switch (part.group(1)) {
                case "csv" -> Files.writeString(folder.resolve(part.group(2)), content);
                case "sh" -> {
                    for (String command : content.strip().split("\\n")) {
                        run(command);
                        commands++;
                    }
                }
                default -> {
                    if (content.startsWith("stillpoint: ")) {
                        mistakes(content);
                    } else {
                        metrics(content);
                    }
                    shown++;
                }
            }
        }
        assertThat(commands).as("commands of the page").isGreaterThanOrEqualTo(5);
        assertThat(shown).as("outputs that the page shows").isGreaterThanOrEqualTo(5);
    }

    private void run(String command) {
        String[] words = command.strip().split(" +");
        assertThat(words[0]).isEqualTo("./stillpoint");
        Object[] located = Arrays.stream(words)
                .skip(1)
                .map(word -> word.endsWith(".csv") || word.startsWith("runs/") ? folder.resolve(word) : word)
                .toArray();
        last = Ran.done(located);
        for (int i = 0; i < words.length; i++) {
            if (words[i].equals("--output")) {
                output = folder.resolve(words[i + 1]);
            }
        }
    }

    /** Lines of the last output: names to the letter, numbers as near as another processor gets. */
    private void metrics(String content) {
        List<String> lines = last.out().lines().toList();
        for (String line : content.strip().split("\\n")) {
            String[] words = line.strip().split(" +");
            String found = lines.stream()
                    .filter(l -> l.strip().split(" +")[0].equals(words[0]))
                    .findFirst()
                    .orElseThrow(() -> new AssertionError("no line " + words[0] + " in " + last.out()));
            if (words.length > 1) {
                assertThat(Double.parseDouble(found.strip().split(" +")[1]))
                        .as(line)
                        .isCloseTo(Double.parseDouble(words[1]), within(SAME_SHARE));
            }
        }
    }

    /** A table whose header names columns of the last output shows those columns; any other is prose. */
    private boolean table(String text) {
        List<List<String>> cells = new ArrayList<>();
        for (String line : text.strip().split("\\n")) {
            String[] row = line.substring(1, line.lastIndexOf('|')).split("\\|", -1);
            cells.add(Arrays.stream(row).map(String::strip).toList());
        }
        List<String> header = cells.get(0);
        if (!header.get(0).equals("decision")) {
            return false;
        }
        CsvText written = CsvText.read(output);
        assertThat(written.size()).isEqualTo(cells.size() - 2);
        for (int i = 0; i < written.size(); i++) {
            for (int j = 0; j < header.size(); j++) {
                String cell = written.cell(i, header.get(j)).replace(folder + "/", "");
                String wanted = cells.get(i + 2).get(j);
                OptionalDouble number = CsvText.number(wanted);
                if (number.isPresent()) {
                    assertThat(Double.parseDouble(cell)).isCloseTo(number.getAsDouble(), within(1e-2));
                } else {
                    assertThat(cell).as("%s of row %s", header.get(j), i + 1).isEqualTo(wanted);
                }
            }
        }
        return true;
    }

    /** The mistakes that the page shows are made, one at a time. */
    private void mistakes(String content) throws IOException {
        String[] messages = content.strip().split("\\n");
        String[][] mistakes = {
            {"contexts.csv", "Mon,4", "Mon,wet"},
            {"decisions.csv", "depot>bridge>market>harbour\ndepot", "depot>bridge>market\ndepot"},
            {"edges.csv", "bridge,harbour", "depot,tunnel"}
        };
        assertThat(messages).hasSize(mistakes.length);
        for (int i = 0; i < mistakes.length; i++) {
            Path file = folder.resolve(mistakes[i][0]);
            String good = Files.readString(file);
            Files.writeString(file, good.replaceFirst(Pattern.quote(mistakes[i][1]), mistakes[i][2]));
            Object[] words = OwnProblem.words(
                    folder,
                    "train paths --edges edges.csv --contexts contexts.csv --decisions decisions.csv --from depot --to"
                            + " harbour --run never.csv");
            Ran ran = Ran.of(words);
            assertThat(ran.err().strip().replace(folder + "/", "")).isEqualTo(messages[i]);
            assertThat(folder.resolve("never.csv")).doesNotExist();
            Files.writeString(file, good);
        }
    }
}
