package dev.stillpoint.data;

import de.siegmar.fastcsv.reader.CsvParseException;
import de.siegmar.fastcsv.reader.CsvReader;
import de.siegmar.fastcsv.reader.CsvRecord;
import de.siegmar.fastcsv.reader.CsvRecordHandler;
import java.io.BufferedInputStream;
import java.io.BufferedReader;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Reads a comma-separated file: its text, its header and its rows, each refused with its place. */
final class CsvInput {
    private static final char BYTE_ORDER_MARK = '\uFEFF';
    private static final int MAX_COLUMNS = 1 << 22;
    private static final int MAX_ROW_CHARACTERS = 1 << 28;
    private static final int MAX_CELL_CHARACTERS = 1 << 16;
    private static final int HEADER_LINE = 1;
    private static final int COLUMNS_NAMED = 8;

    /** Takes the rows, as long as the header each. */
    @FunctionalInterface
    interface Taker {
        /** A row's cells, without blanks around them. */
        void row(long line, List<String> columns, List<String> cells);
    }

    /**
     * What a file has beside its cells.
     *
     * @param columns the header, without duplicates
     * @param lines where each row begins, from 1
     */
    record Layout(List<String> columns, long[] lines) {}

    private final Path file;
    private final Taker taker;
    private final List<String> columns = new ArrayList<>();
    private int rows;
    private long[] lines = new long[16];

    private CsvInput(Path file, Taker taker) {
        this.file = file;
        this.taker = taker;
    }

    static Layout read(Path file, Taker taker) {
        if (Files.isDirectory(file)) {
            throw new DataException(file, "need a CSV file, got a directory");
        }
        try (BufferedReader text = new BufferedReader(new InputStreamReader(
                Files.newInputStream(file),
                StandardCharsets.UTF_8
                        .newDecoder()
                        .onMalformedInput(CodingErrorAction.REPORT)
                        .onUnmappableCharacter(CodingErrorAction.REPORT)))) {
            text.mark(1);
            if (text.read() != BYTE_ORDER_MARK) {
                text.reset();
            }
            return new CsvInput(file, taker).parse(text);
        } catch (NoSuchFileException e) {
            throw new DataException(file, "need a CSV file, got none there", e);
        } catch (CharacterCodingException e) {
            throw undecodable(file);
        } catch (IOException e) {
            throw unreadable(file, e);
        } catch (UncheckedIOException e) {
            throw e.getCause() instanceof CharacterCodingException ? undecodable(file) : unreadable(file, e.getCause());
        }
    }

    private Layout parse(BufferedReader text) throws IOException {
        CsvRecordHandler handler = CsvRecordHandler.builder()
                .maxFields(MAX_COLUMNS)
                .maxFieldSize(MAX_CELL_CHARACTERS)
                .maxRecordSize(MAX_ROW_CHARACTERS)
                .build();
        long line = 0;
        long blank = 0;
        try (CsvReader<CsvRecord> reader = CsvReader.builder()
                .skipEmptyLines(false)
                .allowExtraFields(true)
                .allowMissingFields(true)
                .build(handler, text)) {
            for (CsvRecord cells : reader) {
                line = cells.getStartingLineNumber();
                if (isBlank(cells)) {
                    blank = blank == 0 ? line : blank;
                    continue;
                }
                if (blank != 0) {
                    throw DataException.at(file, blank, "need a row, got an empty line");
                }
                if (columns.isEmpty()) {
                    header(cells, line);
                } else {
                    row(cells, line);
                }
            }
        } catch (CsvParseException e) {
            throw parseFailure(line, e);
        }
        if (columns.isEmpty()) {
            throw new DataException(file, "need a header line, got an empty file");
        }
        if (rows == 0) {
            throw new DataException(file, "need at least one row below the header, got none");
        }
        return new Layout(List.copyOf(columns), Arrays.copyOf(lines, rows));
    }

    private void header(CsvRecord cells, long line) {
        Map<String, Integer> seen = new HashMap<>();
        for (int i = 0; i < cells.getFieldCount(); i++) {
            String name = cells.getField(i).strip();
            if (name.isEmpty()) {
                throw DataException.at(file, line, "need a name for column " + (i + 1) + ", got an empty cell");
            }
            Integer first = seen.put(name, i);
            if (first != null) {
                String got = "got it as column " + (first + 1) + " and " + (i + 1);
                throw DataException.at(file, line, name, "need this name once, " + got);
            }
            columns.add(name);
        }
    }

    private void row(CsvRecord cells, long line) {
        if (cells.getFieldCount() != columns.size()) {
            throw DataException.at(
                    file, line, "need " + columns.size() + " cells as in the header, got " + cells.getFieldCount());
        }
        List<String> stripped = new ArrayList<>(columns.size());
        for (int i = 0; i < columns.size(); i++) {
            stripped.add(cells.getField(i).strip());
        }
        if (rows == lines.length) {
            lines = Arrays.copyOf(lines, 2 * lines.length);
        }
        lines[rows++] = line;
        taker.row(line, columns, stripped);
    }

    /** A cell as a finite decimal number. */
    static double number(Path file, long line, String column, String cell) {
        if (cell.isEmpty()) {
            throw DataException.at(file, line, column, "need a finite number, got an empty cell");
        }
        double value = decimal(cell);
        if (Double.isFinite(value)) {
            return value;
        }
        throw DataException.at(file, line, column, "need a finite number, got " + DataException.quote(cell));
    }

    /** A cell's number, NaN where it holds none. */
    static double decimal(String cell) {
        // Java would also parse 1d, 1f and 0x1p3.
        for (int i = 0; i < cell.length(); i++) {
            if ("0123456789.+-eE".indexOf(cell.charAt(i)) < 0) {
                return Double.NaN;
            }
        }
        try {
            return Double.parseDouble(cell);
        } catch (NumberFormatException e) {
            return Double.NaN;
        }
    }

    /** A column that a file lacks. */
    static DataException missing(Path file, String name, List<String> columns) {
        StringBuilder text = new StringBuilder();
        int shown = Math.min(columns.size(), COLUMNS_NAMED);
        for (int i = 0; i < shown; i++) {
            text.append(i == 0 ? "" : ", ").append(DataException.quote(columns.get(i)));
        }
        String rest = shown < columns.size() ? " and " + (columns.size() - shown) + " more" : "";
        return DataException.at(file, HEADER_LINE, name, "need this column, got " + text + rest);
    }

    private static boolean isBlank(CsvRecord cells) {
        return cells.getFieldCount() == 1 && cells.getField(0).isBlank();
    }

    private DataException parseFailure(long lastGoodLine, CsvParseException e) {
        Throwable cause = e.getCause();
        if (cause instanceof CharacterCodingException) {
            return undecodable(file);
        }
        if (cause instanceof IOException io) {
            return unreadable(file, io);
        }
        return new DataException(
                file, "need well-formed CSV after line " + lastGoodLine + ", got: " + e.getMessage(), e);
    }

    private static DataException unreadable(Path file, @Nullable IOException e) {
        return new DataException(file, "need a readable CSV file, got " + e, e);
    }

    /** The decoder reads ahead, so the line is found by a second pass. */
    private static DataException undecodable(Path file) {
        String problem = "need UTF-8 text, got bytes that are not";
        if (!Files.isRegularFile(file)) {
            return new DataException(file, problem);
        }
        try (InputStream in = new BufferedInputStream(Files.newInputStream(file))) {
            long line = 1;
            ByteArrayOutputStream bytes = new ByteArrayOutputStream();
            for (int b = in.read(); b >= 0 && (b != '\n' || decodes(bytes)); b = in.read()) {
                if (b == '\n') {
                    line++;
                    bytes.reset();
                } else {
                    bytes.write(b);
                }
            }
            return DataException.at(file, line, problem);
        } catch (IOException e) {
            return new DataException(file, problem, e);
        }
    }

    private static boolean decodes(ByteArrayOutputStream line) {
        try {
            StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(line.toByteArray()));
            return true;
        } catch (CharacterCodingException e) {
            return false;
        }
    }
}
