package dev.stillpoint.train;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.stillpoint.data.DataException;
import dev.stillpoint.data.SafeTensors;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import org.bytedeco.pytorch.Tensor;

/**
 * Everything that a run needs to go on as if it had never stopped: tensors by name, and numbers as JSON. One file, so that
 * it is replaced as a whole.
 */
final class Checkpoint {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final String NUMBERS = "stillpoint";

    private final Path file;
    private final Map<String, Tensor> tensors;
    private final ObjectNode numbers;

    private Checkpoint(Path file, Map<String, Tensor> tensors, ObjectNode numbers) {
        this.file = file;
        this.tensors = tensors;
        this.numbers = numbers;
    }

    static Checkpoint empty(Path file) {
        return new Checkpoint(file, new LinkedHashMap<>(), JSON.createObjectNode());
    }

    static Checkpoint read(Path file) {
        SafeTensors stored = SafeTensors.readOwn(file);
        String text = stored.metadata().get(NUMBERS);
        try {
            JsonNode numbers = text == null ? null : JSON.readTree(text);
            if (numbers instanceof ObjectNode object) {
                return new Checkpoint(file, stored.tensors(), object);
            }
        } catch (JsonProcessingException e) {
            throw new DataException(file, "need a checkpoint's numbers as JSON, got text that is not JSON", e);
        }
        throw new DataException(file, "need a checkpoint, got a safetensors file without its numbers");
    }

    void write() {
        new SafeTensors(tensors, Map.of(NUMBERS, numbers.toString())).write(file);
    }

    ObjectNode numbers() {
        return numbers;
    }

    /** The numbers whose names begin so, by the rest of the name. */
    Map<String, Double> numbers(String prefix) {
        Map<String, Double> found = new LinkedHashMap<>();
        numbers.properties().forEach(e -> {
            if (e.getKey().startsWith(prefix)) {
                found.put(e.getKey().substring(prefix.length()), e.getValue().asDouble());
            }
        });
        return found;
    }

    /** A number that must be there. */
    JsonNode number(String name) {
        JsonNode value = numbers.get(name);
        if (value == null) {
            throw new DataException(file, "need the number '" + name + "', got none");
        }
        return value;
    }

    void put(String prefix, Map<String, Tensor> parts) {
        parts.forEach((name, t) -> tensors.put(prefix + name, t));
    }

    Tensor tensor(String name) {
        Tensor t = tensors.get(name);
        if (t == null) {
            throw new DataException(file, "need the tensor '" + name + "', got none");
        }
        return t;
    }

    /** Overwrites every tensor of {@code parts} with the stored one of its name. */
    void copyInto(String prefix, Map<String, Tensor> parts) {
        try {
            new SafeTensors(tensors, Map.of()).copyInto(prefix, parts);
        } catch (IllegalArgumentException e) {
            throw new DataException(file, e.getMessage() + ": the checkpoint of another model", e);
        }
    }
}
