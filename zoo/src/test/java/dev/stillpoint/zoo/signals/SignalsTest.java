package dev.stillpoint.zoo.signals;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.stillpoint.ImplicitNetwork;
import dev.stillpoint.Inference;
import dev.stillpoint.adjoint.JacobianFree;
import dev.stillpoint.certificate.Certificate;
import dev.stillpoint.certificate.Label;
import dev.stillpoint.solver.Status;
import dev.stillpoint.solver.StoppingRule;
import dev.stillpoint.tensor.ParameterVisitor;
import dev.stillpoint.tensor.TensorScope;
import dev.stillpoint.tensor.Tensors;
import dev.stillpoint.zoo.Decision;
import dev.stillpoint.zoo.Evaluation.Illustration;
import java.util.List;
import java.util.Objects;
import java.util.random.RandomGenerator;
import java.util.random.RandomGeneratorFactory;
import org.bytedeco.pytorch.NoGradGuard;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;
import org.bytedeco.pytorch.global.torch.ScalarType;
import org.junit.jupiter.api.Test;

class SignalsTest {
    private static final SignalData DATA = SignalData.generate(40, 5);
    /** Sums of 250 products in float32, beside numbers of size one. */
    private static final double SINGLE = 1e-5;

    @Test
    void dataIsWhatItIsSaidToBe() {
        for (int j = 0; j < SignalData.LENGTH; j++) {
            double sum = 0;
            for (double[] row : DATA.measurement()) {
                sum += row[j] * row[j];
            }
            assertThat(sum).isCloseTo(1, within(1e-12));
        }
        // 50 numbers, one in ten not 0, times standard normal ones: a variance of five.
        SignalData many = SignalData.generate(500, 1);
        double squares = 0;
        for (float[] x : many.signals()) {
            for (float v : x) {
                squares += v * v;
            }
        }
        assertThat(squares / 500 / SignalData.LENGTH).isBetween(4.5, 5.5);
        SignalPredictor predictor = predictor(network(exact()));
        for (int i = 0; i < 5; i++) {
            assertThat(predictor.fidelity(DATA.signals()[i], DATA.measured()[i]))
                    .isLessThan(SINGLE);
        }
        assertThat(SignalData.generate(40, 5).measured()).isDeepEqualTo(DATA.measured());
        assertThat(DATA.rows(3, 5).measured()[1]).isEqualTo(DATA.measured()[4]);
    }

    /** A dictionary whose last rows see none of the signals: min ‖Kx‖₁ with Ax = d finds them. */
    @Test
    void theRightDictionaryRecoversTheSignals() {
        ImplicitNetwork<Tensor, SignalContext> network = network(new StoppingRule(0, 1e-6, 5_000, 10));
        blindToSignals(network);
        try (TensorScope scope = TensorScope.open()) {
            Inference<SignalContext> inference =
                    network.infer(Tensors.of(DATA.rows(0, 5).measured()));
            Tensor truth = Tensors.of(DATA.rows(0, 5).signals());
            double error = torch.mse_loss(inference.x(), truth).item_double();
            assertThat(error / truth.mul(truth).mean().item_double()).isLessThan(1e-4);
        }
    }

    @Test
    void certificatesTellTheFourSignals() {
        ImplicitNetwork<Tensor, SignalContext> network = network(exact());
        blindToSignals(network);
        SignalPredictor predictor = SignalPredictor.calibrated(
                DATA.measurement(), network, DATA.rows(10, 40).measured());
        Decision decision = predictor.infer(DATA.rows(0, 1).measured()).get(0);
        assertThat(decision.status()).isEqualTo(Status.CONVERGED);
        assertThat(decision.decision().split(" ")).hasSize(SignalData.LENGTH);
        FourSignals.of(DATA, 0, decision.relaxed()).forEach((name, signal) -> {
            List<Certificate> labels = predictor
                    .judge(new float[][] {signal}, new float[][] {DATA.measured()[0]})
                    .get(0);
            switch (name) {
                case "least squares" -> {
                    assertThat(labels.get(0).label()).isEqualTo(Label.FAIL);
                    assertThat(labels.get(1).label()).isEqualTo(Label.PASS);
                }
                case "wrong sparse signal" -> assertThat(labels.get(1).label()).isEqualTo(Label.FAIL);
                default -> assertThat(labels.get(1).label()).isEqualTo(Label.PASS);
            }
        });
        List<Illustration> drawn = FourSignals.drawn(DATA, 0, decision.relaxed(), predictor);
        assertThat(drawn)
                .hasSize(4)
                .allSatisfy(d -> assertThat(d.svg()).startsWith("<svg").endsWith("</svg>"));
        assertThat(drawn.get(2).caption()).contains("sparsity").contains("not to be trusted");
    }

    /** One signal in two hundred is zero, and so are its measurements. */
    @Test
    void nothingIsFaithfulToNothing() {
        SignalPredictor predictor = predictor(network(exact()));
        assertThat(predictor.fidelity(new float[SignalData.LENGTH], new float[SignalData.MEASUREMENTS]))
                .isZero();
        assertThat(predictor.fidelity(DATA.signals()[0], new float[SignalData.MEASUREMENTS]))
                .isInfinite();
    }

    @Test
    void leastSquaresIsTheLeastSolution() {
        float[][] x =
                FourSignals.leastSquares(DATA.measurement(), DATA.rows(0, 2).measured());
        SignalPredictor predictor = predictor(network(exact()));
        for (int i = 0; i < 2; i++) {
            assertThat(predictor.fidelity(x[i], DATA.measured()[i])).isLessThan(SINGLE);
            assertThat(norm(x[i])).isLessThan(norm(DATA.signals()[i]));
        }
    }

    @Test
    void aStepOfTrainingLowersTheLoss() {
        ImplicitNetwork<Tensor, SignalContext> network = network(new StoppingRule(0, 1e-4, 200, 10));
        SignalTask task = new SignalTask(network, DATA.rows(0, 20), DATA.rows(20, 40));
        int[] rows = {3, 1, 4, 0};
        try (TensorScope scope = TensorScope.open()) {
            Tensor weight = Objects.requireNonNull(network.parameters().get("encoder.dictionary"));
            Tensor loss = task.loss(rows).value();
            loss.backward();
            Tensor gradient = weight.grad().clone();
            double size = gradient.norm().item_double();
            assertThat(size).isPositive();
            try (NoGradGuard offTape = new NoGradGuard()) {
                weight.sub_(gradient, new org.bytedeco.pytorch.Scalar(3 / size));
            }
            assertThat(task.loss(rows).value().item_double()).isLessThan(loss.item_double());
        }
        assertThat(task.validate()).containsKeys("validationLoss", "validationConverged");
        assertThat(task.trainingRows()).isEqualTo(20);
        StringBuilder names = new StringBuilder();
        task.visitState(new ParameterVisitor() {
            @Override
            public void parameter(String name, Tensor value) {}

            @Override
            public void buffer(String name, Tensor value) {
                names.append(name).append(' ');
            }

            @Override
            public void part(String name, dev.stillpoint.tensor.Learnable inner) {}
        });
        assertThat(names).hasToString("trainingStates validationStates ");
    }

    /** K = I − P for the projection P on the span of the signals, taken from many of them. */
    private static void blindToSignals(ImplicitNetwork<Tensor, SignalContext> network) {
        try (TensorScope scope = TensorScope.open();
                NoGradGuard offTape = new NoGradGuard()) {
            Tensor x = Tensors.of(SignalData.generate(400, 5).signals()).to(ScalarType.Double);
            Tensor v = torch.linalg_svd(x).get2().narrow(0, 0, SignalData.ATOMS);
            Tensor eye = torch.eye(SignalData.LENGTH).to(ScalarType.Double);
            Objects.requireNonNull(network.parameters().get("encoder.dictionary"))
                    .copy_(eye.sub(v.t().matmul(v)));
        }
    }

    private static StoppingRule exact() {
        return SignalNetwork.inferenceStop();
    }

    private static ImplicitNetwork<Tensor, SignalContext> network(StoppingRule stop) {
        RandomGenerator random = RandomGeneratorFactory.of("L64X128MixRandom").create(0);
        return SignalNetwork.create(DATA.measurement(), stop, encoder -> new JacobianFree(), random);
    }

    private static SignalPredictor predictor(ImplicitNetwork<Tensor, SignalContext> network) {
        return new SignalPredictor(
                DATA.measurement(),
                network,
                new dev.stillpoint.certificate.Certificates(List.of(
                        new dev.stillpoint.certificate.HardLimit("sparsity", 1e6),
                        new dev.stillpoint.certificate.HardLimit("fidelity", 0.01))));
    }

    private static double norm(float[] x) {
        double sum = 0;
        for (float v : x) {
            sum += (double) v * v;
        }
        return Math.sqrt(sum);
    }
}
