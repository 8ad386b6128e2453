package dev.stillpoint.data;

import de.siegmar.fastcsv.writer.CsvWriter;
import de.siegmar.fastcsv.writer.LineDelimiter;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * A table of finite numbers with named columns, as a comma-separated file in UTF-8 with one header line. Reading is
 * strict: a {@link DataException} names the file, line and column of the first thing that is not a number. Columns are
 * taken by name, in any order. Writing replaces a file whole or not at all ({@link AtomicFile}).
 */
public final class CsvTable {
    private final Path file;
    private final List<String> columns;
    private final Map<String, Integer> positions = new HashMap<>();
    private final double[][] rows;
    private final long[] lines;

    /** Columns without duplicates; rows all of the header's length; lines[i] is row i's place in the file. */
    CsvTable(Path file, List<String> columns, double[][] rows, long[] lines) {
        this.file = file;
        this.columns = List.copyOf(columns);
        this.rows = rows;
        this.lines = lines;
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
     *     repeated column name, with a row too short or too long, or with a cell that is no finite decimal number
     */
    public static CsvTable read(Path file) {
        List<double[]> rows = new ArrayList<>();
        CsvInput.Layout layout = CsvInput.read(file, (line, columns, cells) -> {
            double[] values = new double[cells.size()];
            for (int i = 0; i < values.length; i++) {
                values[i] = CsvInput.number(file, line, columns.get(i), cells.get(i));
            }
            rows.add(values);
        });
        return new CsvTable(file, layout.columns(), rows.toArray(new double[0][]), layout.lines());
    }

    /**
     * The column names prefix0, prefix1, ... as the generated data sets use them.
     *
     * @param prefix what all names begin with
     * @param count how many, at least 0
     * @return the names
     * @throws IllegalArgumentException for a negative count
     */
    public static List<String> numbered(String prefix, int count) {
        if (count < 0) {
            throw new IllegalArgumentException("numbered: need count >= 0, got " + count);
        }
        List<String> names = new ArrayList<>(count);
        for (int i = 0; i < count; i++) {
            names.add(prefix + i);
        }
        return List.copyOf(names);
    }

    /**
     * The number of data rows.
     *
     * @return at least 1
     */
    public int size() {
        return rows.length;
    }

    /**
     * The columns' names in the file's order.
     *
     * @return the names
     */
    public List<String> columns() {
        return columns;
    }

    /** The file, as it was named. */
    public Path file() {
        return file;
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

    /**
     * One column.
     *
     * @param name the column's name
     * @return a new array [size]
     * @throws DataException when the file has no such column
     */
    public double[] column(String name) {
        int position = position(name);
        double[] values = new double[rows.length];
        for (int i = 0; i < rows.length; i++) {
            values[i] = rows[i][position];
        }
        return values;
    }

    /**
     * The named columns, row by row.
     *
     * @param names the columns wanted, in the order wanted
     * @return a new array [size, names]
     * @throws DataException when the file lacks one of them
     */
    public double[][] rows(List<String> names) {
        int[] wanted = positions(names);
        double[][] values = new double[rows.length][wanted.length];
        for (int i = 0; i < rows.length; i++) {
            for (int j = 0; j < wanted.length; j++) {
                values[i][j] = rows[i][wanted[j]];
            }
        }
        return values;
    }

    /**
     * The named columns, row by row, rounded to float.
     *
     * @param names the columns wanted, in the order wanted
     * @return a new array [size, names]
     * @throws DataException when the file lacks one of them, or a number is too large for a float
     */
    public float[][] floatRows(List<String> names) {
        int[] wanted = positions(names);
        float[][] values = new float[rows.length][wanted.length];
        for (int i = 0; i < rows.length; i++) {
            for (int j = 0; j < wanted.length; j++) {
                double value = rows[i][wanted[j]];
                values[i][j] = (float) value;
                if (Float.isInfinite(values[i][j])) {
                    String need = "need a number of at most " + Float.MAX_VALUE + " in size, got " + value;
                    throw DataException.at(file, lines[i], names.get(j), need);
                }
            }
        }
        return values;
    }

    /**
     * Writes a table of numbers, each in the shortest form that reads back to the same double.
     *
     * @param file the target; replaced if it exists
     * @param names the columns' names
     * @param rows the numbers [rows, names], all finite
     * @throws IllegalArgumentException for a row of another length, a number that is not finite, or an empty or
     *     repeated name; nothing is written then
     * @throws java.io.UncheckedIOException when the file cannot be written
     */
    public static void write(Path file, List<String> names, double[][] rows) {
        List<List<String>> cells = new ArrayList<>(rows.length);
        for (int i = 0; i < rows.length; i++) {
            List<String> row = new ArrayList<>(rows[i].length);
            for (double value : rows[i]) {
                if (!Double.isFinite(value)) {
                    throw new IllegalArgumentException(
                            "write: need finite numbers, got " + value + " in row " + i + ", column " + row.size());
                }
                row.add(Double.toString(value));
            }
            cells.add(row);
        }
        writeText(file, names, cells);
    }

    /**
     * Writes a table of any cells, for results that hold words beside numbers. Cells are quoted where needed.
     *
     * @param file the target; replaced if it exists
     * @param names the columns' names
     * @param rows the cells, each row as long as names
     * @throws IllegalArgumentException for a row of another length or an empty or repeated name; an existing file stays
     *     as it is then
     * @throws java.io.UncheckedIOException when the file cannot be written
     */
    public static void writeText(Path file, List<String> names, Iterable<? extends List<String>> rows) {
        requireNames(names);
        AtomicFile.write(file, out -> writeTo(out, names, rows));
    }

    private static void writeTo(OutputStream out, List<String> names, Iterable<? extends List<String>> rows)
            throws java.io.IOException {
        try (CsvWriter writer =
                CsvWriter.builder().lineDelimiter(LineDelimiter.LF).build(out, StandardCharsets.UTF_8)) {
            writer.writeRecord(names);
            int index = 0;
            for (List<String> row : rows) {
                if (row.size() != names.size()) {
                    throw new IllegalArgumentException(
                            "write: need " + names.size() + " cells in row " + index + ", got " + row.size());
                }
                writer.writeRecord(row);
                index++;
            }
        }
    }

    private static void requireNames(List<String> names) {
        if (names.isEmpty()) {
            throw new IllegalArgumentException("write: need at least one column, got none");
        }
        Map<String, Integer> seen = new HashMap<>();
        for (String name : names) {
            if (name.isBlank() || seen.put(name, seen.size()) != null) {
                throw new IllegalArgumentException(
                        "write: need distinct column names, got " + DataException.quote(name) + " twice or empty");
            }
        }
    }

    private int[] positions(List<String> names) {
        int[] found = new int[names.size()];
        for (int i = 0; i < found.length; i++) {
            found[i] = position(names.get(i));
        }
        return found;
    }

    private int position(String name) {
        Integer position = positions.get(name);
        if (position == null) {
            throw CsvInput.missing(file, name, columns);
        }
        return position;
    }
}
