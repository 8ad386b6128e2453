package dev.stillpoint.zoo.polytope;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.stillpoint.kernel.SparseMatrix;
import dev.stillpoint.zoo.problem.Optimum;
import dev.stillpoint.zoo.problem.PolytopeProblem;
import dev.stillpoint.zoo.problem.PolytopeQuery;
import dev.stillpoint.zoo.problem.Problem;
import dev.stillpoint.zoo.table.ContextRow;
import java.math.BigDecimal;
import java.math.MathContext;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * A polytope of the user's: constraints aᵀx = b, ≤ b or ≥ b, and bounds l ≤ x ≤ u; every b, l and u a number, or a column of the
 * contexts.
 *
 * <p>The problem has the form {Ax = b, l ≤ x ≤ u}: its rows are the user's constraints over ‖a‖, so that a residual is a
 * distance, and an inequality has a slack variable behind the user's own, which costs nothing.
 */
final class PolytopePosing implements Posing<PolytopeQuery> {
    /** Of the size of a constraint's terms and right-hand side: what a decision written down with four digits leaves. */
    static final double FEASIBLE = 1e-4;

    private static final ObjectMapper JSON = new ObjectMapper();

    private final List<String> variables;
    private final List<Constraint> constraints;
    private final List<Bound> bounds;
    private final PolytopeProblem problem;
    private final double[] norms;

    /** How aᵀx is to b. */
    enum Sense {
        EQUAL("="),
        AT_MOST("<="),
        AT_LEAST(">=");

        private final String sign;

        Sense(String sign) {
            this.sign = sign;
        }

        String sign() {
            return sign;
        }

        /** The sense of a sign; empty for another text. */
        static Optional<Sense> of(String sign) {
            for (Sense sense : values()) {
                if (sense.sign.equals(sign)) {
                    return Optional.of(sense);
                }
            }
            return Optional.empty();
        }
    }

    /**
     * A number, or the column of the contexts that has a row's own.
     *
     * @param value the number, where there is no column
     * @param column empty for a number
     */
    record Amount(double value, String column) {
        static Amount of(double value) {
            return new Amount(value, "");
        }

        boolean own() {
            return !column.isEmpty();
        }

        double in(ContextRow row) {
            return own() ? row.number(column) : value;
        }
    }

    /**
     * A constraint.
     *
     * @param name the user's
     * @param a one number a variable, not all of them 0
     * @param sense how aᵀx is to b
     * @param b the right-hand side
     */
    record Constraint(String name, double[] a, Sense sense, Amount b) {}

    /** The bounds of a variable. */
    record Bound(Amount lower, Amount upper) {}

    PolytopePosing(List<String> variables, List<Constraint> constraints, List<Bound> bounds) {
        this.variables = List.copyOf(variables);
        this.constraints = List.copyOf(constraints);
        this.bounds = List.copyOf(bounds);
        this.norms = new double[constraints.size()];
        List<String> names = new ArrayList<>(variables);
        List<int[]> places = new ArrayList<>();
        List<Double> values = new ArrayList<>();
        for (int i = 0; i < norms.length; i++) {
            Constraint constraint = constraints.get(i);
            double norm = 0;
            for (double v : constraint.a) {
                norm = Math.hypot(norm, v);
            }
            norms[i] = norm;
            for (int j = 0; j < variables.size(); j++) {
                if (constraint.a[j] != 0) {
                    places.add(new int[] {i, j});
                    values.add(constraint.a[j] / norm);
                }
            }
            if (constraint.sense != Sense.EQUAL) {
                places.add(new int[] {i, names.size()});
                values.add(constraint.sense == Sense.AT_MOST ? 1.0 : -1.0);
                names.add("slack of " + constraint.name);
            }
        }
        SparseMatrix a = SparseMatrix.ofTriplets(
                norms.length,
                names.size(),
                places.stream().mapToInt(p -> p[0]).toArray(),
                places.stream().mapToInt(p -> p[1]).toArray(),
                values.stream().mapToDouble(v -> v).toArray());
        this.problem = PolytopeProblem.of(
                names, constraints.stream().map(Constraint::name).toList(), a);
    }

    @Override
    public Problem<PolytopeQuery> problem() {
        return problem;
    }

    @Override
    public String variable() {
        return "a variable";
    }

    @Override
    public List<String> variables() {
        return variables;
    }

    @Override
    public List<String> columns() {
        Set<String> columns = new LinkedHashSet<>();
        for (Constraint constraint : constraints) {
            columns.add(constraint.b.column);
        }
        for (Bound bound : bounds) {
            columns.add(bound.lower.column);
            columns.add(bound.upper.column);
        }
        columns.remove("");
        return List.copyOf(columns);
    }

    @Override
    public PolytopeQuery query(ContextRow row) {
        double[] b = new double[norms.length];
        for (int i = 0; i < b.length; i++) {
            b[i] = constraints.get(i).b.in(row) / norms[i];
        }
        int n = problem.variables().size();
        double[] lower = new double[n];
        double[] upper = new double[n];
        for (int j = 0; j < n; j++) {
            boolean slack = j >= variables.size();
            lower[j] = slack ? 0 : bounds.get(j).lower.in(row);
            upper[j] = slack ? Double.POSITIVE_INFINITY : bounds.get(j).upper.in(row);
            if (!(lower[j] <= upper[j])) {
                throw row.refuse("need lower <= upper for variable " + variables.get(j) + ", got " + lower[j] + " and "
                        + upper[j]);
            }
        }
        return new PolytopeQuery(b, lower, upper);
    }

    /** By a linear program, where rows differ; a polytope that all share is its files' concern. */
    @Override
    public void requireFeasible(PolytopeQuery query) {
        if (ownRightHandSide() || ownBounds()) {
            problem.minimise(new double[problem.variables().size()], query);
        }
    }

    @Override
    public boolean ownRightHandSide() {
        return constraints.stream().anyMatch(c -> c.b.own());
    }

    @Override
    public double[] rightHandSide() {
        double[] b = new double[norms.length];
        for (int i = 0; i < b.length; i++) {
            b[i] = constraints.get(i).b.value / norms[i];
        }
        return b;
    }

    @Override
    public boolean ownBounds() {
        return bounds.stream().anyMatch(b -> b.lower.own() || b.upper.own());
    }

    @Override
    public double[] lower() {
        double[] lower = new double[problem.variables().size()];
        for (int j = 0; j < variables.size(); j++) {
            lower[j] = bounds.get(j).lower.value;
        }
        return lower;
    }

    @Override
    public double[] upper() {
        double[] upper = new double[problem.variables().size()];
        for (int j = 0; j < upper.length; j++) {
            upper[j] = j < variables.size() ? bounds.get(j).upper.value : Double.POSITIVE_INFINITY;
        }
        return upper;
    }

    @Override
    public boolean quickOracle() {
        return false;
    }

    @Override
    public List<String> decisionColumns(List<String> found) {
        return variables;
    }

    /** A row with a number for each of the user's variables; what their inequalities leave is computed. */
    @Override
    public double[] decision(ContextRow row, PolytopeQuery query) {
        double[] x = new double[problem.variables().size()];
        for (int j = 0; j < variables.size(); j++) {
            x[j] = row.number(variables.get(j));
        }
        int slack = variables.size();
        for (int i = 0; i < norms.length; i++) {
            Sense sense = constraints.get(i).sense;
            if (sense != Sense.EQUAL) {
                double left = query.rightHandSide()[i] - product(i, x) / norms[i];
                x[slack++] = sense == Sense.AT_MOST ? left : -left;
            }
        }
        return x;
    }

    private double product(int constraint, double[] x) {
        double[] a = constraints.get(constraint).a;
        double sum = 0;
        for (int j = 0; j < a.length; j++) {
            sum += a[j] * x[j];
        }
        return sum;
    }

    @Override
    public Optional<String> refusal(double[] x, PolytopeQuery query) {
        for (int j = 0; j < variables.size(); j++) {
            double tolerance = FEASIBLE * (1 + Math.abs(x[j]));
            if (x[j] < query.lower()[j] - tolerance || x[j] > query.upper()[j] + tolerance) {
                return Optional.of("need " + query.lower()[j] + " <= " + variables.get(j) + " <= " + query.upper()[j]
                        + ", got " + x[j]);
            }
        }
        for (int i = 0; i < norms.length; i++) {
            Constraint constraint = constraints.get(i);
            double got = product(i, x);
            double wanted = query.rightHandSide()[i] * norms[i];
            double size = Math.abs(wanted);
            for (int j = 0; j < constraint.a.length; j++) {
                size = Math.max(size, Math.abs(constraint.a[j] * x[j]));
            }
            double excess = got - wanted;
            double wrong =
                    switch (constraint.sense) {
                        case EQUAL -> Math.abs(excess);
                        case AT_MOST -> excess;
                        case AT_LEAST -> -excess;
                    };
            if (wrong > FEASIBLE * size) {
                return Optional.of("need constraint " + constraint.name + " " + constraint.sense.sign + " " + wanted
                        + ", got " + got);
            }
        }
        return Optional.empty();
    }

    @Override
    public double unit(float[][] decisions) {
        double largest = 0;
        for (float[] decision : decisions) {
            for (int j = 0; j < variables.size(); j++) {
                largest = Math.max(largest, Math.abs(decision[j]));
            }
        }
        return largest > 0 ? largest : 1;
    }

    /** The variables that are not 0: "bakery=3;mill=0.5". */
    @Override
    public String text(double[] x, PolytopeQuery query) {
        StringBuilder text = new StringBuilder();
        for (int j = 0; j < variables.size(); j++) {
            if (x[j] != 0) {
                text.append(text.isEmpty() ? "" : ";")
                        .append(variables.get(j))
                        .append('=')
                        .append(number(x[j]));
            }
        }
        return text.isEmpty() ? "0" : text.toString();
    }

    /** Ten digits: what the simplex method leaves behind them is rounding. */
    private static String number(double value) {
        BigDecimal rounded = new BigDecimal(value).round(new MathContext(10)).stripTrailingZeros();
        return rounded.toPlainString();
    }

    @Override
    public List<String> detailColumns() {
        return variables;
    }

    @Override
    public List<String> details(double[] x, PolytopeQuery query) {
        List<String> cells = new ArrayList<>();
        for (int j = 0; j < variables.size(); j++) {
            cells.add(number(x[j]));
        }
        return cells;
    }

    @Override
    public void requireBest(int count) {
        throw new IllegalArgumentException("--k-best: need a model of paths, got one of a polytope");
    }

    @Override
    public List<Optimum> best(int count, double[] costs, PolytopeQuery query) {
        requireBest(count);
        return List.of();
    }

    @Override
    public JsonNode toJson() {
        ObjectNode node = JSON.createObjectNode();
        variables.forEach(node.putArray("variables")::add);
        ArrayNode rows = node.putArray("constraints");
        for (Constraint constraint : constraints) {
            ObjectNode row = rows.addObject().put("name", constraint.name).put("sense", constraint.sense.sign);
            row.set("b", json(constraint.b));
            ArrayNode a = row.putArray("a");
            for (int j = 0; j < constraint.a.length; j++) {
                if (constraint.a[j] != 0) {
                    a.addArray().add(j).add(constraint.a[j]);
                }
            }
        }
        ArrayNode limits = node.putArray("bounds");
        for (Bound bound : bounds) {
            limits.addArray().add(json(bound.lower)).add(json(bound.upper));
        }
        return node;
    }

    /** Infinities as text: JSON has none. */
    private static JsonNode json(Amount amount) {
        if (amount.own()) {
            return JSON.createObjectNode().put("column", amount.column);
        }
        return Double.isInfinite(amount.value)
                ? JSON.getNodeFactory().textNode(Double.toString(amount.value))
                : JSON.getNodeFactory().numberNode(amount.value);
    }

    /**
     * The reverse of {@link #toJson}.
     *
     * @throws IllegalArgumentException if the text is not what that wrote
     */
    static PolytopePosing fromJson(JsonNode node) {
        List<String> variables = new ArrayList<>();
        node.path("variables").forEach(v -> variables.add(v.asText()));
        List<Constraint> constraints = new ArrayList<>();
        for (JsonNode row : node.path("constraints")) {
            double[] a = new double[variables.size()];
            for (JsonNode entry : row.path("a")) {
                int j = entry.path(0).asInt(-1);
                if (j < 0 || j >= a.length) {
                    throw new IllegalArgumentException("model: need a variable's number, got " + entry);
                }
                a[j] = entry.path(1).asDouble();
            }
            Sense sense = Sense.of(row.path("sense").asText())
                    .orElseThrow(() -> new IllegalArgumentException("model: need a sense, got " + row.path("sense")));
            constraints.add(new Constraint(row.path("name").asText(), a, sense, amount(row.path("b"))));
        }
        List<Bound> bounds = new ArrayList<>();
        for (JsonNode bound : node.path("bounds")) {
            bounds.add(new Bound(amount(bound.path(0)), amount(bound.path(1))));
        }
        if (constraints.isEmpty() || bounds.size() != variables.size()) {
            throw new IllegalArgumentException("model: need constraints, and bounds of " + variables.size()
                    + " variables, got " + constraints.size() + " and " + bounds.size());
        }
        return new PolytopePosing(variables, constraints, bounds);
    }

    private static Amount amount(JsonNode node) {
        if (node.isObject()) {
            return new Amount(0, node.path("column").asText());
        }
        double value = node.isTextual() && node.asText().endsWith("Infinity")
                ? Double.parseDouble(node.asText())
                : node.asDouble(Double.NaN);
        if (Double.isNaN(value)) {
            throw new IllegalArgumentException("model: need a number or a column, got " + node);
        }
        return Amount.of(value);
    }
}
