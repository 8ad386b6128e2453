package dev.stillpoint.cli.measure;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.stillpoint.train.Epoch;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;

/**
 * What one measured training came to.
 *
 * @param adjoint as in the settings
 * @param seed of initial weights and shuffling
 * @param test metrics by name
 * @param seconds of training, validation included
 * @param cpuSeconds of all threads of the process in that time; NaN where Java does not tell
 * @param epochs done
 * @param bestEpoch whose weights were kept
 * @param memory peak of resident bytes while training, above those before the first step; empty where the system does not tell
 * @param initialCosine between its gradient and the exact one, at the initial weights; NaN where one is zero
 * @param trainedCosine the same at the trained weights
 * @param history a point an epoch
 */
public record TrainedRun(
        String adjoint,
        long seed,
        Map<String, Double> test,
        double seconds,
        double cpuSeconds,
        int epochs,
        int bestEpoch,
        OptionalLong memory,
        double initialCosine,
        double trainedCosine,
        List<Epoch> history) {
    private static final ObjectMapper JSON = new ObjectMapper();

    /** {adjoint, seed, test, seconds, cpuSeconds, epochs, bestEpoch, memoryBytes, cosine: {initial, trained}}. */
    public ObjectNode toJson() {
        ObjectNode node = JSON.createObjectNode().put("adjoint", adjoint).put("seed", seed);
        ObjectNode metrics = node.putObject("test");
        test.forEach((name, value) -> put(metrics, name, value));
        node.put("seconds", seconds);
        put(node, "cpuSeconds", cpuSeconds);
        node.put("epochs", epochs).put("bestEpoch", bestEpoch);
        put(node, "memoryBytes", memory);
        ObjectNode cosine = node.putObject("cosine");
        put(cosine, "initial", initialCosine);
        put(cosine, "trained", trainedCosine);
        return node;
    }

    /** {adjoint, seed, history: [{epoch, seconds, loss, metrics...}]}. */
    public ObjectNode historyJson() {
        ObjectNode node = JSON.createObjectNode().put("adjoint", adjoint).put("seed", seed);
        ArrayNode points = node.putArray("history");
        for (Epoch epoch : history) {
            ObjectNode point = points.addObject().put("epoch", epoch.epoch());
            put(point, "seconds", epoch.seconds());
            put(point, "loss", epoch.loss());
            epoch.metrics().forEach((name, value) -> put(point, name, value));
        }
        return node;
    }

    /** What {@link #toJson} and {@link #historyJson} wrote. The history's learning rates and masked rows are not stored. */
    static TrainedRun of(JsonNode node, JsonNode epochs) {
        List<Epoch> history = new ArrayList<>();
        for (JsonNode point : epochs.path("history")) {
            Map<String, Double> metrics = numbers(point);
            metrics.keySet().removeAll(List.of("epoch", "seconds", "loss"));
            history.add(new Epoch(
                    point.path("epoch").asInt(),
                    number(point.path("loss")),
                    Double.NaN,
                    0,
                    number(point.path("seconds")),
                    metrics));
        }
        JsonNode memory = node.path("memoryBytes");
        return new TrainedRun(
                node.path("adjoint").asText(),
                node.path("seed").asLong(),
                numbers(node.path("test")),
                node.path("seconds").asDouble(),
                number(node.path("cpuSeconds")),
                node.path("epochs").asInt(),
                node.path("bestEpoch").asInt(),
                memory.isNumber() ? OptionalLong.of(memory.asLong()) : OptionalLong.empty(),
                number(node.path("cosine").path("initial")),
                number(node.path("cosine").path("trained")),
                history);
    }

    private static Map<String, Double> numbers(JsonNode object) {
        Map<String, Double> numbers = new LinkedHashMap<>();
        object.properties().forEach(e -> numbers.put(e.getKey(), number(e.getValue())));
        return numbers;
    }

    private static double number(JsonNode node) {
        return node.isNumber() ? node.asDouble() : Double.NaN;
    }

    /** JSON has no NaN: null stands for it. */
    static void put(ObjectNode node, String name, double value) {
        if (Double.isFinite(value)) {
            node.put(name, value);
        } else {
            node.putNull(name);
        }
    }

    static void put(ObjectNode node, String name, OptionalLong value) {
        if (value.isPresent()) {
            node.put(name, value.getAsLong());
        } else {
            node.putNull(name);
        }
    }
}
