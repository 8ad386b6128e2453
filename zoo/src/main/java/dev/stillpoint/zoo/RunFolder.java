package dev.stillpoint.zoo;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.stillpoint.certificate.Certificates;
import dev.stillpoint.data.AtomicFile;
import dev.stillpoint.data.DataException;
import dev.stillpoint.train.Epoch;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/**
 * What a run leaves: run.json (provenance, then results), metrics.jsonl (a line an epoch), checkpoint.safetensors,
 * model.safetensors, certificates.json, report.html. Every file is replaced as a whole or not at all.
 *
 * @param path the folder
 */
public record RunFolder(Path path) {
    private static final ObjectMapper JSON = new ObjectMapper().enable(SerializationFeature.INDENT_OUTPUT);
    private static final ObjectMapper LINE = new ObjectMapper();

    /**
     * A new run's folder, created if need be.
     *
     * @throws IllegalArgumentException if it holds something already
     */
    public static RunFolder create(Path path) {
        try {
            if (Files.exists(path)) {
                if (!Files.isDirectory(path)) {
                    throw new IllegalArgumentException(path + ": need a folder for the run, got a file");
                }
                try (Stream<Path> content = Files.list(path)) {
                    if (content.findAny().isPresent()) {
                        throw new IllegalArgumentException(path + ": need an empty folder for a new run, got one with"
                                + " files; choose another, or go on with train --resume " + path);
                    }
                }
            }
            Files.createDirectories(path);
            return new RunFolder(path);
        } catch (IOException e) {
            throw new UncheckedIOException(path + ": need a folder that can be written, got " + e.getMessage(), e);
        }
    }

    /**
     * An existing run's folder.
     *
     * @throws DataException if it is not one
     */
    public static RunFolder open(Path path) {
        if (!Files.isRegularFile(path.resolve("run.json"))) {
            throw new DataException(
                    path,
                    "need a run folder (with run.json), got "
                            + (Files.isDirectory(path)
                                    ? "a folder without it"
                                    : Files.exists(path) ? "a file" : "nothing there"));
        }
        return new RunFolder(path);
    }

    /** Provenance and results. */
    public Path run() {
        return path.resolve("run.json");
    }

    /** A line an epoch. */
    public Path metrics() {
        return path.resolve("metrics.jsonl");
    }

    /** The state of training after its last epoch. */
    public Path checkpoint() {
        return path.resolve("checkpoint.safetensors");
    }

    /** The trained weights. */
    public Path model() {
        return path.resolve("model.safetensors");
    }

    /** The calibrated checks. */
    public Path certificates() {
        return path.resolve("certificates.json");
    }

    /** For people. */
    public Path report() {
        return path.resolve("report.html");
    }

    /**
     * Refuses a run whose training has not come to its end.
     *
     * @throws DataException that says how to go on
     */
    public void requireTrained() {
        if (!Files.exists(model())) {
            throw new DataException(
                    path, "need a finished run, got one without a model; go on with train --resume " + path);
        }
    }

    /** The content of run.json. */
    public ObjectNode readRun() {
        if (readJson(run()) instanceof ObjectNode object) {
            return object;
        }
        throw new DataException(run(), "need a JSON object, got something else");
    }

    /** Replaces run.json. */
    public void writeRun(ObjectNode content) {
        writeJson(run(), content);
    }

    /** The stored checks. */
    public Certificates readCertificates() {
        try {
            return Certificates.fromJson(readJson(certificates()));
        } catch (IllegalArgumentException e) {
            throw new DataException(certificates(), String.valueOf(e.getMessage()), e);
        }
    }

    /** Stores the checks. */
    public void writeCertificates(Certificates certificates) {
        writeJson(certificates(), certificates.toJson());
    }

    /** Appends an epoch's line. */
    public void append(Epoch epoch) {
        List<String> lines = Files.exists(metrics()) ? lines() : new ArrayList<>();
        lines.add(line(epoch));
        AtomicFile.writeString(metrics(), String.join("\n", lines) + "\n");
    }

    /** Drops the lines of epochs after {@code last}: a run that is resumed writes them again. */
    public void truncate(int last) {
        if (Files.exists(metrics())) {
            List<String> lines = lines();
            if (lines.size() > last) {
                StringBuilder kept = new StringBuilder();
                lines.subList(0, last).forEach(line -> kept.append(line).append('\n'));
                AtomicFile.writeString(metrics(), kept.toString());
            }
        }
    }

    /** The epochs so far. */
    public List<Epoch> epochs() {
        List<Epoch> epochs = new ArrayList<>();
        int number = 0;
        for (String line : Files.exists(metrics()) ? lines() : List.<String>of()) {
            number++;
            try {
                JsonNode node = LINE.readTree(line);
                if (!(node instanceof ObjectNode)) {
                    throw DataException.at(metrics(), number, "need a JSON object, got something else");
                }
                Map<String, Double> values = new LinkedHashMap<>();
                node.path("metrics")
                        .properties()
                        .forEach(e -> values.put(
                                e.getKey(),
                                e.getValue().isNumber() ? e.getValue().asDouble() : Double.NaN));
                epochs.add(new Epoch(
                        node.path("epoch").asInt(),
                        node.path("loss").isNumber() ? node.path("loss").asDouble() : Double.NaN,
                        node.path("learningRate").asDouble(),
                        node.path("masked").asInt(),
                        node.path("seconds").asDouble(),
                        values));
            } catch (JsonProcessingException e) {
                throw DataException.at(metrics(), number, "need a JSON object, got something else");
            }
        }
        return epochs;
    }

    private static String line(Epoch epoch) {
        ObjectNode node = LINE.createObjectNode();
        node.put("epoch", epoch.epoch());
        put(node, "loss", epoch.loss());
        node.put("learningRate", epoch.learningRate());
        node.put("masked", epoch.masked());
        node.put("seconds", epoch.seconds());
        ObjectNode metrics = node.putObject("metrics");
        epoch.metrics().forEach((name, value) -> put(metrics, name, value));
        return node.toString();
    }

    /** JSON has no NaN: null stands for it. */
    static void put(ObjectNode node, String name, double value) {
        if (Double.isFinite(value)) {
            node.put(name, value);
        } else {
            node.putNull(name);
        }
    }

    private List<String> lines() {
        try {
            return new ArrayList<>(Files.readAllLines(metrics()));
        } catch (IOException e) {
            throw new DataException(metrics(), "need a readable text file, got " + e.getMessage(), e);
        }
    }

    private static JsonNode readJson(Path file) {
        try {
            return JSON.readTree(Files.readString(file));
        } catch (JsonProcessingException e) {
            throw new DataException(file, "need JSON, got text that is not: " + e.getOriginalMessage(), e);
        } catch (IOException e) {
            throw new DataException(
                    file, "need a readable file, got " + e.getClass().getSimpleName(), e);
        }
    }

    private static void writeJson(Path file, JsonNode content) {
        try {
            AtomicFile.writeString(file, JSON.writeValueAsString(content) + "\n");
        } catch (JsonProcessingException e) {
            throw new AssertionError("a JSON tree can always be written", e);
        }
    }
}
