package dev.stillpoint.data;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * The files of a tar archive in turn, compressed or not. It reads what ustar and GNU tar write of plain files, passes over folders,
 * links and extended headers, and checks every header's sum. A library for all of tar would bring three more, and would not
 * tell the byte where an archive breaks off. Reference: POSIX.1-1988, ustar interchange format.
 */
final class TarInput implements AutoCloseable {
    private static final int BLOCK = 512;
    private static final int NAME = 100;
    private static final int SIZE = 124;
    private static final int SUM = 148;
    private static final int TYPE = 156;
    private static final int MAGIC = 257;
    private static final int PREFIX = 345;
    private static final int PREFIX_LENGTH = 155;

    private final BinaryInput in;
    private String name = "";
    private long size;
    private long left;
    private long padding;

    private TarInput(BinaryInput in) {
        this.in = in;
    }

    static TarInput open(Path file) {
        return new TarInput(BinaryInput.open(file, "a tar archive"));
    }

    /** Goes to the next file; false at the archive's end. */
    boolean next() {
        while (true) {
            in.skip(left + padding, "the content of " + name);
            left = 0;
            padding = 0;
            byte[] header = in.bytes(BLOCK, "a header");
            if (blank(header)) {
                return false;
            }
            read(header);
            char type = (char) header[TYPE];
            if (type == '0' || type == '\0') {
                return true;
            }
        }
    }

    /** The present file's name, with its folders. */
    String name() {
        return name;
    }

    /** The present file's name without folders. */
    String lastName() {
        return name.substring(name.lastIndexOf('/') + 1);
    }

    /** The present file's length. */
    long size() {
        return size;
    }

    /** Where the next byte of the archive is. */
    long offset() {
        return in.offset();
    }

    /** Fills a part of an array from the present file. */
    void read(byte[] target, int at, int length) {
        if (length > left) {
            throw new IllegalArgumentException("TarInput: need at most " + left + " bytes, got " + length);
        }
        in.read(target, at, length, name);
        left -= length;
    }

    /** Writes what is left of the present file. */
    void writeTo(OutputStream out) {
        byte[] piece = new byte[1 << 16];
        while (left > 0) {
            int length = (int) Math.min(piece.length, left);
            read(piece, 0, length);
            try {
                out.write(piece, 0, length);
            } catch (IOException e) {
                throw new java.io.UncheckedIOException(e);
            }
        }
    }

    /** What to throw for the bytes at an offset. */
    DataException refused(long at, String need, String got) {
        return in.refused(at, need, got);
    }

    private void read(byte[] header) {
        long at = in.offset() - BLOCK;
        long sum = 0;
        for (int i = 0; i < BLOCK; i++) {
            sum += i >= SUM && i < SUM + 8 ? ' ' : header[i] & 255;
        }
        Long said = octal(header, SUM, 8);
        if (said == null || said != sum) {
            throw in.refused(at, "a tar header whose bytes sum to what it says", "a sum of " + sum + " and " + said);
        }
        Long length = octal(header, SIZE, 12);
        if (length == null) {
            throw in.refused(at + SIZE, "a length in octal digits", "something else");
        }
        size = length;
        left = size;
        padding = (BLOCK - size % BLOCK) % BLOCK;
        name = text(header, 0, NAME);
        if (text(header, MAGIC, 6).equals("ustar") && header[PREFIX] != 0) {
            name = text(header, PREFIX, PREFIX_LENGTH) + "/" + name;
        }
    }

    private static boolean blank(byte[] header) {
        for (byte b : header) {
            if (b != 0) {
                return false;
            }
        }
        return true;
    }

    private static String text(byte[] header, int from, int length) {
        int end = from;
        while (end < from + length && header[end] != 0) {
            end++;
        }
        return new String(header, from, end - from, StandardCharsets.UTF_8);
    }

    private static @Nullable Long octal(byte[] header, int from, int length) {
        String digits = text(header, from, length).strip();
        try {
            return digits.matches("[0-7]+") ? Long.valueOf(Long.parseLong(digits, 8)) : null;
        } catch (NumberFormatException e) {
            return null;
        }
    }

    @Override
    public void close() {
        in.close();
    }
}
