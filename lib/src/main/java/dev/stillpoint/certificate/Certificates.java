package dev.stillpoint.certificate;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.List;

/**
 * The checks of a trained model, calibrated once and stored with it.
 *
 * @param checks in the order of their values
 */
public record Certificates(List<Check> checks) {
    private static final ObjectMapper JSON = new ObjectMapper();

    /** Copies the list. */
    public Certificates {
        checks = List.copyOf(checks);
    }

    /**
     * Judges one inference.
     *
     * @param values one a check, in their order
     * @throws IllegalArgumentException if their number differs
     */
    public List<Certificate> judge(double... values) {
        if (values.length != checks.size()) {
            throw new IllegalArgumentException("Certificates: need " + checks.size() + " values, got " + values.length);
        }
        List<Certificate> verdicts = new ArrayList<>();
        for (int i = 0; i < values.length; i++) {
            Check check = checks.get(i);
            verdicts.add(new Certificate(check.name(), values[i], check.label(values[i]), check instanceof HardLimit));
        }
        return verdicts;
    }

    /** As stored in {@code certificates.json}. */
    public JsonNode toJson() {
        ArrayNode array = JSON.createArrayNode();
        for (Check check : checks) {
            ObjectNode node = array.addObject();
            node.put("name", check.name());
            if (check instanceof HardLimit limit) {
                node.put("kind", "hard");
                node.put("tolerance", limit.tolerance());
            } else if (check instanceof Quantile quantile) {
                node.put("kind", "quantile");
                node.put("pass", quantile.pass());
                node.put("fail", quantile.fail());
                ArrayNode values = node.putArray("calibration");
                for (double v : quantile.calibration()) {
                    values.add(v);
                }
            }
        }
        return array;
    }

    /**
     * The reverse of {@link #toJson}.
     *
     * @throws IllegalArgumentException if the text is not what that wrote
     */
    public static Certificates fromJson(JsonNode json) {
        if (!json.isArray() || json.isEmpty()) {
            throw new IllegalArgumentException("Certificates: need a list of checks, got " + json.getNodeType());
        }
        List<Check> checks = new ArrayList<>();
        for (JsonNode node : json) {
            String name = node.path("name").asText();
            if (name.isEmpty()) {
                throw new IllegalArgumentException("Certificates: need a name for every check, got none");
            }
            switch (node.path("kind").asText()) {
                case "hard" ->
                    checks.add(new HardLimit(name, node.path("tolerance").asDouble(Double.NaN)));
                case "quantile" -> {
                    JsonNode values = node.path("calibration");
                    double[] calibration = new double[values.size()];
                    for (int i = 0; i < calibration.length; i++) {
                        calibration[i] = values.get(i).asDouble(Double.NaN);
                    }
                    checks.add(new Quantile(
                            name,
                            calibration,
                            node.path("pass").asDouble(Double.NaN),
                            node.path("fail").asDouble(Double.NaN)));
                }
                default ->
                    throw new IllegalArgumentException(
                            "Certificates: need kind hard or quantile for '" + name + "', got " + node.path("kind"));
            }
        }
        return new Certificates(checks);
    }
}
