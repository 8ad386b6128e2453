package dev.stillpoint.data;

import java.net.URI;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * An input file that cannot be used as it is. The message is one line: the file, the place in it, what was needed and
 * what came. All readers of this package throw it and nothing else for a bad file.
 */
public final class DataException extends RuntimeException {
    private static final long serialVersionUID = 1L;
    private static final int LONGEST_QUOTE = 40;

    /**
     * A problem with the file as a whole.
     *
     * @param file the file, named as the caller named it
     * @param problem "need X, got Y"
     */
    public DataException(Path file, String problem) {
        this(file, problem, null);
    }

    /**
     * A problem with the file as a whole that another exception revealed.
     *
     * @param file the file, named as the caller named it
     * @param problem "need X, got Y"
     * @param cause what revealed it
     */
    public DataException(Path file, String problem, @Nullable Throwable cause) {
        super(oneLine(file + ": " + problem), cause);
    }

    private DataException(String message) {
        super(oneLine(message));
    }

    /**
     * A problem with what an address on the network gave.
     *
     * @param address as it was asked for
     * @param problem "need X, got Y"
     * @param cause what revealed it, or null
     * @return the exception, to throw
     */
    static DataException at(URI address, String problem, @Nullable Throwable cause) {
        DataException e = new DataException(address + ": " + problem);
        if (cause != null) {
            e.initCause(cause);
        }
        return e;
    }

    /**
     * A problem at one line of a text file.
     *
     * @param file the file, named as the caller named it
     * @param line the physical line, from 1
     * @param problem "need X, got Y"
     * @return the exception, to throw
     */
    public static DataException at(Path file, long line, String problem) {
        return new DataException(file + ", line " + line + ": " + problem);
    }

    /**
     * A problem in one cell of a table.
     *
     * @param file the file, named as the caller named it
     * @param line the physical line, from 1
     * @param column the column's name
     * @param problem "need X, got Y"
     * @return the exception, to throw
     */
    public static DataException at(Path file, long line, String column, String problem) {
        return new DataException(file + ", line " + line + ", column " + quote(column) + ": " + problem);
    }

    /**
     * The text in quotation marks, cut after 40 characters: what came, for a message.
     *
     * @param text any text
     * @return the quotation
     */
    public static String quote(String text) {
        return text.length() <= LONGEST_QUOTE ? '"' + text + '"' : '"' + text.substring(0, LONGEST_QUOTE) + "...\"";
    }

    private static String oneLine(String text) {
        StringBuilder line = new StringBuilder(text.length());
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            line.append(Character.isISOControl(c) || c == '\u2028' || c == '\u2029' ? ' ' : c);
        }
        return line.toString();
    }
}
