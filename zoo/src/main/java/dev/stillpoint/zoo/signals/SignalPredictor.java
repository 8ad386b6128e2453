package dev.stillpoint.zoo.signals;

import dev.stillpoint.ImplicitNetwork;
import dev.stillpoint.Inference;
import dev.stillpoint.certificate.Certificate;
import dev.stillpoint.certificate.Certificates;
import dev.stillpoint.certificate.HardLimit;
import dev.stillpoint.certificate.Quantile;
import dev.stillpoint.data.CsvTable;
import dev.stillpoint.solver.FixedPointSolver;
import dev.stillpoint.tensor.TensorScope;
import dev.stillpoint.tensor.Tensors;
import dev.stillpoint.zoo.Decision;
import dev.stillpoint.zoo.Predictor;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.Consumer;
import org.bytedeco.pytorch.NoGradGuard;
import org.bytedeco.pytorch.Tensor;

/**
 * Recovers signals, and certifies any signal for given measurements: sparsity ‖Kx‖₁ as it is among recovered signals, fidelity
 * ‖Ax − d‖/‖d‖ up to a hundredth.
 */
final class SignalPredictor implements Predictor {
    /** Largest ‖Ax − d‖/‖d‖ that counts as a solution of Ax = d. */
    static final double FAITHFUL = 0.01;

    /** The names of the checks, in the order of their values. */
    static final List<String> CHECKS = List.of("sparsity", "fidelity");

    private static final int CHUNK_ROWS = 1_024;

    private final double[][] measurement;
    private final ImplicitNetwork<Tensor, SignalContext> network;
    private final Certificates certificates;

    SignalPredictor(double[][] measurement, ImplicitNetwork<Tensor, SignalContext> network, Certificates certificates) {
        this.measurement = measurement;
        this.network = network.withSolver(FixedPointSolver.of(SignalNetwork.inferenceStop()));
        this.certificates = certificates;
    }

    /** A predictor whose checks are calibrated on what it recovers from these measurements. */
    static SignalPredictor calibrated(
            double[][] measurement, ImplicitNetwork<Tensor, SignalContext> network, float[][] measured) {
        SignalPredictor any = new SignalPredictor(measurement, network, fidelityAlone());
        double[] sparsity = new double[measured.length];
        int[] next = {0};
        any.infer(measured, d -> sparsity[next[0]++] = d.objective());
        return new SignalPredictor(
                measurement,
                network,
                new Certificates(
                        List.of(Quantile.of(CHECKS.get(0), sparsity), new HardLimit(CHECKS.get(1), FAITHFUL))));
    }

    private static Certificates fidelityAlone() {
        return new Certificates(
                List.of(new HardLimit(CHECKS.get(0), Double.MAX_VALUE), new HardLimit(CHECKS.get(1), FAITHFUL)));
    }

    Certificates certificates() {
        return certificates;
    }

    @Override
    public List<String> inputs() {
        return CsvTable.numbered("d", SignalData.MEASUREMENTS);
    }

    @Override
    public void infer(float[][] measured, Consumer<Decision> taker) {
        for (int from = 0; from < measured.length; from += CHUNK_ROWS) {
            float[][] part = Arrays.copyOfRange(measured, from, Math.min(measured.length, from + CHUNK_ROWS));
            try (TensorScope scope = TensorScope.open();
                    NoGradGuard offTape = new NoGradGuard()) {
                Inference<SignalContext> inference = network.infer(Tensors.of(part));
                float[][] x = Tensors.rows(inference.x());
                double[] sparsity = Tensors.doubles(SignalNetwork.sparsity(inference.x(), inference.context()));
                for (int i = 0; i < part.length; i++) {
                    taker.accept(new Decision(
                            text(x[i]),
                            x[i],
                            x[i],
                            sparsity[i],
                            inference.solution().status()[i],
                            inference.solution().stats().steps()[i],
                            inference.solution().stats().residual()[i],
                            inference.violation()[i],
                            certificates.judge(sparsity[i], fidelity(x[i], part[i]))));
                }
            }
        }
    }

    /** The checks of any signals that are said to have been measured as {@code measured}, row by row. */
    List<List<Certificate>> judge(float[][] signals, float[][] measured) {
        try (TensorScope scope = TensorScope.open();
                NoGradGuard offTape = new NoGradGuard()) {
            SignalContext c = network.encoder().encode(Tensors.of(measured));
            double[] sparsity = Tensors.doubles(SignalNetwork.sparsity(Tensors.of(signals), c));
            List<List<Certificate>> labels = new ArrayList<>();
            for (int i = 0; i < signals.length; i++) {
                labels.add(certificates.judge(sparsity[i], fidelity(signals[i], measured[i])));
            }
            return labels;
        }
    }

    /** ‖Ax − d‖/‖d‖, and 0 for 0/0. */
    double fidelity(float[] signal, float[] measured) {
        double misfit = 0;
        double size = 0;
        for (int i = 0; i < measured.length; i++) {
            double r = -measured[i];
            for (int j = 0; j < signal.length; j++) {
                r += measurement[i][j] * signal[j];
            }
            misfit += r * r;
            size += (double) measured[i] * measured[i];
        }
        return misfit == 0 ? 0 : Math.sqrt(misfit / size);
    }

    /** The signal's numbers, a space between. */
    private static String text(float[] x) {
        List<String> numbers = new ArrayList<>(x.length);
        for (float v : x) {
            numbers.add(Float.toString(v));
        }
        return String.join(" ", numbers);
    }
}
