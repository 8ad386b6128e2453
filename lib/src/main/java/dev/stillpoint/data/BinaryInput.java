package dev.stillpoint.data;

import java.io.BufferedInputStream;
import java.io.Closeable;
import java.io.EOFException;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.zip.GZIPInputStream;
import java.util.zip.ZipException;
import org.jspecify.annotations.Nullable;

/** A binary file from its beginning to its end, gzip-compressed or not. What it refuses is named by its byte offset, of the unpacked content. */
final class BinaryInput implements Closeable {
    private static final int BUFFER = 1 << 16;
    private static final int FIRST = 1 << 22;
    private static final int GZIP_MAGIC = 0x1f8b;

    private final Path file;
    private final String kind;
    private final InputStream in;
    private final boolean packed;
    private long offset;

    private BinaryInput(Path file, String kind, InputStream in, boolean packed) {
        this.file = file;
        this.kind = kind;
        this.in = in;
        this.packed = packed;
    }

    /** Opens the file; {@code kind} is what messages call it, as "an idx file". */
    static BinaryInput open(Path file, String kind) {
        if (Files.isDirectory(file)) {
            throw new DataException(file, "need " + kind + ", got a directory");
        }
        InputStream raw = null;
        try {
            raw = new BufferedInputStream(Files.newInputStream(file), BUFFER);
            raw.mark(2);
            boolean packed = (raw.read() << 8 | raw.read()) == GZIP_MAGIC;
            raw.reset();
            return new BinaryInput(file, kind, packed ? new GZIPInputStream(raw, BUFFER) : raw, packed);
        } catch (NoSuchFileException | FileNotFoundException e) {
            throw new DataException(file, "need " + kind + ", got none there", e);
        } catch (IOException e) {
            close(raw);
            throw new DataException(file, "need a readable file with " + kind + ", got " + e, e);
        }
    }

    /** The next bytes, exactly {@code length}; {@code what} names them in a message. */
    byte[] bytes(int length, String what) {
        byte[] bytes = new byte[length];
        read(bytes, 0, length, what);
        return bytes;
    }

    /**
     * The next bytes, exactly {@code length}, in memory that grows as they come: a damaged header that asks for too much
     * costs no more than the file holds.
     */
    byte[] upTo(int length, String what) {
        byte[] bytes = new byte[Math.min(length, FIRST)];
        int got = 0;
        while (true) {
            int room = bytes.length - got;
            int came = fill(bytes, got, room);
            got += came;
            if (got == length) {
                offset += length;
                return bytes;
            }
            if (came < room) {
                throw cut(length, what, got);
            }
            bytes = Arrays.copyOf(bytes, (int) Math.min(length, 2L * bytes.length));
        }
    }

    /** Fills a part of an array with the next bytes. */
    void read(byte[] target, int at, int length, String what) {
        int got = fill(target, at, length);
        if (got < length) {
            throw cut(length, what, got);
        }
        offset += length;
    }

    /** As many of the next bytes as come, at most the array's length; 0 at the end. */
    int some(byte[] target) {
        int got = fill(target, 0, target.length);
        offset += got;
        return got;
    }

    /** The next big-endian 32-bit number. */
    int bigEndian(String what) {
        byte[] b = bytes(Integer.BYTES, what);
        return (b[0] & 255) << 24 | (b[1] & 255) << 16 | (b[2] & 255) << 8 | (b[3] & 255);
    }

    /** Passes over bytes. */
    void skip(long length, String what) {
        byte[] piece = new byte[(int) Math.min(length, BUFFER)];
        for (long left = length; left > 0; left -= piece.length) {
            piece = left < piece.length ? new byte[(int) left] : piece;
            read(piece, 0, piece.length, what);
        }
    }

    /** Refuses anything that follows. */
    void end() {
        if (fill(new byte[1], 0, 1) > 0) {
            throw refused(offset, "the end of the file", "more bytes");
        }
    }

    /** How many bytes have been read, unpacked. */
    long offset() {
        return offset;
    }

    /** What to throw for the bytes at an offset. */
    DataException refused(long at, String need, String got) {
        return new DataException(file, "need " + need + " at " + place(at) + ", got " + got);
    }

    private DataException cut(int length, String what, int got) {
        String need = "need " + length + " bytes of " + what + " from " + place(offset);
        return new DataException(file, need + ", got " + got + " and the end of the file");
    }

    private int fill(byte[] target, int at, int length) {
        try {
            return in.readNBytes(target, at, length);
        } catch (EOFException e) {
            // A gzip stream that breaks off throws where it does; how much came is not told, so it is counted as none.
            throw new DataException(
                    file, "need whole gzip-compressed data after " + place(offset) + ", got their end", e);
        } catch (ZipException e) {
            throw new DataException(
                    file, "need sound gzip-compressed data after " + place(offset) + ", got " + e.getMessage(), e);
        } catch (IOException e) {
            throw new DataException(file, "need a readable file with " + kind + ", got " + e, e);
        }
    }

    private String place(long at) {
        return "byte " + at + (packed ? " of the unpacked content" : "");
    }

    private static void close(@Nullable InputStream in) {
        if (in != null) {
            try {
                in.close();
            } catch (IOException e) {
                return;
            }
        }
    }

    @Override
    public void close() {
        close(in);
    }
}
