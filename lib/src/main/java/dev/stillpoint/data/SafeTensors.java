package dev.stillpoint.data;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.stillpoint.tensor.Tensors;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.security.DigestOutputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.Map;
import org.bytedeco.pytorch.NoGradGuard;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch.ScalarType;

/**
 * Named tensors in the safetensors format: 8 bytes header length, a JSON header, the raw data. Nothing in it can run.
 *
 * <p>What Stillpoint writes carries the SHA-256 of the header, with zeros in the digest's own place, and the data, so that
 * a damaged file is refused; files without one (other writers) are read as they are by {@link #read}, and refused by
 * {@link #readOwn}.
 *
 * @param tensors by name, in file order; on reading they belong to the open scope
 * @param metadata text by name
 */
public record SafeTensors(Map<String, Tensor> tensors, Map<String, String> metadata) {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final String CHECKSUM = "sha256";
    private static final String ZEROS = "0".repeat(64);
    private static final int LONGEST_HEADER = 100_000_000;

    /** Writes {@code file} whole or not at all. */
    public void write(Path file) {
        ObjectNode header = JSON.createObjectNode();
        ObjectNode meta = header.putObject("__metadata__");
        metadata.forEach(meta::put);
        meta.put(CHECKSUM, ZEROS);
        long offset = 0;
        for (Map.Entry<String, Tensor> entry : tensors.entrySet()) {
            Tensor t = entry.getValue();
            long end = offset + t.numel() * t.element_size();
            ObjectNode node = header.putObject(entry.getKey());
            node.put("dtype", name(Tensors.type(t)));
            for (long size : t.shape()) {
                node.withArray("shape").add(size);
            }
            node.withArray("shape");
            node.putArray("data_offsets").add(offset).add(end);
            offset = end;
        }
        MessageDigest digest = sha256();
        digest.update(padded(header.toString()));
        try {
            writeData(new DigestOutputStream(OutputStream.nullOutputStream(), digest));
        } catch (IOException e) {
            throw new AssertionError("nothing is written", e);
        }
        meta.put(CHECKSUM, HexFormat.of().formatHex(digest.digest()));
        byte[] text = padded(header.toString());
        AtomicFile.write(file, out -> {
            out.write(ByteBuffer.allocate(8)
                    .order(ByteOrder.LITTLE_ENDIAN)
                    .putLong(text.length)
                    .array());
            out.write(text);
            writeData(out);
        });
    }

    private void writeData(OutputStream out) throws IOException {
        for (Tensor t : tensors.values()) {
            Tensors.writeBytes(t, out);
        }
    }

    /**
     * The SHA-256 of a whole file, in hexadecimal: what provenance says of weights from elsewhere.
     *
     * @throws DataException if it cannot be read
     */
    public static String fileSha256(Path file) {
        return Digests.ofFile("SHA-256", file);
    }

    /**
     * Reads a file that Stillpoint wrote.
     *
     * @throws DataException as {@link #read}, and if there is no checksum
     */
    public static SafeTensors readOwn(Path file) {
        return read(file, CHECKSUM);
    }

    /**
     * Reads a file.
     *
     * @throws DataException if it is missing, not a safetensors file, cut short or damaged
     */
    public static SafeTensors read(Path file) {
        return read(file, "");
    }

    private static SafeTensors read(Path file, String required) {
        try (FileChannel in = FileChannel.open(file, StandardOpenOption.READ)) {
            return read(file, in, required);
        } catch (IOException e) {
            throw new DataException(
                    file,
                    "need a readable safetensors file, got " + e.getClass().getSimpleName(),
                    e);
        }
    }

    private static SafeTensors read(Path file, FileChannel in, String required) throws IOException {
        long size = in.size();
        InputStream stream = Channels.newInputStream(in);
        byte[] first = stream.readNBytes(8);
        long length = first.length < 8
                ? -1
                : ByteBuffer.wrap(first).order(ByteOrder.LITTLE_ENDIAN).getLong();
        if (length < 2 || length > LONGEST_HEADER || length > size - 8) {
            throw new DataException(
                    file, "need a safetensors header within the file's " + size + " bytes, got length " + length);
        }
        byte[] text = stream.readNBytes((int) length);
        long start = 8 + length;
        JsonNode header = header(file, text);
        Map<String, String> metadata = new LinkedHashMap<>();
        Map<String, Tensor> tensors = new LinkedHashMap<>();
        header.path("__metadata__")
                .properties()
                .forEach(m -> metadata.put(m.getKey(), m.getValue().asText()));
        String expected = metadata.remove(CHECKSUM);
        if (expected == null && !required.isEmpty()) {
            throw new DataException(file, "need a file with '" + required + "', got none: the file is damaged");
        }
        if (expected != null) {
            MessageDigest digest = sha256();
            digest.update(new String(text, StandardCharsets.ISO_8859_1)
                    .replace(expected, ZEROS)
                    .getBytes(StandardCharsets.ISO_8859_1));
            stream.transferTo(new DigestOutputStream(OutputStream.nullOutputStream(), digest));
            String actual = HexFormat.of().formatHex(digest.digest());
            if (!actual.equals(expected)) {
                throw new DataException(
                        file, "need data with SHA-256 " + expected + ", got " + actual + ": the file is damaged");
            }
        }
        for (Map.Entry<String, JsonNode> field : header.properties()) {
            if (!field.getKey().equals("__metadata__")) {
                tensors.put(field.getKey(), tensor(file, field.getKey(), field.getValue(), in, start));
            }
        }
        return new SafeTensors(tensors, metadata);
    }

    /**
     * Overwrites every tensor of {@code parts} with the stored one of its name.
     *
     * @param prefix of the stored names
     * @throws IllegalArgumentException if one is missing, or of another shape
     */
    public void copyInto(String prefix, Map<String, Tensor> parts) {
        try (NoGradGuard offTape = new NoGradGuard()) {
            parts.forEach((name, t) -> {
                Tensor stored = tensors.get(prefix + name);
                if (stored == null || !Arrays.equals(stored.shape(), t.shape())) {
                    throw new IllegalArgumentException("need tensor '" + prefix + name + "' of shape "
                            + Arrays.toString(t.shape()) + ", got "
                            + (stored == null ? "none" : Arrays.toString(stored.shape())));
                }
                t.copy_(stored);
            });
        }
    }

    private static JsonNode header(Path file, byte[] text) {
        try {
            JsonNode header = JSON.readTree(new String(text, StandardCharsets.UTF_8));
            if (header.isObject()) {
                return header;
            }
            throw new DataException(file, "need a JSON object as header, got " + header.getNodeType());
        } catch (JsonProcessingException e) {
            throw new DataException(file, "need a JSON header, got text that is not JSON: the file is damaged", e);
        }
    }

    private static Tensor tensor(Path file, String name, JsonNode node, FileChannel in, long start) throws IOException {
        ScalarType type = type(file, name, node.path("dtype").asText());
        long[] shape = new long[node.path("shape").size()];
        for (int i = 0; i < shape.length; i++) {
            shape[i] = node.path("shape").get(i).asLong(-1);
        }
        long from = node.path("data_offsets").path(0).asLong(-1);
        long to = node.path("data_offsets").path(1).asLong(-1);
        long data = in.size() - start;
        if (from < 0 || to < from || to > data) {
            throw new DataException(
                    file,
                    "need offsets of '" + name + "' within " + data + " bytes of data, got " + from + " to " + to
                            + ": the file is cut short or damaged");
        }
        try {
            return Tensors.readBytes(type, Channels.newInputStream(in.position(start + from)), to - from, shape);
        } catch (IllegalArgumentException e) {
            throw new DataException(file, "tensor '" + name + "': " + e.getMessage(), e);
        }
    }

    private static String name(ScalarType type) {
        return switch (type) {
            case Float -> "F32";
            case Double -> "F64";
            case Long -> "I64";
            case Byte -> "U8";
            default ->
                throw new IllegalArgumentException("SafeTensors: need float32, float64, int64 or uint8, got " + type);
        };
    }

    private static ScalarType type(Path file, String tensor, String name) {
        return switch (name) {
            case "F32" -> ScalarType.Float;
            case "F64" -> ScalarType.Double;
            case "I64" -> ScalarType.Long;
            case "U8" -> ScalarType.Byte;
            default ->
                throw new DataException(
                        file, "need dtype F32, F64, I64 or U8 for '" + tensor + "', got '" + name + "'");
        };
    }

    /** The header padded with blanks, so that the data begins at a multiple of eight. */
    private static byte[] padded(String header) {
        byte[] text = header.getBytes(StandardCharsets.UTF_8);
        byte[] padded = Arrays.copyOf(text, (text.length + 7) / 8 * 8);
        Arrays.fill(padded, text.length, padded.length, (byte) ' ');
        return padded;
    }

    private static MessageDigest sha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new AssertionError("every Java platform has SHA-256", e);
        }
    }
}
