package dev.stillpoint.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A training whose process is killed in its midst goes on to the same result, bit for bit. */
class KillResumeTest {
    private static final int EPOCHS = 40;
    private static final int ATTEMPTS = 5;
    private static final long SECONDS = 120;
    private static final String[] SETTINGS = {"--grid", "5", "--epochs", "40", "--threads", "1"};
    private static final ObjectMapper JSON = new ObjectMapper();

    @TempDir
    static Path shared;

    private static Path whole = Path.of("");
    private static Ran uninterrupted = new Ran(-1, "", "");

    @TempDir
    Path folder;

    @BeforeAll
    static void trainWithoutAStop() throws IOException, InterruptedException {
        whole = shared.resolve("whole");
        uninterrupted = finish(shared, train(whole));
    }

    @ParameterizedTest
    @ValueSource(ints = {3, 22})
    void goesOnToTheSameResult(int lines) throws IOException, InterruptedException {
        Path run = killedAfter(lines);
        int done = metrics(run).size();
        Ran resumed = finish(folder, List.of("train", "--resume", run.toString(), "--threads", "1", "--json"));

        // The line of an epoch is written before its checkpoint: that epoch may be done again, no earlier one.
        assertThat(firstReported(resumed)).isGreaterThanOrEqualTo(done);
        assertThat(resumed.json().path("test"))
                .isNotEmpty()
                .isEqualTo(uninterrupted.json().path("test"));
        assertThat(resumed.json().path("bestEpoch"))
                .isEqualTo(uninterrupted.json().path("bestEpoch"));
        assertThat(run.resolve("model.safetensors")).hasSameBinaryContentAs(whole.resolve("model.safetensors"));
        assertThat(run.resolve("certificates.json")).hasSameTextualContentAs(whole.resolve("certificates.json"));
        assertThat(metrics(run)).hasSize(EPOCHS).isEqualTo(metrics(whole));
    }

    /** A run killed between its line {@code lines} and its end. */
    private Path killedAfter(int lines) throws IOException, InterruptedException {
        for (int attempt = 0; attempt < ATTEMPTS; attempt++) {
            Path run = folder.resolve("run" + attempt);
            Process process = start(folder, train(run));
            try {
                long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(SECONDS);
                while (process.isAlive() && metrics(run).size() < lines && System.nanoTime() < end) {
                    process.waitFor(2, TimeUnit.MILLISECONDS);
                }
            } finally {
                process.destroyForcibly();
            }
            assertThat(process.waitFor(SECONDS, TimeUnit.SECONDS)).isTrue();
            int done = metrics(run).size();
            if (process.exitValue() != 0 && done >= lines && done < EPOCHS) {
                assertThat(run.resolve("model.safetensors")).doesNotExist();
                assertThat(run.resolve("checkpoint.safetensors")).exists();
                return run;
            }
        }
        throw new AssertionError("need a kill between epoch " + lines + " and " + EPOCHS + ", got none in " + ATTEMPTS
                + " attempts: " + Files.readString(folder.resolve("err")));
    }

    private static List<String> train(Path run) {
        List<String> words = new ArrayList<>(List.of("train", "paths", "--run", run.toString(), "--json"));
        words.addAll(List.of(SETTINGS));
        return words;
    }

    private static Process start(Path folder, List<String> words) throws IOException {
        String java = ProcessHandle.current().info().command().orElseThrow();
        List<String> command = new ArrayList<>(List.of(
                java,
                "-Xmx1g",
                "-XX:+UseSerialGC",
                "-cp",
                System.getProperty("java.class.path"),
                Main.class.getName()));
        command.addAll(words);
        return new ProcessBuilder(command)
                .redirectOutput(folder.resolve("out").toFile())
                .redirectError(folder.resolve("err").toFile())
                .start();
    }

    private static Ran finish(Path folder, List<String> words) throws IOException, InterruptedException {
        Process process = start(folder, words);
        try {
            assertThat(process.waitFor(SECONDS, TimeUnit.SECONDS)).isTrue();
        } finally {
            process.destroyForcibly();
        }
        Ran ran = new Ran(
                process.exitValue(), Files.readString(folder.resolve("out")), Files.readString(folder.resolve("err")));
        assertThat(ran.code()).as(ran.err()).isEqualTo(Main.DONE);
        return ran;
    }

    /** The first epoch that progress tells of: every fourth is told. */
    private static int firstReported(Ran ran) {
        Matcher epoch = Pattern.compile("(?m)^epoch ([0-9]+)/40 ").matcher(ran.err());
        assertThat(epoch.find()).as(ran.err()).isTrue();
        return Integer.parseInt(epoch.group(1));
    }

    /** metrics.jsonl without the seconds, the one thing in it that a clock decides. */
    private static List<ObjectNode> metrics(Path run) throws IOException {
        List<ObjectNode> epochs = new ArrayList<>();
        Path file = run.resolve("metrics.jsonl");
        if (Files.exists(file)) {
            for (String line : Files.readAllLines(file)) {
                ObjectNode epoch = (ObjectNode) JSON.readTree(line);
                epoch.remove("seconds");
                epochs.add(epoch);
            }
        }
        return epochs;
    }
}
