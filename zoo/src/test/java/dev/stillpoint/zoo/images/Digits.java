package dev.stillpoint.zoo.images;

import dev.stillpoint.data.Images;
import dev.stillpoint.data.LabelledImages;
import dev.stillpoint.data.Normalisation;
import dev.stillpoint.tensor.Tensors;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.random.RandomGenerator;
import java.util.random.RandomGeneratorFactory;
import java.util.zip.GZIPOutputStream;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch.ScalarType;

/** Images that a network can tell apart at once: class k is a bright bar at row 2k + 4, in noise. */
final class Digits {
    static final int SIDE = 28;

    private Digits() {}

    static RandomGenerator random(long seed) {
        return RandomGeneratorFactory.of("L64X128MixRandom").create(seed);
    }

    static ImageSet bars(int count, long seed) {
        return new ImageSet(labelled(count, seed), Normalisation.MNIST);
    }

    private static LabelledImages labelled(int count, long seed) {
        RandomGenerator random = random(seed);
        byte[] pixels = new byte[count * SIDE * SIDE];
        int[] labels = new int[count];
        for (int i = 0; i < count; i++) {
            labels[i] = random.nextInt(10);
            for (int p = 0; p < SIDE * SIDE; p++) {
                int row = p / SIDE;
                boolean bar = row == 2 * labels[i] + 4;
                pixels[i * SIDE * SIDE + p] = (byte) (bar ? 200 + random.nextInt(50) : random.nextInt(40));
            }
        }
        return new LabelledImages(new Images(pixels, count, 1, SIDE, SIDE), labels, 10);
    }

    /** The four files of MNIST with such images, under a folder's "mnist". */
    static void write(Path folder, int training, int test) throws IOException {
        Path mnist = Files.createDirectories(folder.resolve("mnist"));
        write(mnist, "train", labelled(training, 1));
        write(mnist, "t10k", labelled(test, 2));
    }

    private static void write(Path folder, String part, LabelledImages images) throws IOException {
        int n = images.count();
        byte[] pixels = new byte[n * SIDE * SIDE];
        byte[] labels = new byte[n];
        for (int i = 0; i < n; i++) {
            images.images().copy(i, pixels, i * SIDE * SIDE);
            labels[i] = (byte) images.label(i);
        }
        packed(
                folder.resolve(part + "-images-idx3-ubyte.gz"),
                ByteBuffer.allocate(16)
                        .putInt(2051)
                        .putInt(n)
                        .putInt(SIDE)
                        .putInt(SIDE)
                        .array(),
                pixels);
        packed(
                folder.resolve(part + "-labels-idx1-ubyte.gz"),
                ByteBuffer.allocate(8).putInt(2049).putInt(n).array(),
                labels);
    }

    private static void packed(Path file, byte[]... parts) throws IOException {
        try (OutputStream out = new GZIPOutputStream(Files.newOutputStream(file))) {
            for (byte[] part : parts) {
                out.write(part);
            }
        }
    }

    /** Turns a network into one of float64: its weights and statistics, where they are. */
    static void toDouble(ImageNetwork network) {
        for (Map.Entry<String, Tensor> e : network.state().entrySet()) {
            if (Tensors.type(e.getValue()) == ScalarType.Float) {
                e.getValue().set_data(e.getValue().detach().to(ScalarType.Double));
            }
        }
    }

    static List<ImageNetwork> networks(LatentNorm norm) {
        return List.of(
                new MnistNetwork(0.5, 1, norm, random(1)),
                new ResidualNetwork(0.5, 1, norm, 0.1, random(1)),
                new DeepNetwork(0.5, 5, norm, random(1)));
    }
}
