package dev.stillpoint.zoo.signals;

import dev.stillpoint.Encoder;
import dev.stillpoint.ImplicitNetwork;
import dev.stillpoint.operator.AdmmLayout;
import dev.stillpoint.operator.AdmmSteps;
import dev.stillpoint.operator.ContextMatrix;
import dev.stillpoint.operator.LinearizedAdmm;
import dev.stillpoint.operator.Matrix;
import dev.stillpoint.set.Ball;
import dev.stillpoint.set.Box;
import dev.stillpoint.set.L1Norm;
import dev.stillpoint.solver.FixedPointSolver;
import dev.stillpoint.solver.StoppingRule;
import dev.stillpoint.tensor.ParameterVisitor;
import dev.stillpoint.tensor.SpectralBound;
import dev.stillpoint.tensor.TensorScope;
import dev.stillpoint.tensor.Tensors;
import dev.stillpoint.zoo.Adjoints;
import java.util.Arrays;
import java.util.random.RandomGenerator;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch.ScalarType;

/**
 * x(d) = argmin ‖Kx‖₁ subject to Ax = d by linearised ADMM, with a learned K of {@value SignalData#LENGTH} rows and columns, kept
 * at ‖K‖ ≤ 1 by the bound on its norm. A and d are divided by ‖A‖, so that no step depends on the data's unit.
 *
 * <p>Reference: Heaton and Wu Fung 2023, section 3.3, arXiv 2204.14174.
 */
final class SignalNetwork {
    private static final int N = SignalData.LENGTH;
    private static final AdmmLayout LAYOUT = new AdmmLayout(N, SignalData.MEASUREMENTS, N);

    /**
     * Of the duals, with the threshold 1/α of the primal one. The steps are the same up to the unit of x: signals have
     * numbers of size two, and Kx of a tenth of that.
     */
    private static final double ALPHA = 1;

    /** How near β is to its bound. */
    private static final double SHARE = 0.99;

    private final Tensor weight;
    private final double norm;
    private final ImplicitNetwork<Tensor, SignalContext> network;

    private SignalNetwork(double[][] a, StoppingRule stop, Adjoints.Choice adjoint, RandomGenerator random) {
        Matrix<SignalContext> raw = Matrix.of(a);
        this.norm = raw.norm().orElseThrow();
        double[][] scaled = new double[a.length][];
        Arrays.setAll(scaled, i -> Arrays.stream(a[i]).map(v -> v / norm).toArray());
        double[] values = new double[N * N];
        Arrays.setAll(values, i -> random.nextGaussian());
        try (TensorScope scope = TensorScope.open()) {
            this.weight = TensorScope.persist(
                    Tensors.of(values, N, N).to(ScalarType.Float).clone().requires_grad_(true));
        }
        LinearizedAdmm<SignalContext> operator = new LinearizedAdmm<>(
                new ContextMatrix<>(SignalContext::dictionary, 1),
                L1Norm.of(1),
                Matrix.of(scaled),
                Ball.of(SignalContext::data, 0),
                Box.of(Double.NEGATIVE_INFINITY, Double.POSITIVE_INFINITY),
                LAYOUT,
                AdmmSteps.Fixed.of(ALPHA, SHARE, 2));
        Encoder<Tensor, SignalContext> encoder = new Encoder<>() {
            @Override
            public SignalContext encode(Tensor d) {
                return new SignalContext(d.div(new Scalar(norm)), weight.div(SpectralBound.matrix(weight)));
            }

            @Override
            public void visit(ParameterVisitor visitor) {
                visitor.parameter("dictionary", weight);
            }
        };
        this.network = new ImplicitNetwork<>(
                encoder,
                operator,
                c -> LAYOUT.zeros(ScalarType.Float, c.size()),
                FixedPointSolver.of(stop),
                adjoint.of(encoder));
    }

    /** An untrained network. */
    static ImplicitNetwork<Tensor, SignalContext> create(
            double[][] a, StoppingRule stop, Adjoints.Choice adjoint, RandomGenerator random) {
        return new SignalNetwork(a, stop, adjoint, random).network;
    }

    /** Numbers of a state. */
    static long stateSize() {
        return LAYOUT.size();
    }

    /** ‖Kx‖₁ with K as the encoder has it, [batch, n] to [batch]. */
    static Tensor sparsity(Tensor x, SignalContext c) {
        return x.matmul(c.dictionary().t()).abs().sum(1);
    }

    /** When a signal is solved for a decision: to 1e-4 of the whole state, duals included. */
    static StoppingRule inferenceStop() {
        return new StoppingRule(0, 1e-4, 20_000, 10);
    }
}
