package dev.stillpoint.zoo.tomography;

import dev.stillpoint.Inference;
import dev.stillpoint.adjoint.Adjoint;
import dev.stillpoint.adjoint.JacobianFree;
import dev.stillpoint.kernel.ParallelBeam;
import dev.stillpoint.tensor.TensorScope;
import dev.stillpoint.train.Adam;
import dev.stillpoint.zoo.TrainingStep;
import java.util.ArrayList;
import java.util.List;
import java.util.random.RandomGenerator;
import java.util.random.RandomGeneratorFactory;
import org.bytedeco.pytorch.global.torch;

/** Training steps of the constrained network on ellipses. */
public final class ScanStep implements TrainingStep {
    private static final int ANGLES = 10;
    private static final double NOISE = 0.015;

    private final ConstrainedNetwork model;
    private final Adam adam;
    private final Scans scans;

    /**
     * A small network and a batch.
     *
     * @param pixels on a side of its images, at least 8
     * @param batch images
     */
    public ScanStep(int pixels, int batch) {
        Scanner scanner = new Scanner(ParallelBeam.of(pixels, ANGLES));
        RandomGenerator random = RandomGeneratorFactory.of("L64X128MixRandom").create(1);
        this.model = new ConstrainedNetwork(scanner, ConstrainedNetwork.Options.small(), random);
        this.adam = new Adam(
                model.network(TrainingStep.exactly(1), new JacobianFree()).parameters(), Adam.Options.of(1e-3));
        List<float[]> images = new ArrayList<>();
        for (int i = 0; i < batch; i++) {
            images.add(Ellipse.draw(Ellipse.random(random), pixels));
        }
        this.scans = Scans.of(scanner, images, NOISE, 2);
    }

    @Override
    public void run(Adjoint adjoint, int depth) {
        try (TensorScope scope = TensorScope.open()) {
            adam.zeroGrad();
            Inference<ScanContext> inference =
                    model.network(TrainingStep.exactly(depth), adjoint).forward(scans.data());
            for (int steps : inference.solution().stats().steps()) {
                if (steps != depth) {
                    throw new IllegalStateException(
                            "ScanStep: need a solve of " + depth + " steps, got one of " + steps);
                }
            }
            torch.mse_loss(inference.x(), scans.images()).backward();
            adam.step();
        }
    }
}
