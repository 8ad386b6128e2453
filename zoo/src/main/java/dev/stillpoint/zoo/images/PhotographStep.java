package dev.stillpoint.zoo.images;

import dev.stillpoint.Inference;
import dev.stillpoint.adjoint.Adjoint;
import dev.stillpoint.network.Mode;
import dev.stillpoint.solver.FixedPointSolver;
import dev.stillpoint.solver.StoppingRule;
import dev.stillpoint.tensor.Rows;
import dev.stillpoint.tensor.TensorScope;
import dev.stillpoint.tensor.Tensors;
import dev.stillpoint.train.Adam;
import java.util.Arrays;
import java.util.random.RandomGenerator;
import java.util.random.RandomGeneratorFactory;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;

/**
 * Training steps of the small CIFAR-10 network, on noise in place of photographs, whose solve takes exactly as many applications of
 * R as asked: what depth costs.
 */
public final class PhotographStep {
    private static final double GAMMA = 0.9;
    private static final int SIDE = 32;

    private final ResidualNetwork network;
    private final Adam adam;
    private final Tensor images;
    private final Tensor labels;

    /**
     * A network with initial weights, and one batch.
     *
     * @param batch images
     */
    public PhotographStep(int batch) {
        RandomGenerator random = RandomGeneratorFactory.of("L64X128MixRandom").create(0);
        this.network = new ResidualNetwork(GAMMA, 1, LatentNorm.BATCH, 0.1, random);
        this.adam = new Adam(network.parameters(), Adam.Options.of(1e-3));
        float[] pixels = new float[batch * 3 * SIDE * SIDE];
        for (int i = 0; i < pixels.length; i++) {
            pixels[i] = (float) random.nextGaussian();
        }
        long[] classes = new long[batch];
        Arrays.setAll(classes, i -> random.nextInt(ImageNetwork.CLASSES));
        try (TensorScope scope = TensorScope.open()) {
            this.images = TensorScope.persist(Tensors.of(pixels, batch, 3, SIDE, SIDE));
            this.labels = TensorScope.persist(Tensors.of(classes));
        }
    }

    /**
     * One training step: forward from zero, backward, and a step of Adam.
     *
     * @param adjoint of that depth, where its work depends on it
     * @param exactly a rule that allows so many steps and no fewer
     * @throws IllegalStateException if a solve took another number
     */
    public void run(Adjoint adjoint, StoppingRule exactly) {
        try (TensorScope scope = TensorScope.open()) {
            adam.zeroGrad();
            Inference<Rows> inference = network.network(Mode.TRAIN, FixedPointSolver.of(exactly), adjoint)
                    .forward(images);
            for (int steps : inference.solution().stats().steps()) {
                if (steps != exactly.maxSteps()) {
                    throw new IllegalStateException(
                            "PhotographStep: need a solve of " + exactly.maxSteps() + " steps, got one of " + steps);
                }
            }
            torch.cross_entropy_loss(inference.x(), labels).backward();
            adam.step();
        }
    }
}
