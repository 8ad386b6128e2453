package dev.stillpoint.tensor;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.Properties;
import org.bytedeco.javacpp.Pointer;
import org.bytedeco.pytorch.Generator;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;

/** The native engine (libtorch): its threads, versions, memory and random numbers. */
public final class Engine {
    static {
        NativeLibraries.load();
    }

    private Engine() {}

    /**
     * Sets the threads of one operation, for libtorch's OpenMP pool and for the BLAS alike.
     *
     * <p>Threads that run libtorch for the first time afterwards take the number over; one that has run it before keeps its
     * own. With libtorch's defaults the two pools spin against each other: a dense Davis-Yin step on a 10x10 grid, batch
     * 256, takes some 80 ms instead of 0.4 ms. Small models are fastest with one thread.
     *
     * @throws IllegalArgumentException if {@code count} is below 1
     */
    public static void threads(int count) {
        if (count < 1) {
            throw new IllegalArgumentException("Engine: need threads >= 1, got " + count);
        }
        torch.set_num_threads(count);
        org.bytedeco.openblas.presets.openblas.blas_set_num_threads(count);
    }

    /** The threads that one libtorch operation uses. */
    public static int threads() {
        return torch.get_num_threads();
    }

    /** The threads that one BLAS call uses; −1 before {@link #threads(int)} has been called. */
    public static int blasThreads() {
        return org.bytedeco.openblas.presets.openblas.blas_get_num_threads();
    }

    /** The version of libtorch's Java binding, which begins with libtorch's own: "2.10.0-1.5.13". */
    public static String version() {
        Properties properties = new Properties();
        try (InputStream in = torch.class.getResourceAsStream("/META-INF/maven/org.bytedeco/pytorch/pom.properties")) {
            if (in != null) {
                properties.load(in);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return properties.getProperty("version", "unknown");
    }

    /** libtorch's own description of its build: BLAS, oneDNN, CPU capability. */
    public static String build() {
        try (TensorScope scope = TensorScope.open()) {
            return torch.show_config().getString();
        }
    }

    /** Whether a CUDA device can be used. */
    public static boolean cuda() {
        return torch.cuda_is_available();
    }

    /** Resident memory of this process in bytes. */
    public static long residentBytes() {
        return Pointer.physicalBytes();
    }

    /** The native objects that Java code holds in this process: a loop that gives everything back leaves as many as before. */
    public static long nativeObjects() {
        return Pointer.totalCount();
    }

    /** Resident memory in bytes above which JavaCPP collects garbage and then refuses to allocate. */
    public static long residentLimit() {
        return Pointer.maxPhysicalBytes();
    }

    /** Seeds libtorch's process-wide generator. */
    public static void seed(long seed) {
        torch.manual_seed(seed);
    }

    /** The state of libtorch's process-wide generator, a byte tensor of the open scope. */
    public static Tensor randomState() {
        Generator generator = torch.getDefaultCPUGenerator();
        return generator.get_state().clone();
    }

    /** Puts back a state taken by {@link #randomState}. */
    public static void randomState(Tensor state) {
        torch.getDefaultCPUGenerator().set_state(state);
    }

    /** libtorch's message without its C++ frames: the first line. */
    public static String firstLine(Throwable failure) {
        String message = String.valueOf(failure.getMessage());
        int end = message.indexOf('\n');
        return end < 0 ? message : message.substring(0, end);
    }
}
