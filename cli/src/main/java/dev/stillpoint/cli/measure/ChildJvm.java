package dev.stillpoint.cli.measure;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.stillpoint.tensor.Engine;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * A Java process of its own for one measurement: this one's Java, options, class path and environment, but a heap of fixed
 * size with every page touched, and one arena of native memory, so that what a measurement takes is seen from outside.
 *
 * @param heap bytes
 * @param options for Java, beside this process's
 * @param environment beside this process's
 */
record ChildJvm(long heap, List<String> options, Map<String, String> environment) {
    private static final ObjectMapper JSON = new ObjectMapper();

    /** Sizes and collectors are set here; agents would measure the measurement. */
    private static final String REPLACED =
            "-Xm[xsn].*|-XX:[+-]Use.*GC|-XX:(Max|Initial|Min)(Heap|RAM).*|-javaagent.*|-agent(lib|path).*|-Xrun.*|-Xdebug";

    private static final long FIRST_HEAP = 64L << 20;

    /** Of a failed child's messages: the first lines say what, the rest where. */
    private static final int MESSAGE_LINES = 3;

    /** Options and environment for a measurement that is not timed: less native memory that comes and goes by itself. */
    static ChildJvm quiet(long heap) {
        return new ChildJvm(
                heap,
                // The optimising compiler's own memory is tens of megabytes.
                List.of("-XX:TieredStopAtLevel=1"),
                // Every block of this size is given back at once when it is freed.
                Map.of("MALLOC_MMAP_THRESHOLD_", "16384", "MALLOC_TRIM_THRESHOLD_", "16384"));
    }

    /** The same Java as here, for a measurement whose time counts. */
    static ChildJvm timed(long heap) {
        return new ChildJvm(heap, List.of(), Map.of());
    }

    /** The same Java as here with a heap that grows up to {@code heap}, for the memory that a command takes as it is run. */
    static ChildJvm growing(long heap) {
        // Java takes the last of options that contradict each other.
        return new ChildJvm(heap, List.of("-Xms" + FIRST_HEAP, "-XX:-AlwaysPreTouch"), Map.of());
    }

    /**
     * Does a job in a new process and waits for it.
     *
     * @param job what {@link ChildMain} understands
     * @param listener gets each message before the result
     * @return the result
     * @throws MeasurementException with the child's message if it fails
     */
    ObjectNode run(ObjectNode job, Consumer<JsonNode> listener) {
        Path errors = null;
        Thread killer = null;
        try {
            errors = Files.createTempFile("stillpoint-child", ".err");
            ProcessBuilder builder = new ProcessBuilder(command(job.toString())).redirectError(errors.toFile());
            builder.environment().put("MALLOC_ARENA_MAX", "1");
            builder.environment().putAll(environment);
            Process process = builder.start();
            killer = new Thread(process::destroyForcibly);
            Runtime.getRuntime().addShutdownHook(killer);
            try {
                return result(process, errors, listener);
            } finally {
                process.destroyForcibly();
            }
        } catch (IOException e) {
            throw new UncheckedIOException("need to start a Java process, got " + e.getMessage(), e);
        } finally {
            forget(killer, errors);
        }
    }

    private static ObjectNode result(Process process, Path errors, Consumer<JsonNode> listener) throws IOException {
        ObjectNode result = null;
        String failure = null;
        try (BufferedReader out = process.inputReader(StandardCharsets.UTF_8)) {
            for (String line = out.readLine(); line != null; line = out.readLine()) {
                JsonNode message = message(line);
                if (message.has("result")) {
                    result = (ObjectNode) message.get("result");
                } else if (message.has("failure")) {
                    failure = message.get("failure").asText();
                } else if (message.isObject()) {
                    listener.accept(message);
                }
            }
            int code = process.waitFor();
            if (failure != null) {
                throw new MeasurementException(failure);
            }
            if (result == null || code != 0) {
                throw new MeasurementException("need a result, got a process that ended with code " + code
                        + (code > 128 ? " (signal " + (code - 128) + ")" : "") + firstLines(errors));
            }
            return result;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new MeasurementException("interrupted");
        }
    }

    /** What is no JSON is a native library's own remark. */
    private static JsonNode message(String line) {
        try {
            return JSON.readTree(line);
        } catch (JsonProcessingException e) {
            return JSON.nullNode();
        }
    }

    private static String firstLines(Path errors) throws IOException {
        List<String> lines = Files.readAllLines(errors, StandardCharsets.UTF_8).stream()
                .filter(line -> !line.isBlank())
                .limit(MESSAGE_LINES)
                .toList();
        return lines.isEmpty() ? "" : ": " + String.join(" | ", lines);
    }

    private static void forget(@Nullable Thread killer, @Nullable Path errors) {
        try {
            if (killer != null) {
                Runtime.getRuntime().removeShutdownHook(killer);
            }
            if (errors != null) {
                Files.deleteIfExists(errors);
            }
        } catch (IOException | IllegalStateException e) {
            // The process is ending, or a temporary file stays: neither harms the result.
            return;
        }
    }

    /** The command line that does a job. */
    List<String> command(String job) {
        List<String> words = new ArrayList<>();
        words.add(ProcessHandle.current()
                .info()
                .command()
                .orElse(Path.of(System.getProperty("java.home"), "bin", "java").toString()));
        words.addAll(inherited(ManagementFactory.getRuntimeMXBean().getInputArguments()));
        words.addAll(List.of("-Xms" + heap, "-Xmx" + heap, "-XX:+UseSerialGC", "-XX:+AlwaysPreTouch"));
        words.add("-Dorg.bytedeco.javacpp.maxphysicalbytes=" + Engine.residentLimit());
        // The launcher's jar says so in its manifest, which counts with -jar alone.
        if (Runtime.version().feature() >= 22) {
            words.add("--enable-native-access=ALL-UNNAMED");
        }
        words.addAll(options);
        words.addAll(List.of("-cp", System.getProperty("java.class.path"), ChildMain.class.getName(), job));
        return words;
    }

    /** Java's options but those that are set for the child. */
    static List<String> inherited(List<String> options) {
        return options.stream().filter(option -> !option.matches(REPLACED)).toList();
    }
}
