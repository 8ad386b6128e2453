package dev.stillpoint.zoo.table;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.stillpoint.data.CsvText;
import dev.stillpoint.data.DataException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/**
 * How a context's columns become features: a number (x − mean)/deviation with those of the training rows, a category one
 * feature for each that they have, 1 for its own and 0 for the others.
 *
 * <p>The features that vary over the training rows come first, and a network learns from these alone. Behind them are those that
 * never did: numbers that are constant there, and for each category column one that says "none of those seen in training". As
 * soon as one of them moves, the context is {@link #unseen unlike those of training}.
 */
public final class ContextColumns {
    private static final ObjectMapper JSON = new ObjectMapper();

    /** A deviation below this times the mean is what rounding leaves of a constant column. */
    private static final double ROUNDING = 1e-12;

    private final List<Column> columns;
    private final int learned;
    private final int width;

    private ContextColumns(List<Column> columns) {
        this.columns = List.copyOf(columns);
        this.learned = columns.stream().mapToInt(Column::varying).sum();
        this.width = columns.stream().mapToInt(c -> c.varying() + c.constant()).sum();
    }

    private sealed interface Column permits Numeric, Category {
        String name();

        /** Features that vary over the training rows. */
        int varying();

        /** Features that do not. */
        int constant();

        /** Writes the varying ones from {@code at} on, the constant ones from {@code behind} on. */
        void encode(ContextRow row, float[] features, int at, int behind);
    }

    private record Numeric(String name, double mean, double deviation) implements Column {
        @Override
        public int varying() {
            return deviation > 0 ? 1 : 0;
        }

        @Override
        public int constant() {
            return deviation > 0 ? 0 : 1;
        }

        @Override
        public void encode(ContextRow row, float[] features, int at, int behind) {
            put(row.number(name), features, at, behind);
        }

        void put(double value, float[] features, int at, int behind) {
            if (deviation > 0) {
                features[at] = (float) ((value - mean) / deviation);
            } else {
                // The mean of a constant is that constant up to rounding.
                double moved = value - mean;
                features[behind] = Math.abs(moved) <= ROUNDING * Math.abs(mean) ? 0 : (float) moved;
            }
        }
    }

    private record Category(String name, List<String> known) implements Column {
        @Override
        public int varying() {
            return known.size() > 1 ? known.size() : 0;
        }

        @Override
        public int constant() {
            return 1;
        }

        @Override
        public void encode(ContextRow row, float[] features, int at, int behind) {
            int place = known.indexOf(row.word(name));
            if (place < 0) {
                features[behind] = 1;
            } else if (known.size() > 1) {
                features[at + place] = 1;
            }
        }
    }

    /**
     * Learns means, deviations and categories. A column holds categories where it is named so, or where no cell of it is a
     * number; every cell is checked, also of rows that do not train.
     *
     * @param contexts the file
     * @param names the columns to learn from, in order
     * @param categories those of them that hold categories although they look like numbers
     * @param trainingRows whose statistics to take
     * @throws DataException if a column is missing, a cell is empty, or words and numbers are mixed
     */
    public static ContextColumns fit(CsvText contexts, List<String> names, Set<String> categories, int[] trainingRows) {
        List<Column> columns = new ArrayList<>();
        for (String name : names) {
            boolean category = categories.contains(name) || words(contexts, name);
            checkFilled(contexts, name);
            columns.add(category ? category(contexts, name, trainingRows) : numeric(contexts, name, trainingRows));
        }
        return new ContextColumns(columns);
    }

    /** Whether no cell of a column is a number. */
    private static boolean words(CsvText contexts, String name) {
        for (int i = 0; i < contexts.size(); i++) {
            if (CsvText.number(contexts.cell(i, name)).isPresent()) {
                return false;
            }
        }
        return true;
    }

    private static void checkFilled(CsvText contexts, String name) {
        int first = -1;
        int missing = 0;
        for (int i = 0; i < contexts.size(); i++) {
            if (contexts.cell(i, name).isEmpty()) {
                first = missing++ == 0 ? i : first;
            }
        }
        if (missing > 0) {
            String rest = missing == 1 ? "" : " (and " + (missing - 1) + " more below it)";
            throw contexts.refuse(first, name, "need a value, got an empty cell" + rest);
        }
    }

    private static Category category(CsvText contexts, String name, int[] rows) {
        Set<String> known = new TreeSet<>();
        for (int row : rows) {
            known.add(contexts.cell(row, name));
        }
        if (rows.length > 2 && known.size() == rows.length) {
            throw contexts.refuse(
                    rows[0],
                    name,
                    "need categories that come more than once, got another text in every training row; leave the column"
                            + " out with --ignore");
        }
        return new Category(name, List.copyOf(known));
    }

    private static Numeric numeric(CsvText contexts, String name, int[] rows) {
        for (int i = 0; i < contexts.size(); i++) {
            if (CsvText.number(contexts.cell(i, name)).isEmpty()) {
                throw contexts.refuse(
                        i,
                        name,
                        "need a finite number, as other rows have here, got "
                                + DataException.quote(contexts.cell(i, name))
                                + "; a column of categories is named by --categories");
            }
        }
        double[] values = Arrays.stream(rows)
                .mapToDouble(row -> contexts.number(row, name))
                .toArray();
        double mean = Arrays.stream(values).sum() / values.length;
        double square = Arrays.stream(values).map(v -> (v - mean) * (v - mean)).sum() / values.length;
        double deviation = Math.sqrt(square);
        return new Numeric(name, mean, deviation > ROUNDING * Math.abs(mean) ? deviation : 0);
    }

    /** Whether encoded features say what those of no training row did: an unknown category, or a constant that has moved. */
    public boolean unseen(float[] features) {
        for (int j = learned; j < width; j++) {
            if (features[j] != 0) {
                return true;
            }
        }
        return false;
    }

    /** The columns that a context must have, in order. */
    public List<String> names() {
        return columns.stream().map(Column::name).toList();
    }

    /** Whether all columns hold numbers. */
    public boolean allNumbers() {
        return columns.stream().allMatch(Numeric.class::isInstance);
    }

    /** How many features vary over the training rows: the first of every encoded context. */
    public int learned() {
        return learned;
    }

    /** How many features a context has in all. */
    public int width() {
        return width;
    }

    /**
     * A context's features, [width]; infinite where a number is too large for a float.
     *
     * @throws DataException or {@link IllegalArgumentException}, as the row throws them, if a cell is missing, empty or no
     *     number
     */
    public float[] encode(ContextRow row) {
        float[] features = new float[width];
        int at = 0;
        int behind = learned;
        for (Column column : columns) {
            column.encode(row, features, at, behind);
            at += column.varying();
            behind += column.constant();
        }
        return features;
    }

    /**
     * The features of a context that is numbers alone, NaN where one is.
     *
     * @param numbers in the order of {@link #names}
     * @throws IllegalArgumentException if their count differs, or a column holds categories
     */
    public float[] encode(float[] numbers) {
        if (numbers.length != columns.size()) {
            throw new IllegalArgumentException(
                    "encode: need " + columns.size() + " numbers " + names() + ", got " + numbers.length);
        }
        float[] features = new float[width];
        int at = 0;
        int behind = learned;
        for (int i = 0; i < numbers.length; i++) {
            if (!(columns.get(i) instanceof Numeric column)) {
                throw new IllegalArgumentException("encode: need a word for column "
                        + DataException.quote(columns.get(i).name()) + ", got a number");
            }
            column.put(numbers[i], features, at, behind);
            at += column.varying();
            behind += column.constant();
        }
        return features;
    }

    /** All of it, as stored with a model. */
    public JsonNode toJson() {
        ArrayNode array = JSON.createArrayNode();
        for (Column column : columns) {
            ObjectNode node = array.addObject().put("name", column.name());
            if (column instanceof Numeric number) {
                node.put("mean", number.mean).put("deviation", number.deviation);
            } else if (column instanceof Category category) {
                category.known.forEach(node.putArray("categories")::add);
            }
        }
        return array;
    }

    /**
     * The reverse of {@link #toJson}.
     *
     * @throws IllegalArgumentException if the text is not what that wrote
     */
    public static ContextColumns fromJson(JsonNode json) {
        List<Column> columns = new ArrayList<>();
        for (JsonNode node : json) {
            String name = node.path("name").asText();
            if (node.path("categories").isArray()) {
                List<String> known = new ArrayList<>();
                node.path("categories").forEach(c -> known.add(c.asText()));
                columns.add(new Category(name, List.copyOf(known)));
            } else if (node.path("mean").isNumber() && node.path("deviation").isNumber()) {
                columns.add(new Numeric(
                        name,
                        node.path("mean").asDouble(),
                        node.path("deviation").asDouble()));
            } else {
                throw new IllegalArgumentException(
                        "ContextColumns: need categories, or mean and deviation, of '" + name + "', got " + node);
            }
        }
        return new ContextColumns(columns);
    }
}
