package dev.stillpoint.zoo.images;

import dev.stillpoint.certificate.ClassDistance;
import dev.stillpoint.certificate.Familiarity;
import dev.stillpoint.network.AvgPool2d;
import dev.stillpoint.network.Mode;
import dev.stillpoint.tensor.Learnable;
import dev.stillpoint.tensor.ParameterVisitor;
import dev.stillpoint.tensor.TensorScope;
import dev.stillpoint.tensor.Tensors;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;
import org.bytedeco.pytorch.global.torch.ScalarType;

/**
 * What images of the known kinds look like to a trained network: class means and covariance of the solutions u* of training images,
 * averaged over a few windows, and the spread of their distances and energies over images held out. Stored beside the weights.
 */
final class Reference implements Learnable {
    /** The name of its part of a stored model. */
    static final String NAME = "reference";

    /** Training images to learn from, the first ones: 35 for each number that the covariance has in a row. */
    private static final int ROWS = 10_000;

    private static final int CLASSES = ImageNetwork.CLASSES;

    private final AvgPool2d windows;
    private final Tensor means;
    private final Tensor factor;
    private final Tensor centre;
    private final Tensor scale;

    /** One that knows nothing yet. */
    Reference(ImageNetwork network) {
        int side = network.side();
        this.windows = new AvgPool2d(side % 3 == 0 ? side / 3 : side / 2);
        int across = side / windows.kernel();
        int features = network.channels() * across * across;
        try (TensorScope scope = TensorScope.open()) {
            this.means = TensorScope.persist(Tensors.zeros(ScalarType.Double, CLASSES, features));
            this.factor = TensorScope.persist(torch.eye(features).to(ScalarType.Double));
            this.centre = TensorScope.persist(Tensors.zeros(ScalarType.Double, 2));
            this.scale = TensorScope.persist(torch.ones_like(centre));
        }
    }

    /** What the network makes of images: features and scores, rows with NaN left out. */
    private record Traits(List<float[]> features, List<float[]> scores, List<Integer> labels) {
        static Traits of(ImageModel model, ImageSet set, Reference reference) {
            Traits traits = new Traits(new ArrayList<>(), new ArrayList<>(), new ArrayList<>());
            Scores.of(model, set, Mode.EVAL, (from, u, scores) -> {
                float[][] features = reference.features(u);
                float[][] outputs = Tensors.rows(scores);
                for (int i = 0; i < features.length; i++) {
                    if (finite(features[i]) && finite(outputs[i])) {
                        traits.features.add(features[i]);
                        traits.scores.add(outputs[i]);
                        traits.labels.add(set.images().label(from + i));
                    }
                }
            });
            return traits;
        }

        private static boolean finite(float[] values) {
            float sum = 0;
            for (float v : values) {
                sum += v * 0;
            }
            return sum == 0;
        }

        float[][] featureRows() {
            return features.toArray(float[][]::new);
        }
    }

    /**
     * Learns from a network with its present weights.
     *
     * @param model the network
     * @param training of which the first are looked at
     * @param heldOut images that it was not trained on
     */
    void learn(ImageModel model, ImageSet training, ImageSet heldOut) {
        Traits known = Traits.of(model, training.range(0, Math.min(ROWS, training.size())), this);
        Traits fresh = Traits.of(model, heldOut, this);
        if (known.features.isEmpty() || fresh.features.isEmpty()) {
            throw new IllegalArgumentException("Reference: need solves that give numbers, got none");
        }
        // Few images may lack a class: it stands where another does, and is nobody's nearest.
        int[] present =
                known.labels.stream().mapToInt(k -> k).distinct().sorted().toArray();
        int[] labels = known.labels.stream()
                .mapToInt(k -> Arrays.binarySearch(present, k))
                .toArray();
        ClassDistance distance = ClassDistance.fit(known.featureRows(), labels, present.length);
        Familiarity familiarity =
                Familiarity.calibrated(distance, fresh.featureRows(), fresh.scores.toArray(float[][]::new));
        double[][] found = distance.means();
        put(
                means,
                IntStream.range(0, CLASSES)
                        .mapToObj(k -> found[Math.max(0, Arrays.binarySearch(present, k))])
                        .toArray(double[][]::new));
        put(factor, distance.factor());
        put(centre, new double[][] {familiarity.centre()});
        put(scale, new double[][] {familiarity.scale()});
    }

    /** The measure as it was learned. */
    Familiarity familiarity() {
        ClassDistance distance = ClassDistance.of(rows(means), rows(factor));
        return Familiarity.of(distance, Tensors.doubles(centre), Tensors.doubles(scale));
    }

    /** Of solutions u*, [batch, C, h, w]: what {@link #familiarity} takes. */
    float[][] features(Tensor u) {
        try (TensorScope scope = TensorScope.open()) {
            return Tensors.rows(windows.forward(u.detach()).flatten(1, -1).contiguous());
        }
    }

    @Override
    public void visit(ParameterVisitor visitor) {
        visitor.buffer("means", means);
        visitor.buffer("factor", factor);
        visitor.buffer("centre", centre);
        visitor.buffer("scale", scale);
    }

    private static void put(Tensor into, double[][] rows) {
        double[] flat = Arrays.stream(rows).flatMapToDouble(Arrays::stream).toArray();
        try (TensorScope scope = TensorScope.open()) {
            into.copy_(Tensors.of(flat, into.shape()));
        }
    }

    private static double[][] rows(Tensor matrix) {
        int width = Math.toIntExact(matrix.size(1));
        double[] flat = Tensors.doubles(matrix);
        double[][] rows = new double[flat.length / width][];
        Arrays.setAll(rows, i -> Arrays.copyOfRange(flat, i * width, (i + 1) * width));
        return rows;
    }
}
