package dev.stillpoint.data;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;

/**
 * A table of words and numbers with named columns, as a comma-separated file in UTF-8 with one header line: {@link CsvTable}
 * for files that hold more than numbers. Cells come without blanks around them, and may be empty; columns are taken by name, in
 * any order.
 */
public final class CsvText {
    private final Path file;
    private final List<String> columns;
    private final Map<String, Integer> positions = new HashMap<>();
    private final List<List<String>> rows;
    private final long[] lines;

    private CsvText(Path file, CsvInput.Layout layout, List<List<String>> rows) {
        this.file = file;
        this.columns = layout.columns();
        this.rows = rows;
        this.lines = layout.lines();
        for (int i = 0; i < columns.size(); i++) {
            positions.put(columns.get(i), i);
        }
    }

    /**
     * Reads the whole file. A byte order mark, blanks around cells, quoted cells and empty last lines are accepted.
     *
     * @param file a comma-separated file
     * @return the table, with at least one row
     * @throws DataException when the file is missing, a directory, empty, not UTF-8, without data rows, with an empty or
     *     repeated column name, or with a row too short or too long
     */
    public static CsvText read(Path file) {
        List<List<String>> rows = new ArrayList<>();
        CsvInput.Layout layout = CsvInput.read(file, (line, columns, cells) -> rows.add(cells));
        return new CsvText(file, layout, rows);
    }

    /**
     * A text as {@link CsvTable} reads it: a decimal number with a point, without unit, grouping or hexadecimal digits.
     *
     * @param cell any text
     * @return empty where it is no finite number
     */
    public static OptionalDouble number(String cell) {
        double value = CsvInput.decimal(cell);
        return Double.isFinite(value) ? OptionalDouble.of(value) : OptionalDouble.empty();
    }

    /** The file, as it was named. */
    public Path file() {
        return file;
    }

    /** The number of data rows, at least 1. */
    public int size() {
        return rows.size();
    }

    /** The columns' names in the file's order. */
    public List<String> columns() {
        return columns;
    }

    /** Whether the header has this name. */
    public boolean has(String column) {
        return positions.containsKey(column);
    }

    /**
     * A cell.
     *
     * @param row from 0
     * @param column its name
     * @throws DataException when the file has no such column
     */
    public String cell(int row, String column) {
        Integer position = positions.get(column);
        if (position == null) {
            throw CsvInput.missing(file, column, columns);
        }
        return rows.get(row).get(position);
    }

    /**
     * A cell that must not be empty.
     *
     * @param row from 0
     * @param column its name
     * @throws DataException when it is, or the file has no such column
     */
    public String word(int row, String column) {
        String cell = cell(row, column);
        if (cell.isEmpty()) {
            throw refuse(row, column, "need a value, got an empty cell");
        }
        return cell;
    }

    /**
     * A cell that must hold a finite number.
     *
     * @param row from 0
     * @param column its name
     * @throws DataException when it does not, or the file has no such column
     */
    public double number(int row, String column) {
        return CsvInput.number(file, lines[row], column, cell(row, column));
    }

    /**
     * A problem with a row, at its place in the file.
     *
     * @param row from 0
     * @param problem "need X, got Y"
     * @return the exception, to throw
     */
    public DataException refuse(int row, String problem) {
        return DataException.at(file, lines[row], problem);
    }

    /**
     * A problem with a cell, at its place in the file.
     *
     * @param row from 0
     * @param column its name
     * @param problem "need X, got Y"
     * @return the exception, to throw
     */
    public DataException refuse(int row, String column, String problem) {
        return DataException.at(file, lines[row], column, problem);
    }

    /** The line of a row in the file, from 1. */
    public long line(int row) {
        return lines[row];
    }
}
