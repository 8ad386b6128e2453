package dev.stillpoint.zoo.images;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.stillpoint.adjoint.JacobianFree;
import dev.stillpoint.data.DataFolder;
import dev.stillpoint.data.SafeTensors;
import dev.stillpoint.network.Mode;
import dev.stillpoint.solver.FixedPointSolver;
import dev.stillpoint.solver.StoppingRule;
import dev.stillpoint.tensor.TensorScope;
import java.nio.file.Path;
import java.util.Optional;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The authors' trained MNIST network on the real test digits, against what was measured of it with PyTorch. */
class PublishedWeightsTest {
    /** Digits on the border between two classes: the solve's tolerance and the batch's size move some. */
    private static final double FEW_DIGITS = 5e-4;

    /** Of the first thousand digits, which are the easier ones. */
    private static final double FIRST_THOUSAND = 0.99;

    private static ImageSet test() {
        String data = System.getenv(DataFolder.VARIABLE);
        assumeTrue(
                data != null,
                "skipped: set " + DataFolder.VARIABLE + " to the data folder to evaluate published weights");
        return new MnistApplication().parts(DataFolder.of(Optional.empty())).test();
    }

    private static ImageModel model(double gamma) {
        MnistNetwork network = new MnistNetwork(gamma, 1, LatentNorm.BATCH, Digits.random(0));
        Path file = DataFolder.ofUser().path().resolve("weights").resolve("MNIST_FPN_weights_99.36.safetensors");
        try (TensorScope scope = TensorScope.open()) {
            SafeTensors.read(file).copyInto("", network.state());
        }
        return new ImageModel(
                network, FixedPointSolver.of(StoppingRule.tolerance(1e-3).withMaxSteps(200)), new JacobianFree());
    }

    @Test
    void classifyTheFirstDigits() {
        // First: without data the test is skipped, and there are no weights either.
        ImageSet digits = test().range(0, 1_000);
        Scores scores = Scores.of(model(0.9), digits, Mode.EVAL);
        assertThat(scores.accuracy()).isGreaterThanOrEqualTo(FIRST_THOUSAND);
        assertThat(scores.converged()).isEqualTo(1);
        // Saboteur: R without its contraction factor's due is another network.
        assertThat(Scores.of(model(0.1), digits, Mode.EVAL).accuracy()).isLessThan(FIRST_THOUSAND);
    }

    @Tag("slow")
    @ParameterizedTest
    @CsvSource({"0.9, EVAL, 0.9935", "0.9, TRAIN, 0.9925", "0.5, EVAL, 0.9846", "0.5, TRAIN, 0.9896"})
    void scoreOnAllDigitsWhatPyTorchGave(double gamma, Mode mode, double expected) {
        ImageSet digits = test();
        double accuracy = Scores.of(model(gamma), digits, mode).accuracy();
        // Dropout and the batches' statistics move a tenth of a percent in training mode.
        double tolerance = mode == Mode.TRAIN ? 4 * FEW_DIGITS : FEW_DIGITS;
        assertThat(accuracy).isBetween(expected - tolerance, expected + tolerance);
    }
}
