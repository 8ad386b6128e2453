package dev.stillpoint.zoo.paths;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.stillpoint.adjoint.JacobianFree;
import dev.stillpoint.tensor.Engine;
import dev.stillpoint.tensor.TensorScope;
import java.util.ArrayList;
import java.util.List;
import java.util.random.RandomGeneratorFactory;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Faults that were found once, and stay away. */
class FoundFaultsTest {
    private static PathTask task() {
        Engine.threads(1);
        PathData d = new PathGenerator(3, 12, 2, 2, 0.25, 9).generate();
        return new PathTask(
                PathNetwork.create(
                        new Grid(3),
                        2,
                        8,
                        0.5,
                        0.5,
                        1,
                        encoder -> new JacobianFree(),
                        RandomGeneratorFactory.of("L64X128MixRandom").create(4)),
                d,
                d);
    }

    private static double validateWith(PathTask task, double scale) {
        try (TensorScope scope = TensorScope.open()) {
            List<Tensor> ws = new ArrayList<>(task.model().parameters().values());
            List<Tensor> kept = new ArrayList<>();
            for (Tensor w : ws) {
                kept.add(w.detach().clone());
            }
            ws.get(2).detach().mul_(new Scalar(scale));
            ws.get(3).detach().mul_(new Scalar(scale));
            double loss = task.validate().getOrDefault("validationLoss", 0.0);
            for (int i = 0; i < ws.size(); i++) {
                ws.get(i).detach().copy_(kept.get(i));
            }
            return loss;
        }
    }

    /** Extreme weights for one epoch must not spoil the validation of all later ones. */
    @ParameterizedTest
    @ValueSource(doubles = {1e3, 1e4, 1e6, 1e8, 1e12, 1e20, 1e38})
    void validationRecovers(double scale) {
        PathTask task = task();
        double before = task.validate().getOrDefault("validationLoss", Double.NaN);
        validateWith(task, scale);
        assertThat(task.validate().getOrDefault("validationLoss", Double.NaN)).isEqualTo(before, within(1e-3));
    }

    /** The same for the warm starts of training. */
    @ParameterizedTest
    @ValueSource(doubles = {1e4, 1e8, 1e20})
    void trainingRecovers(double scale) {
        PathTask task = task();
        int[] rows = {0, 1, 2, 3};
        try (TensorScope scope = TensorScope.open()) {
            double before = task.loss(rows).value().item_double();
            List<Tensor> ws = new ArrayList<>(task.model().parameters().values());
            Tensor kept = ws.get(2).detach().clone();
            ws.get(2).detach().mul_(new Scalar(scale));
            task.loss(rows);
            ws.get(2).detach().copy_(kept);
            assertThat(task.loss(rows).value().item_double()).isEqualTo(before, within(1e-3));
        }
    }

    /** A diverged solve has no loss: it must not be reported as an ordinary one. */
    @Test
    void aBrokenModelHasNoFiniteLoss() {
        for (double scale : new double[] {1e12, 1e20, 1e38}) {
            PathTask task = task();
            task.validate();
            assertThat(validateWith(task, scale)).as("scale " + scale).isNaN();
        }
    }
}
