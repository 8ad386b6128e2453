package dev.stillpoint.train;

import dev.stillpoint.kernel.LaneChoice;
import dev.stillpoint.tensor.Engine;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.DigestOutputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.HexFormat;
import java.util.Properties;

/**
 * Where a result came from: what must be the same to get it again, beside the configuration and the seed.
 *
 * @param version of Stillpoint
 * @param commit of Stillpoint's sources, "unknown" for a build outside a repository
 * @param java version and vendor
 * @param libtorch version of the native engine's binding
 * @param kernels the arithmetic of the fused loops, which rounds its own way
 * @param system operating system and processor architecture
 * @param threads of one native operation
 * @param device "cpu" or "cuda"
 * @param started when, UTC
 */
public record Provenance(
        String version,
        String commit,
        String java,
        String libtorch,
        String kernels,
        String system,
        int threads,
        String device,
        String started) {
    /** This process, now, on the CPU. */
    public static Provenance capture() {
        Properties build = build();
        return new Provenance(
                build.getProperty("git.build.version", "unknown"),
                build.getProperty("git.commit.id", "unknown")
                        + ("true".equals(build.getProperty("git.dirty")) ? "-dirty" : ""),
                Runtime.version() + " (" + System.getProperty("java.vendor") + ")",
                Engine.version(),
                LaneChoice.current().lanes().name(),
                System.getProperty("os.name") + " " + System.getProperty("os.arch"),
                Engine.threads(),
                "cpu",
                Instant.now().truncatedTo(ChronoUnit.SECONDS).toString());
    }

    /** The SHA-256 of tables of numbers, as little-endian float32 in row-major order. */
    public static String sha256(float[][]... tables) {
        try {
            MessageDigest digest = MessageDigest.getInstance("SHA-256");
            for (float[][] table : tables) {
                for (float[] row : table) {
                    ByteBuffer bytes = ByteBuffer.allocate(4 * row.length).order(ByteOrder.LITTLE_ENDIAN);
                    bytes.asFloatBuffer().put(row);
                    digest.update(bytes);
                }
            }
            return HexFormat.of().formatHex(digest.digest());
        } catch (NoSuchAlgorithmException e) {
            throw new AssertionError("every Java platform has SHA-256", e);
        }
    }

    /**
     * The SHA-256 of a file.
     *
     * @throws UncheckedIOException if it cannot be read
     */
    public static String sha256(Path file) {
        try (InputStream in = Files.newInputStream(file);
                DigestOutputStream out =
                        new DigestOutputStream(OutputStream.nullOutputStream(), MessageDigest.getInstance("SHA-256"))) {
            in.transferTo(out);
            return HexFormat.of().formatHex(out.getMessageDigest().digest());
        } catch (NoSuchAlgorithmException e) {
            throw new AssertionError("every Java platform has SHA-256", e);
        } catch (IOException e) {
            throw new UncheckedIOException(file + ": need a file that can be read, got " + e.getMessage(), e);
        }
    }

    private static Properties build() {
        Properties build = new Properties();
        try (InputStream in = Provenance.class.getResourceAsStream("build.properties")) {
            if (in != null) {
                build.load(in);
            }
            return build;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
