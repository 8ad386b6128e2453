package dev.stillpoint.data;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** Numbers of one type in row-major order, as numpy's files hold them. Immutable. */
public final class NumpyArray {
    private final Type type;
    private final int[] shape;
    private final int size;
    private final ByteBuffer memory;

    /** The types that are read and written; little-endian. */
    public enum Type {
        /** Unsigned, 8 bits. */
        U1(1),
        /** Unsigned, 16 bits. */
        U2(2),
        /** Unsigned, 32 bits. */
        U4(4),
        /** Signed, 32 bits. */
        I4(4),
        /** Signed, 64 bits. */
        I8(8),
        /** Floating point, 32 bits. */
        F4(4),
        /** Floating point, 64 bits. */
        F8(8);

        private final int bytes;

        Type(int bytes) {
            this.bytes = bytes;
        }

        /** Bytes a number. */
        public int bytes() {
            return bytes;
        }

        /** As numpy's headers name it: "&lt;f4". */
        String descr() {
            return (bytes == 1 ? "|" : "<") + name().toLowerCase(Locale.ROOT);
        }

        static @Nullable Type of(String descr) {
            for (Type type : values()) {
                if (type.descr().equals(descr)) {
                    return type;
                }
            }
            return null;
        }
    }

    private NumpyArray(Type type, byte[] memory, int[] shape) {
        this.type = type;
        this.shape = shape.clone();
        this.size = memory.length / type.bytes();
        this.memory = ByteBuffer.wrap(memory).order(ByteOrder.LITTLE_ENDIAN);
    }

    /** Not copied: for readers, which hand their memory over. */
    static NumpyArray wrap(Type type, byte[] memory, int[] shape) {
        return new NumpyArray(type, memory, shape);
    }

    /**
     * Float32 numbers of a shape.
     *
     * @throws IllegalArgumentException if the shape has another number of them
     */
    public static NumpyArray of(float[] values, int... shape) {
        byte[] memory = memory(Type.F4, values.length, shape);
        littleEndian(memory).asFloatBuffer().put(values);
        return new NumpyArray(Type.F4, memory, shape);
    }

    /**
     * Float64 numbers of a shape.
     *
     * @throws IllegalArgumentException if the shape has another number of them
     */
    public static NumpyArray of(double[] values, int... shape) {
        byte[] memory = memory(Type.F8, values.length, shape);
        littleEndian(memory).asDoubleBuffer().put(values);
        return new NumpyArray(Type.F8, memory, shape);
    }

    /**
     * Integers of a shape, in a type that holds each of them exactly.
     *
     * @throws IllegalArgumentException if the shape has another number of them, the type is none of integers, or a value does
     *     not fit
     */
    public static NumpyArray of(Type type, long[] values, int... shape) {
        byte[] bytes = memory(type, values.length, shape);
        ByteBuffer memory = littleEndian(bytes);
        for (int i = 0; i < values.length; i++) {
            switch (type) {
                case U1 -> memory.put(i, (byte) values[i]);
                case U2 -> memory.putShort(2 * i, (short) values[i]);
                case U4, I4 -> memory.putInt(4 * i, (int) values[i]);
                case I8 -> memory.putLong(8 * i, values[i]);
                default -> throw new IllegalArgumentException("NumpyArray: need a type of integers, got " + type);
            }
        }
        NumpyArray array = new NumpyArray(type, bytes, shape);
        for (int i = 0; i < values.length; i++) {
            if (array.integer(i) != values[i]) {
                throw new IllegalArgumentException(
                        "NumpyArray: need values that " + type + " holds, got " + values[i] + " at position " + i);
            }
        }
        return array;
    }

    private static byte[] memory(Type type, int count, int[] shape) {
        double product = 1;
        for (int length : shape) {
            if (length < 0) {
                throw new IllegalArgumentException("NumpyArray: need sizes >= 0, got " + Arrays.toString(shape));
            }
            product *= length;
        }
        if (product != count) {
            throw new IllegalArgumentException("NumpyArray: need " + (long) product + " values for shape "
                    + Arrays.toString(shape) + ", got " + count);
        }
        return new byte[Math.multiplyExact(count, type.bytes())];
    }

    private static ByteBuffer littleEndian(byte[] memory) {
        return ByteBuffer.wrap(memory).order(ByteOrder.LITTLE_ENDIAN);
    }

    /** The type of its numbers. */
    public Type type() {
        return type;
    }

    /** Its shape, a copy; empty for a single number. */
    public int[] shape() {
        return shape.clone();
    }

    /** The number of its numbers. */
    public int size() {
        return size;
    }

    /** Number i in row-major order; integers beyond 2⁵³ are rounded. */
    public double number(int i) {
        return switch (type) {
            case F4 -> memory.getFloat(4 * i);
            case F8 -> memory.getDouble(8 * i);
            default -> integer(i);
        };
    }

    private long integer(int i) {
        return switch (type) {
            case U1 -> memory.get(i) & 0xff;
            case U2 -> memory.getShort(2 * i) & 0xffff;
            case U4 -> memory.getInt(4 * i) & 0xffffffffL;
            case I4 -> memory.getInt(4 * i);
            case I8 -> memory.getLong(8 * i);
            default -> throw new IllegalArgumentException("NumpyArray: need a type of integers, got " + type);
        };
    }

    /** All numbers in row-major order, rounded to float32. */
    public float[] floats() {
        float[] values = new float[size];
        for (int i = 0; i < size; i++) {
            values[i] = (float) number(i);
        }
        return values;
    }

    /** All numbers in row-major order. */
    public double[] doubles() {
        double[] values = new double[size];
        for (int i = 0; i < size; i++) {
            values[i] = number(i);
        }
        return values;
    }

    /**
     * All numbers in row-major order.
     *
     * @throws IllegalArgumentException if their type is none of integers
     */
    public long[] longs() {
        long[] values = new long[size];
        for (int i = 0; i < size; i++) {
            values[i] = integer(i);
        }
        return values;
    }

    /** The memory as files hold it, shared: for writers. */
    byte[] bytes() {
        return memory.array();
    }
}
