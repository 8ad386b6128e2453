package dev.stillpoint.zoo.tomography;

import dev.stillpoint.Inference;
import dev.stillpoint.adjoint.Adjoint;
import dev.stillpoint.adjoint.JacobianFree;
import dev.stillpoint.kernel.ParallelBeam;
import dev.stillpoint.solver.StoppingRule;
import dev.stillpoint.tensor.TensorScope;
import dev.stillpoint.train.Adam;
import java.util.ArrayList;
import java.util.List;
import java.util.random.RandomGenerator;
import java.util.random.RandomGeneratorFactory;
import org.bytedeco.pytorch.global.torch;

/**
 * Training steps of a small constrained network on ellipses, whose solve takes exactly as many applications of T as asked: what depth
 * costs.
 */
public final class ScanStep {
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
                model.network(StoppingRule.tolerance(1), new JacobianFree()).parameters(), Adam.Options.of(1e-3));
        List<float[]> images = new ArrayList<>();
        for (int i = 0; i < batch; i++) {
            images.add(Ellipse.draw(Ellipse.random(random), pixels));
        }
        this.scans = Scans.of(scanner, images, NOISE, 2);
    }

    /**
     * One training step: forward from the back-projection, backward, and a step of Adam.
     *
     * @param adjoint of that depth, where its work depends on it
     * @param exactly a rule that allows so many steps and no fewer
     * @throws IllegalStateException if a solve took another number
     */
    public void run(Adjoint adjoint, StoppingRule exactly) {
        try (TensorScope scope = TensorScope.open()) {
            adam.zeroGrad();
            Inference<ScanContext> inference = model.network(exactly, adjoint).forward(scans.data());
            for (int steps : inference.solution().stats().steps()) {
                if (steps != exactly.maxSteps()) {
                    throw new IllegalStateException(
                            "ScanStep: need a solve of " + exactly.maxSteps() + " steps, got one of " + steps);
                }
            }
            torch.mse_loss(inference.x(), scans.images()).backward();
            adam.step();
        }
    }
}
