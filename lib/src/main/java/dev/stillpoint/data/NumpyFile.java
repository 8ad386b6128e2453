package dev.stillpoint.data;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDateTime;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;
import java.util.zip.ZipOutputStream;

/**
 * Numpy's files: one array as NPY, several by name as NPZ. C order, little-endian, the types of {@link NumpyArray.Type}; nothing
 * in them can run. Whatever else is refused by a {@link DataException}.
 *
 * <p>Reference: numpy.lib.format, versions 1.0 to 3.0; 1.0 is written.
 */
public final class NumpyFile {
    private static final byte[] MAGIC = {(byte) 0x93, 'N', 'U', 'M', 'P', 'Y'};
    private static final int LONGEST_HEADER = 1 << 16;
    private static final int ALIGNMENT = 64;
    private static final String SUFFIX = ".npy";
    /** The first moment that a zip file can name: the same arrays give the same bytes. */
    private static final LocalDateTime ALWAYS = LocalDateTime.of(1980, 1, 1, 0, 0);

    private static final Pattern HEADER = Pattern.compile(
            "\\{\\s*'descr':\\s*(?<descr>'[^']*'|\\[.*\\]),\\s*'fortran_order':\\s*(?<fortran>True|False),"
                    + "\\s*'shape':\\s*\\((?<shape>[0-9, ]*)\\),?\\s*\\}\\s*");

    private NumpyFile() {}

    /**
     * Reads an NPY file.
     *
     * @throws DataException if it is missing or none, cut short or longer than it says, or of another type or order
     */
    public static NumpyArray read(Path file) {
        try (InputStream in = new BufferedInputStream(Files.newInputStream(file))) {
            return read(file, "", in);
        } catch (IOException e) {
            throw new DataException(file, "need a readable NPY file, got " + reason(e), e);
        }
    }

    /**
     * Reads all arrays of an NPZ file.
     *
     * @return by name, in file order
     * @throws DataException if it is missing or none, or as {@link #read} for one of its arrays
     */
    public static Map<String, NumpyArray> readArchive(Path file) {
        Map<String, NumpyArray> arrays = new LinkedHashMap<>();
        try (ZipFile zip = new ZipFile(file.toFile())) {
            for (ZipEntry entry : zip.stream().toList()) {
                String name = entry.getName();
                if (!name.endsWith(SUFFIX)) {
                    throw new DataException(file, "need entries *.npy, got " + DataException.quote(name));
                }
                String key = name.substring(0, name.length() - SUFFIX.length());
                try (InputStream in = zip.getInputStream(entry)) {
                    arrays.put(key, read(file, "array " + DataException.quote(key) + ": ", in));
                }
            }
        } catch (IOException | IllegalArgumentException e) {
            throw new DataException(file, "need a readable NPZ file, got " + reason(e), e);
        }
        return arrays;
    }

    /** Writes an NPY file, whole or not at all. */
    public static void write(Path file, NumpyArray array) {
        AtomicFile.write(file, out -> write(out, array));
    }

    /** Writes an NPZ file, compressed, whole or not at all. */
    public static void writeArchive(Path file, Map<String, NumpyArray> arrays) {
        AtomicFile.write(file, out -> {
            try (ZipOutputStream zip = new ZipOutputStream(out)) {
                for (Map.Entry<String, NumpyArray> named : arrays.entrySet()) {
                    ZipEntry entry = new ZipEntry(named.getKey() + SUFFIX);
                    entry.setTimeLocal(ALWAYS);
                    zip.putNextEntry(entry);
                    write(zip, named.getValue());
                    zip.closeEntry();
                }
            }
        });
    }

    private static NumpyArray read(Path file, String where, InputStream in) throws IOException {
        byte[] start = in.readNBytes(8);
        if (start.length < 8 || !Arrays.equals(start, 0, MAGIC.length, MAGIC, 0, MAGIC.length)) {
            throw new DataException(file, where + "need an array as numpy saves it (NPY), got other content");
        }
        if (start[6] < 1 || start[6] > 3) {
            throw new DataException(file, where + "need NPY version 1 to 3, got " + start[6]);
        }
        byte[] length = in.readNBytes(start[6] == 1 ? 2 : 4);
        int header = length.length == 2
                ? little(length).getShort() & 0xffff
                : length.length == 4 ? little(length).getInt() : -1;
        if (header < 0 || header > LONGEST_HEADER) {
            throw new DataException(
                    file, where + "need a header of at most " + LONGEST_HEADER + " bytes, got " + header);
        }
        byte[] text = in.readNBytes(header);
        Matcher fields = HEADER.matcher(new String(text, StandardCharsets.ISO_8859_1));
        if (text.length < header || !fields.matches()) {
            throw new DataException(
                    file,
                    where + "need a header with descr, fortran_order and shape, got "
                            + DataException.quote(new String(text, StandardCharsets.ISO_8859_1)));
        }
        String descr = fields.group("descr").replace("'", "");
        NumpyArray.Type type = NumpyArray.Type.of(descr);
        if (type == null) {
            throw new DataException(
                    file,
                    where + "need one of the types "
                            + Arrays.stream(NumpyArray.Type.values())
                                    .map(NumpyArray.Type::descr)
                                    .collect(Collectors.joining(", "))
                            + ", got " + DataException.quote(descr));
        }
        if (fields.group("fortran").equals("True")) {
            throw new DataException(file, where + "need C order (numpy.ascontiguousarray), got Fortran order");
        }
        int[] shape = shape(file, where, fields.group("shape"));
        long size = type.bytes();
        for (int side : shape) {
            // Sides and product stay below 2³¹, so that no step overflows.
            size *= side;
            if (size > Integer.MAX_VALUE - 8) {
                throw new DataException(file, where + "need less than 2 GB, got shape " + Arrays.toString(shape));
            }
        }
        byte[] memory = in.readNBytes((int) size);
        if (memory.length < size || in.read() >= 0) {
            throw new DataException(
                    file,
                    where + "need " + size + " bytes of data for shape " + Arrays.toString(shape) + " of " + type
                            + ", got " + (memory.length < size ? String.valueOf(memory.length) : "more"));
        }
        return NumpyArray.wrap(type, memory, shape);
    }

    private static ByteBuffer little(byte[] bytes) {
        return ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
    }

    private static int[] shape(Path file, String where, String text) {
        String[] sides = text.isBlank() ? new String[0] : text.trim().split("\\s*,\\s*");
        int[] shape = new int[sides.length];
        for (int i = 0; i < sides.length; i++) {
            try {
                shape[i] = Integer.parseInt(sides[i]);
            } catch (NumberFormatException e) {
                throw new DataException(
                        file, where + "need a shape of whole numbers, got " + DataException.quote("(" + text + ")"), e);
            }
        }
        return shape;
    }

    private static void write(OutputStream out, NumpyArray array) throws IOException {
        int[] shape = array.shape();
        String sides = Arrays.stream(shape).mapToObj(Integer::toString).collect(Collectors.joining(", "));
        String header = "{'descr': '" + array.type().descr() + "', 'fortran_order': False, 'shape': (" + sides
                + (shape.length == 1 ? "," : "") + "), }";
        int before = MAGIC.length + 4;
        int total = (before + header.length() + 1 + ALIGNMENT - 1) / ALIGNMENT * ALIGNMENT;
        int length = total - before;
        out.write(MAGIC);
        out.write(new byte[] {1, 0, (byte) length, (byte) (length >> 8)});
        out.write((header + " ".repeat(length - header.length() - 1) + "\n").getBytes(StandardCharsets.ISO_8859_1));
        out.write(array.bytes());
    }

    private static String reason(Exception e) {
        return e.getClass().getSimpleName();
    }
}
