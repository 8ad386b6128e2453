package dev.stillpoint.zoo.polytope;

import dev.stillpoint.data.CsvText;
import dev.stillpoint.data.DataException;
import dev.stillpoint.zoo.polytope.PolytopePosing.Amount;
import dev.stillpoint.zoo.polytope.PolytopePosing.Bound;
import dev.stillpoint.zoo.polytope.PolytopePosing.Constraint;
import dev.stillpoint.zoo.polytope.PolytopePosing.Sense;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.Set;

/**
 * Reads a polytope: a file of constraints, with columns "name", "sense" and "rhs" and one for each variable, and a file of
 * bounds, with columns "variable", "lower" and "upper".
 */
final class PolytopeFiles {
    private static final String NAME = "name";
    private static final String SENSE = "sense";
    private static final String RHS = "rhs";
    private static final String VARIABLE = "variable";
    private static final String LOWER = "lower";
    private static final String UPPER = "upper";

    /** Columns of the output beside the variables'. */
    private static final Set<String> TAKEN =
            Set.of("decision", "objective", "gap", "note", "status", "steps", "residual", "violation");

    private final CsvText contexts;

    private PolytopeFiles(CsvText contexts) {
        this.contexts = contexts;
    }

    /**
     * Reads the files.
     *
     * @param matrix the constraints; "name" and "sense" may be missing
     * @param bounds of the variables that it names; 0 ≤ x for the others
     * @param contexts whose columns may stand in place of a right-hand side or a bound
     * @throws DataException with the place of what cannot be used
     */
    static PolytopePosing read(Path matrix, Optional<Path> bounds, CsvText contexts) {
        return new PolytopeFiles(contexts).read(CsvText.read(matrix), bounds.map(CsvText::read));
    }

    private PolytopePosing read(CsvText matrix, Optional<CsvText> limits) {
        List<String> variables = new ArrayList<>(matrix.columns());
        variables.removeAll(List.of(NAME, SENSE, RHS));
        for (String variable : variables) {
            if (TAKEN.contains(variable) || variable.startsWith("certificate_")) {
                throw DataException.at(
                        matrix.file(),
                        1,
                        variable,
                        "need another name for a variable, got one of the output's columns");
            }
        }
        if (variables.isEmpty()) {
            throw DataException.at(matrix.file(), 1, "need a column for each variable, got " + matrix.columns());
        }
        List<Constraint> constraints = new ArrayList<>();
        Map<String, Integer> seen = new HashMap<>();
        for (int i = 0; i < matrix.size(); i++) {
            constraints.add(constraint(matrix, i, variables, seen));
        }
        List<Bound> bounds = new ArrayList<>();
        variables.forEach(v -> bounds.add(new Bound(Amount.of(0), Amount.of(Double.POSITIVE_INFINITY))));
        limits.ifPresent(table -> readBounds(table, variables, bounds));
        return new PolytopePosing(variables, constraints, bounds);
    }

    private Constraint constraint(CsvText matrix, int row, List<String> variables, Map<String, Integer> seen) {
        String name = matrix.has(NAME) ? matrix.word(row, NAME) : "in line " + matrix.line(row);
        Integer before = seen.put(name, row);
        if (before != null) {
            throw matrix.refuse(
                    row,
                    NAME,
                    "need every constraint once, got " + DataException.quote(name) + " in line " + matrix.line(before)
                            + " too");
        }
        double[] a = new double[variables.size()];
        boolean empty = true;
        for (int j = 0; j < a.length; j++) {
            a[j] = matrix.number(row, variables.get(j));
            empty &= a[j] == 0;
        }
        if (empty) {
            throw matrix.refuse(row, "need a number that is not 0 in a constraint, got 0 for every variable");
        }
        Sense sense = Sense.EQUAL;
        if (matrix.has(SENSE)) {
            String sign = matrix.word(row, SENSE);
            sense = Sense.of(sign)
                    .orElseThrow(() -> matrix.refuse(row, SENSE, "need =, <= or >=, got " + DataException.quote(sign)));
        }
        return new Constraint(name, a, sense, amount(matrix, row, RHS));
    }

    private void readBounds(CsvText table, List<String> variables, List<Bound> bounds) {
        Map<String, Integer> seen = new HashMap<>();
        for (int i = 0; i < table.size(); i++) {
            String variable = table.word(i, VARIABLE);
            int place = variables.indexOf(variable);
            if (place < 0) {
                throw table.refuse(i, VARIABLE, "need a variable of the matrix, got " + DataException.quote(variable));
            }
            Integer before = seen.put(variable, i);
            if (before != null) {
                throw table.refuse(
                        i,
                        VARIABLE,
                        "need every variable once, got " + DataException.quote(variable) + " in line "
                                + table.line(before) + " too");
            }
            Amount lower =
                    table.cell(i, LOWER).isEmpty() ? Amount.of(Double.NEGATIVE_INFINITY) : amount(table, i, LOWER);
            Amount upper =
                    table.cell(i, UPPER).isEmpty() ? Amount.of(Double.POSITIVE_INFINITY) : amount(table, i, UPPER);
            if (!lower.own() && !upper.own() && !(lower.value() <= upper.value())) {
                throw table.refuse(i, UPPER, "need a number >= lower, " + lower.value() + ", got " + upper.value());
            }
            bounds.set(place, new Bound(lower, upper));
        }
    }

    /** A number, or the name of a column of the contexts. */
    private Amount amount(CsvText table, int row, String column) {
        String cell = table.word(row, column);
        OptionalDouble number = CsvText.number(cell);
        if (number.isPresent()) {
            return Amount.of(number.getAsDouble());
        }
        if (!contexts.has(cell)) {
            throw table.refuse(
                    row,
                    column,
                    "need a number or a column of " + contexts.file() + ", got " + DataException.quote(cell));
        }
        return new Amount(0, cell);
    }
}
