package dev.stillpoint.zoo.polytope;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.stillpoint.ImplicitNetwork;
import dev.stillpoint.zoo.table.ContextColumns;
import java.util.Map;
import java.util.function.Function;
import java.util.random.RandomGenerator;

/**
 * A problem, the columns of its contexts and the network between them.
 *
 * @param posing the problem
 * @param columns what a context consists of
 * @param unit the size of a decision's largest number in training, in which the network sees decisions, b, l and u
 * @param network contexts to relaxed solutions, in units of {@code unit}
 * @param <Q> what a row asks
 */
record CostModel<Q>(
        Posing<Q> posing, ContextColumns columns, double unit, ImplicitNetwork<Question, Instance> network) {
    /** The name of the text, stored with a model, that describes all but the weights. */
    private static final String TEXT = "problem";

    private static final ObjectMapper JSON = new ObjectMapper();

    /** A new network. */
    static <Q> CostModel<Q> create(
            Posing<Q> posing,
            ContextColumns columns,
            double unit,
            CostNetwork.Options options,
            RandomGenerator random) {
        return new CostModel<>(
                posing, columns, unit, CostNetwork.create(posing, unit, columns.learned(), options, random));
    }

    /** Everything but the weights. */
    Map<String, String> texts() {
        ObjectNode node = JSON.createObjectNode();
        node.set("posing", posing.toJson());
        node.set("columns", columns.toJson());
        node.put("unit", unit);
        return Map.of(TEXT, node.toString());
    }

    /**
     * The reverse of {@link #texts}, with a network to be given its weights.
     *
     * @param posing reads what {@link Posing#toJson} wrote
     * @throws IllegalArgumentException if the texts are not what that wrote
     */
    static <Q> CostModel<Q> of(
            Map<String, String> texts,
            Function<JsonNode, Posing<Q>> posing,
            CostNetwork.Options options,
            RandomGenerator random) {
        String text = texts.get(TEXT);
        if (text == null) {
            throw new IllegalArgumentException("model: need text '" + TEXT + "', got none");
        }
        try {
            JsonNode node = JSON.readTree(text);
            double unit = node.path("unit").asDouble(Double.NaN);
            if (!(unit > 0)) {
                throw new IllegalArgumentException("model: need a unit > 0, got " + node.path("unit"));
            }
            return create(
                    posing.apply(node.path("posing")),
                    ContextColumns.fromJson(node.path("columns")),
                    unit,
                    options,
                    random);
        } catch (JsonProcessingException e) {
            throw new IllegalArgumentException("model: need JSON as text '" + TEXT + "', got another text", e);
        }
    }
}
