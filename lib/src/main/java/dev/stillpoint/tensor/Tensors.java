package dev.stillpoint.tensor;

import java.io.ByteArrayInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.FloatBuffer;
import java.util.Arrays;
import org.bytedeco.javacpp.BytePointer;
import org.bytedeco.javacpp.DoublePointer;
import org.bytedeco.javacpp.FloatPointer;
import org.bytedeco.javacpp.LongPointer;
import org.bytedeco.pytorch.BoolOptional;
import org.bytedeco.pytorch.DeviceOptional;
import org.bytedeco.pytorch.LayoutOptional;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.ScalarTypeOptional;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;
import org.bytedeco.pytorch.global.torch.ScalarType;

/** Copies between Java arrays and tensors, row norms, and the shape check of the public edge. */
public final class Tensors {
    /** Bytes copied at once between Java and native memory. */
    private static final int PIECE = 1 << 20;

    static {
        NativeLibraries.load();
    }

    /** The dimensions of a batch of images. */
    private static final int IMAGES = 4;

    private Tensors() {}

    /** A float32 tensor of the given shape, copied from {@code values} in row-major order. */
    public static Tensor of(float[] values, long... shape) {
        checkCount(values.length, shape);
        return values.length == 0 ? zeros(ScalarType.Float, shape) : Tensor.create(values, shape);
    }

    /** A float64 tensor of the given shape, copied from {@code values} in row-major order. */
    public static Tensor of(double[] values, long... shape) {
        checkCount(values.length, shape);
        return values.length == 0 ? zeros(ScalarType.Double, shape) : Tensor.create(values, shape);
    }

    /** A one-dimensional int64 tensor, for row indices. */
    public static Tensor of(long... values) {
        return values.length == 0 ? zeros(ScalarType.Long, 0) : Tensor.create(values, values.length);
    }

    /** A float32 tensor [rows.length, n] of equally long rows. */
    public static Tensor of(float[][] rows) {
        int n = rows.length == 0 ? 0 : rows[0].length;
        float[] flat = new float[Math.multiplyExact(rows.length, n)];
        for (int i = 0; i < rows.length; i++) {
            if (rows[i].length != n) {
                throw new IllegalArgumentException(
                        "Tensors: need rows of length " + n + ", got " + rows[i].length + " in row " + i);
            }
            System.arraycopy(rows[i], 0, flat, i * n, n);
        }
        return of(flat, rows.length, n);
    }

    /** A float64 tensor without dimensions: beside others it takes their type. */
    public static Tensor scalar(double value) {
        return zeros(ScalarType.Double).add(new Scalar(value));
    }

    /** The element type, as the enum constant itself: the binding makes equal copies of it. */
    public static ScalarType type(Tensor t) {
        return t.scalar_type().intern();
    }

    /** A zero tensor. */
    public static Tensor zeros(ScalarType type, long... shape) {
        return torch.zeros(
                shape, new ScalarTypeOptional(type), new LayoutOptional(), new DeviceOptional(), new BoolOptional());
    }

    /** The distance from 1 to the next number of a type: 2⁻⁵² for float64, 2⁻²³ for any other. */
    public static double rounding(ScalarType type) {
        return type == ScalarType.Double ? Math.ulp(1.0) : Math.ulp(1f);
    }

    /** The elements in row-major order, as 32-bit floats. */
    public static float[] floats(Tensor t) {
        float[] values = new float[Math.toIntExact(t.numel())];
        if (values.length > 0) {
            try (TensorScope scope = TensorScope.open()) {
                FloatPointer data = host(t, ScalarType.Float).data_ptr_float();
                data.get(values);
            }
        }
        return values;
    }

    /** The elements in row-major order, as 64-bit floats. */
    public static double[] doubles(Tensor t) {
        double[] values = new double[Math.toIntExact(t.numel())];
        if (values.length > 0) {
            try (TensorScope scope = TensorScope.open()) {
                DoublePointer data = host(t, ScalarType.Double).data_ptr_double();
                data.get(values);
            }
        }
        return values;
    }

    /**
     * The memory of a contiguous float32 tensor on the CPU, in row-major order: shared, not copied, and valid only as long as
     * the tensor is.
     */
    public static FloatBuffer memory(Tensor t) {
        if (type(t) != ScalarType.Float || t.is_cuda() || !t.is_contiguous()) {
            throw new IllegalArgumentException("Tensors: need a contiguous float32 tensor on the CPU, got " + type(t)
                    + (t.is_cuda() ? " on a GPU" : t.is_contiguous() ? "" : " with strides"));
        }
        return t.numel() == 0
                ? FloatBuffer.allocate(0)
                : new FloatPointer(t.data_ptr()).capacity(t.numel()).asBuffer();
    }

    /** The elements in row-major order, as 64-bit integers. */
    public static long[] longs(Tensor t) {
        long[] values = new long[Math.toIntExact(t.numel())];
        if (values.length > 0) {
            try (TensorScope scope = TensorScope.open()) {
                LongPointer data = host(t, ScalarType.Long).data_ptr_long();
                data.get(values);
            }
        }
        return values;
    }

    /** The elements in row-major order as they lie in memory, little-endian on every supported machine. */
    public static byte[] bytes(Tensor t) {
        byte[] values = new byte[Math.toIntExact(t.numel() * t.element_size())];
        if (values.length > 0) {
            try (TensorScope scope = TensorScope.open()) {
                new BytePointer(t.detach().cpu().contiguous().data_ptr()).get(values);
            }
        }
        return values;
    }

    /** Writes what {@link #bytes} gives, piece by piece: beside a large tensor there is no room for a copy. */
    public static void writeBytes(Tensor t, OutputStream out) throws IOException {
        try (TensorScope scope = TensorScope.open()) {
            Tensor host = t.detach().cpu().contiguous();
            long size = t.numel() * t.element_size();
            byte[] piece = new byte[(int) Math.min(size, PIECE)];
            BytePointer memory = size == 0 ? new BytePointer() : new BytePointer(host.data_ptr());
            for (long at = 0; at < size; at += PIECE) {
                int length = (int) Math.min(PIECE, size - at);
                memory.position(at).get(piece, 0, length);
                out.write(piece, 0, length);
            }
        }
    }

    /** A tensor of the given type and shape, its elements copied from memory as {@link #bytes} writes it. */
    public static Tensor ofBytes(ScalarType type, byte[] memory, long... shape) {
        try {
            return readBytes(type, new ByteArrayInputStream(memory), memory.length, shape);
        } catch (IOException e) {
            throw new AssertionError("an array can always be read", e);
        }
    }

    /**
     * The same, piece by piece.
     *
     * @param in holds {@code size} bytes or more
     * @throws IllegalArgumentException if {@code size} is not that of the type and shape
     */
    public static Tensor readBytes(ScalarType type, InputStream in, long size, long... shape) throws IOException {
        try (TensorScope scope = TensorScope.open()) {
            checkCount(size, withFirst(zeros(type).element_size(), shape));
            Tensor t = zeros(type, shape);
            BytePointer memory = size == 0 ? new BytePointer() : new BytePointer(t.data_ptr());
            byte[] piece = new byte[(int) Math.min(size, PIECE)];
            for (long at = 0; at < size; at += PIECE) {
                int length = (int) Math.min(PIECE, size - at);
                if (in.readNBytes(piece, 0, length) < length) {
                    throw new EOFException();
                }
                memory.position(at).put(piece, 0, length);
            }
            return scope.keep(t);
        }
    }

    /** The rows of a matrix [rows, n], as 32-bit floats. */
    public static float[][] rows(Tensor t) {
        check("Tensors.rows", t, -1, -1);
        float[][] rows = new float[(int) t.size(0)][(int) t.size(1)];
        if (t.numel() > 0) {
            try (TensorScope scope = TensorScope.open()) {
                FloatPointer data = host(t, ScalarType.Float).data_ptr_float();
                for (int i = 0; i < rows.length; i++) {
                    data.position((long) i * rows[i].length).get(rows[i]);
                }
            }
        }
        return rows;
    }

    /** ‖xᵢ‖₂ of every row: [batch, ...] to [batch]. */
    public static Tensor rowNorm(Tensor x) {
        // Over all axes at once: flattening would copy images whose channels lie side by side.
        Tensor rows = x.dim() == 1 ? x.unsqueeze(1) : x;
        long[] axes = new long[(int) rows.dim() - 1];
        Arrays.setAll(axes, i -> i + 1);
        return torch.linalg_vector_norm(rows, new Scalar(2.0), axes, false, new ScalarTypeOptional());
    }

    /** The given rows of x, an int64 tensor of them: [batch, ...] to [rows, ...], images with their channels side by side if they were. */
    public static Tensor select(Tensor x, Tensor rows) {
        if (x.dim() != IMAGES || x.is_contiguous() || !x.is_contiguous(torch.MemoryFormat.ChannelsLast)) {
            return x.index_select(0, rows);
        }
        return x.permute(0, 2, 3, 1).index_select(0, rows).permute(0, 3, 1, 2);
    }

    /**
     * Checks a shape at the public edge.
     *
     * @param name what the message calls the tensor
     * @param expected sizes, -1 for any
     * @throws IllegalArgumentException "name: expected [32, 100], got [32, 99]"
     */
    public static void check(String name, Tensor t, long... expected) {
        long[] shape = t.shape();
        boolean same = shape.length == expected.length;
        for (int i = 0; same && i < shape.length; i++) {
            same = expected[i] < 0 || expected[i] == shape[i];
        }
        if (!same) {
            throw new IllegalArgumentException(
                    name + ": expected " + describe(expected) + ", got " + Arrays.toString(shape));
        }
    }

    private static String describe(long[] shape) {
        return Arrays.toString(shape).replace("-1", "any");
    }

    private static Tensor host(Tensor t, ScalarType type) {
        return t.detach().cpu().to(type).contiguous();
    }

    private static void checkCount(long count, long... shape) {
        // In floating point, so that no shape overflows: exact where it can equal a count.
        double product = 1;
        for (long size : shape) {
            if (size < 0) {
                throw new IllegalArgumentException("Tensors: need sizes >= 0, got shape " + Arrays.toString(shape));
            }
            product *= size;
        }
        if (product != count) {
            throw new IllegalArgumentException("Tensors: need " + (long) product + " values for shape "
                    + Arrays.toString(shape) + ", got " + count);
        }
    }

    private static long[] withFirst(long first, long[] shape) {
        long[] longer = new long[shape.length + 1];
        longer[0] = first;
        System.arraycopy(shape, 0, longer, 1, shape.length);
        return longer;
    }
}
