package dev.stillpoint.data;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;

/** A safetensors file written byte by byte from the format's description, without Stillpoint's writer. */
final class HandMade {
    /** A matrix [2, 2] and a count without dimensions. */
    static final String HEADER = "{\"w\":{\"dtype\":\"F32\",\"shape\":[2,2],\"data_offsets\":[0,16]},"
            + "\"n\":{\"dtype\":\"I64\",\"shape\":[],\"data_offsets\":[16,24]}}";

    private HandMade() {}

    static byte[] data() {
        return ByteBuffer.allocate(24)
                .order(ByteOrder.LITTLE_ENDIAN)
                .putFloat(1.5f)
                .putFloat(-2)
                .putFloat(0.25f)
                .putFloat(1e30f)
                .putLong(-7)
                .array();
    }

    static void write(Path file, String header, byte[] data) throws IOException {
        writeWithLength(file, header.getBytes(StandardCharsets.UTF_8).length, header, data);
    }

    static void writeWithLength(Path file, long length, String header, byte[] data) throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        out.writeBytes(ByteBuffer.allocate(8)
                .order(ByteOrder.LITTLE_ENDIAN)
                .putLong(length)
                .array());
        out.writeBytes(header.getBytes(StandardCharsets.UTF_8));
        out.writeBytes(data);
        Files.write(file, out.toByteArray());
    }
}
