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

/** Reads a {@link CsvTable}: the file's text, its header and its rows, each refused with its place. */
final class CsvInput {
    private static final char BYTE_ORDER_MARK = '\uFEFF';
    private static final int MAX_COLUMNS = 1 << 22;
    private static final int MAX_ROW_CHARACTERS = 1 << 28;
    private static final int MAX_CELL_CHARACTERS = 1 << 16;

    private final Path file;
    private final List<String> columns = new ArrayList<>();
    private final List<double[]> rows = new ArrayList<>();
    private long[] lines = new long[16];

    private CsvInput(Path file) {
        this.file = file;
    }

    static CsvTable read(Path file) {
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
            return new CsvInput(file).parse(text);
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

    private CsvTable parse(BufferedReader text) throws IOException {
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
        if (rows.isEmpty()) {
            throw new DataException(file, "need at least one row below the header, got none");
        }
        return new CsvTable(file, columns, rows.toArray(new double[0][]), Arrays.copyOf(lines, rows.size()));
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
        double[] values = new double[columns.size()];
        for (int i = 0; i < values.length; i++) {
            values[i] = number(cells.getField(i).strip(), line, columns.get(i));
        }
        if (rows.size() == lines.length) {
            lines = Arrays.copyOf(lines, 2 * lines.length);
        }
        lines[rows.size()] = line;
        rows.add(values);
    }

    private double number(String cell, long line, String column) {
        if (cell.isEmpty()) {
            throw DataException.at(file, line, column, "need a finite number, got an empty cell");
        }
        try {
            double value = isDecimal(cell) ? Double.parseDouble(cell) : Double.NaN;
            if (Double.isFinite(value)) {
                return value;
            }
        } catch (NumberFormatException e) {
            // Told below, as for every other cell that is no number.
        }
        throw DataException.at(file, line, column, "need a finite number, got " + DataException.quote(cell));
    }

    /** Java would also parse 1d, 1f and 0x1p3. */
    private static boolean isDecimal(String cell) {
        for (int i = 0; i < cell.length(); i++) {
            if ("0123456789.+-eE".indexOf(cell.charAt(i)) < 0) {
                return false;
            }
        }
        return true;
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
