package dev.stillpoint.zoo.tomography;

import dev.stillpoint.tensor.TensorScope;
import dev.stillpoint.tensor.Tensors;
import java.util.List;
import java.util.random.RandomGenerator;
import java.util.random.RandomGeneratorFactory;
import org.bytedeco.pytorch.Tensor;

/**
 * Images with their measurements, a row each. Lives until it is collected.
 *
 * @param images x, [rows, n²]
 * @param data d, [rows, angles·bins]
 * @param noise ‖d − Ax‖₂ of each row
 */
public record Scans(Tensor images, Tensor data, double[] noise) {
    /**
     * Measures images.
     *
     * @param scanner A
     * @param images [n²] each
     * @param noise as {@link Scanner#measure} takes it
     * @param seed of the errors: row i has a generator of its own, so that a row does not depend on those before it
     */
    public static Scans of(Scanner scanner, List<float[]> images, double noise, long seed) {
        int n = scanner.operator().matrix().columns();
        int m = scanner.operator().matrix().rows();
        float[][] x = new float[images.size()][];
        float[][] d = new float[images.size()][];
        double[] size = new double[images.size()];
        RandomGenerator seeds = RandomGeneratorFactory.of("L64X128MixRandom").create(seed);
        for (int i = 0; i < x.length; i++) {
            RandomGenerator own = RandomGeneratorFactory.of("L64X128MixRandom").create(seeds.nextLong());
            Scanner.Measurement measurement = scanner.measure(images.get(i), noise, own);
            x[i] = images.get(i);
            d[i] = measurement.d();
            size[i] = measurement.noise();
        }
        try (TensorScope scope = TensorScope.open()) {
            Tensor imageRows = x.length == 0 ? Tensors.of(new float[0], 0, n) : Tensors.of(x);
            Tensor dataRows = x.length == 0 ? Tensors.of(new float[0], 0, m) : Tensors.of(d);
            return new Scans(TensorScope.persist(imageRows), TensorScope.persist(dataRows), size);
        }
    }

    /** The number of rows. */
    public int size() {
        return noise.length;
    }
}
