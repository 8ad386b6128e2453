package dev.stillpoint.zoo.table;

import dev.stillpoint.data.CsvText;
import dev.stillpoint.data.DataException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** One context by the names of its columns, wherever it came from. It knows its place, for messages. */
public interface ContextRow {
    /**
     * A column's text, possibly empty.
     *
     * @throws DataException or {@link IllegalArgumentException} if there is no such column
     */
    String cell(String column);

    /** Whether there is such a column. */
    boolean has(String column);

    /** A problem with this row: "contexts.csv, line 3: need X, got Y". */
    RuntimeException refuse(String problem);

    /** A problem with a cell of this row: "contexts.csv, line 3, column "temp": need X, got Y". */
    RuntimeException refuse(String column, String problem);

    /**
     * A column's text, which must not be empty.
     *
     * @throws DataException or {@link IllegalArgumentException} if it is, or there is no such column
     */
    default String word(String column) {
        String cell = cell(column);
        if (cell.isEmpty()) {
            throw refuse(column, "need a value, got an empty cell");
        }
        return cell;
    }

    /**
     * A column's number.
     *
     * @throws DataException or {@link IllegalArgumentException} if it is none, or there is no such column
     */
    default double number(String column) {
        String cell = cell(column);
        return CsvText.number(cell)
                .orElseThrow(() -> refuse(
                        column,
                        "need a finite number, got " + (cell.isEmpty() ? "an empty cell" : DataException.quote(cell))));
    }

    /** A row of a file. */
    static ContextRow of(CsvText table, int row) {
        return new ContextRow() {
            @Override
            public String cell(String column) {
                return table.cell(row, column);
            }

            @Override
            public boolean has(String column) {
                return table.has(column);
            }

            @Override
            public RuntimeException refuse(String problem) {
                return table.refuse(row, problem);
            }

            @Override
            public RuntimeException refuse(String column, String problem) {
                return table.refuse(row, column, problem);
            }
        };
    }

    /** All rows of a file. */
    static List<ContextRow> all(CsvText table) {
        List<ContextRow> rows = new ArrayList<>(table.size());
        for (int i = 0; i < table.size(); i++) {
            rows.add(of(table, i));
        }
        return rows;
    }

    /**
     * Values from Java: numbers, or what their text says.
     *
     * @param values by column, further ones are ignored
     * @param place for messages: "context 3"
     */
    static ContextRow of(Map<String, ?> values, String place) {
        return new ContextRow() {
            @Override
            public String cell(String column) {
                Object value = values.get(column);
                if (value == null) {
                    throw refuse(column, "need a value, got none");
                }
                return value.toString().strip();
            }

            @Override
            public boolean has(String column) {
                return values.containsKey(column);
            }

            @Override
            public RuntimeException refuse(String problem) {
                return new IllegalArgumentException(place + ": " + problem);
            }

            @Override
            public RuntimeException refuse(String column, String problem) {
                return new IllegalArgumentException(place + ", column " + DataException.quote(column) + ": " + problem);
            }
        };
    }
}
