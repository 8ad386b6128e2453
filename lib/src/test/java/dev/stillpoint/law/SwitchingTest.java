package dev.stillpoint.law;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.stillpoint.Inference;
import dev.stillpoint.adjoint.Adjoint;
import dev.stillpoint.adjoint.AdjointStats;
import dev.stillpoint.adjoint.AdjointStats.Gradient;
import dev.stillpoint.adjoint.AdjointStats.Verdict;
import dev.stillpoint.adjoint.Attached;
import dev.stillpoint.adjoint.Implicit;
import dev.stillpoint.adjoint.JacobianFree;
import dev.stillpoint.adjoint.Switching;
import dev.stillpoint.operator.Operator;
import dev.stillpoint.solver.FixedPointLinear;
import dev.stillpoint.solver.FixedPointSolver;
import dev.stillpoint.solver.Gmres;
import dev.stillpoint.solver.LinearSolver;
import dev.stillpoint.solver.Solution;
import dev.stillpoint.solver.SolveStats;
import dev.stillpoint.solver.Status;
import dev.stillpoint.solver.StoppingRule;
import dev.stillpoint.tensor.Autograd;
import dev.stillpoint.tensor.Learnable;
import dev.stillpoint.tensor.ParameterVisitor;
import dev.stillpoint.tensor.Rows;
import dev.stillpoint.tensor.TensorScope;
import dev.stillpoint.tensor.Tensors;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.bytedeco.pytorch.NoGradGuard;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;
import org.junit.jupiter.api.Test;

/** When the switch looks, what it sees and what it then passes on. */
class SwitchingTest {
    /** Two gradients at the same z*, of relative error 1e-12. */
    private static final double SAME_COSINE = 1e-9;

    /** κ(DᵀD) = 25 where the theorem allows 1/0.9. */
    private static final double BAD = 5;

    private static final double GOOD = 1;

    private static final double THRESHOLD = 0.1;
    private static final int EVERY = 3;

    private static final Gmres EXACT = new Gmres(new StoppingRule(0, 1e-12, 1_000, 1), 30);
    /** One forward and backward pass: Θ's gradient and what the adjoint says. */
    private record Pass(double[] gradient, AdjointStats stats) {}

    private static Pass pass(Uphill problem) {
        try (TensorScope scope = TensorScope.open()) {
            Inference<Rows> inference = problem.forward();
            Tensor gradient = Autograd.vjp(problem.loss(inference), problem.theta(), Tensors.scalar(1));
            return new Pass(Tensors.doubles(gradient), inference.afterBackward().get());
        }
    }

    private static double cosine(double[] a, double[] b) {
        double dot = 0;
        for (int i = 0; i < a.length; i++) {
            dot += a[i] * b[i];
        }
        return dot / Distances.norm(a) / Distances.norm(b);
    }

    @Test
    void probesOnTimeAndFollowsTheCosine() {
        Uphill problem = new Uphill(GOOD, 4, encoder -> new Switching(encoder, EXACT, EVERY, THRESHOLD));
        Uphill free = new Uphill(GOOD, 4, encoder -> new JacobianFree());
        Uphill implicit = new Uphill(GOOD, 4, encoder -> new Implicit(EXACT));
        Switching switching = (Switching) problem.network.adjoint();
        assertThat(switching.cosine()).isNaN();
        double[] spreads = {GOOD, BAD, BAD, BAD, GOOD, GOOD, GOOD, GOOD};
        String expected = "pJ J J pI I I pJ J";
        List<String> seen = new ArrayList<>();
        for (double spread : spreads) {
            problem.spread = spread;
            free.spread = spread;
            implicit.spread = spread;
            Pass pass = pass(problem);
            boolean used = pass.stats.gradient() == Gradient.IMPLICIT;
            boolean probed = !Double.isNaN(pass.stats.cosine());
            seen.add((probed ? "p" : "") + (used ? "I" : "J"));
            assertThat(pass.gradient).containsExactly(pass(used ? implicit : free).gradient);
            assertThat(switching.choice()).isEqualTo(pass.stats.gradient());
            if (probed) {
                double independent = cosine(pass(free).gradient, pass(implicit).gradient);
                assertThat(independent < THRESHOLD).isEqualTo(used);
                assertThat(pass.stats.cosine()).isEqualTo(independent, within(SAME_COSINE));
                assertThat(switching.cosine()).isEqualTo(pass.stats.cosine());
            }
            assertThat(pass.stats.verdict()).isEqualTo(probed || used ? Verdict.SOLVED : Verdict.NOT_SOLVED_FOR);
            assertThat(pass.stats.products() > 0).isEqualTo(probed || used);
        }
        assertThat(String.join(" ", seen)).isEqualTo(expected);
    }

    @Test
    void aProbeWaitsForABackwardPass() {
        Uphill problem = new Uphill(BAD, 4, encoder -> new Switching(encoder, EXACT, 2, THRESHOLD));
        for (int i = 0; i < 3; i++) {
            try (TensorScope scope = TensorScope.open()) {
                problem.forward();
            }
        }
        assertThat(pass(problem).stats.cosine()).as("still due").isLessThan(THRESHOLD);
        assertThat(pass(problem).stats.cosine()).as("not due").isNaN();
        assertThat(pass(problem).stats.cosine()).as("due again").isLessThan(THRESHOLD);
    }

    @Test
    void theStateGoesOnInAnother() {
        Uphill problem = new Uphill(BAD, 4, encoder -> new Switching(encoder, EXACT, EVERY, THRESHOLD));
        pass(problem);
        pass(problem);
        Uphill other = new Uphill(BAD, 4, encoder -> new Switching(encoder, EXACT, EVERY, THRESHOLD));
        var state = problem.network.adjoint().state();
        assertThat(state).hasSize(3);
        assertThat(problem.network.state().keySet()).as("what is shipped").containsExactly("encoder.theta");
        try (NoGradGuard offTape = new NoGradGuard()) {
            other.network.adjoint().state().forEach((name, t) -> t.copy_(state.get(name)));
        }
        for (int i = 0; i < 4; i++) {
            Pass a = pass(problem);
            Pass b = pass(other);
            assertThat(b.gradient).containsExactly(a.gradient);
            assertThat(b.stats.gradient()).isEqualTo(a.stats.gradient());
            assertThat(b.stats.cosine()).isEqualTo(Double.valueOf(a.stats.cosine()));
        }
    }

    /** A solver whose v is no use to the first {@code lost} samples. */
    private static LinearSolver losing(int lost, Status how) {
        return (m, g) -> {
            Solution v = EXACT.solve(m, g);
            Status[] status = v.status().clone();
            double[] residual = v.stats().residual().clone();
            for (int i = 0; i < lost; i++) {
                status[i] = how;
                residual[i] = Double.NaN;
                v.z().select(0, i).fill_(new Scalar(Double.NaN));
            }
            SolveStats s = v.stats();
            return new Solution(
                    v.z(), status, new SolveStats(s.steps(), residual, s.threshold(), s.safeguarded(), s.batchSteps()));
        };
    }

    @Test
    void anUnusableSolutionIsNeverPassedOn() {
        for (Status how : new Status[] {Status.NON_FINITE, Status.DIVERGED}) {
            Pass free = pass(new Uphill(BAD, 4, encoder -> new JacobianFree()));
            Uphill all = new Uphill(BAD, 4, encoder -> new Switching(encoder, losing(8, how), EVERY, THRESHOLD));
            Pass nothing = pass(all);
            assertThat(nothing.gradient).containsExactly(free.gradient);
            assertThat(nothing.stats.verdict()).isEqualTo(Verdict.INEXACT);
            assertThat(nothing.stats.inexact()).isEqualTo(8);
            assertThat(nothing.stats.gradient()).isEqualTo(Gradient.JACOBIAN_FREE);
            assertThat(nothing.stats.cosine()).isNaN();

            Uphill one = new Uphill(BAD, 4, encoder -> new Switching(encoder, losing(1, how), EVERY, THRESHOLD));
            for (int i = 0; i < 2; i++) {
                Pass most = pass(one);
                assertThat(Arrays.stream(most.gradient)).allMatch(Double::isFinite);
                assertThat(most.stats.inexact()).isEqualTo(1);
                assertThat(most.stats.gradient()).isEqualTo(Gradient.IMPLICIT);
                assertThat(most.stats.message()).contains("in 1 of 8 samples (" + how + ")");
            }
        }
    }

    @Test
    void anInexactSolutionIsUsedAndSaysSo() {
        LinearSolver coarse = new FixedPointLinear(new StoppingRule(0, 1e-6, 5, 1));
        Uphill problem = new Uphill(BAD, 4, encoder -> new Switching(encoder, coarse, EVERY, 1));
        Pass pass = pass(problem);
        assertThat(pass.stats.gradient()).isEqualTo(Gradient.IMPLICIT);
        assertThat(pass.stats.verdict()).isEqualTo(Verdict.INEXACT);
        assertThat(pass.gradient).isNotEqualTo(pass(new Uphill(BAD, 4, encoder -> new JacobianFree())).gradient);
    }

    /** T with weights of its own, one of which nothing depends on, and one that the encoder shares. */
    @Test
    void countsTheParametersOfOperatorAndEncoderOnce() {
        try (TensorScope scope = TensorScope.open()) {
            Tensor a = leaf(5, 0.1);
            Tensor b = leaf(6, 1);
            Tensor unused = leaf(7, 1);
            Operator<Rows> t = new Operator<>() {
                @Override
                public Tensor apply(Tensor z, Rows c) {
                    return z.matmul(a).add(c.values().matmul(b)).tanh();
                }

                @Override
                public void visit(ParameterVisitor visitor) {
                    visitor.parameter("a", a);
                    visitor.parameter("b", b);
                    visitor.parameter("unused", unused);
                }
            };
            Learnable encoder = new Learnable() {
                @Override
                public void visit(ParameterVisitor visitor) {
                    visitor.parameter("b", b);
                }
            };
            List<double[]> gradients = new ArrayList<>();
            double measured = Double.NaN;
            for (Adjoint adjoint :
                    new Adjoint[] {new Switching(encoder, EXACT, 1, -1), new JacobianFree(), new Implicit(EXACT)}) {
                Tensor d = Tensors.of(Cases.normal(Cases.random(8), 8, 1), 2, 4);
                Rows c = new Rows(d.matmul(b));
                Attached attached =
                        adjoint.solve(FixedPointSolver.of(StoppingRule.tolerance(1e-13)), t, torch.zeros_like(d), c);
                Tensor loss = attached.z().pow(new Scalar(3)).sum();
                List<Tensor> found = Autograd.vjp(loss, List.of(a, b, unused), torch.ones_like(loss));
                assertThat(Distances.norm(Tensors.doubles(found.get(2)))).isZero();
                double[] flat = new double[32];
                System.arraycopy(Tensors.doubles(found.get(0)), 0, flat, 0, 16);
                System.arraycopy(Tensors.doubles(found.get(1)), 0, flat, 16, 16);
                gradients.add(flat);
                if (adjoint instanceof Switching) {
                    measured = attached.afterBackward().get().cosine();
                }
            }
            assertThat(gradients.get(0)).containsExactly(gradients.get(1));
            double expected = cosine(gradients.get(1), gradients.get(2));
            assertThat(expected).isLessThan(1 - 1e3 * SAME_COSINE);
            assertThat(measured).isEqualTo(expected, within(SAME_COSINE));
        }
    }

    private static Tensor leaf(long seed, double scale) {
        return Tensors.of(Cases.normal(Cases.random(seed), 16, scale), 4, 4).requires_grad_(true);
    }

    @Test
    void wrongNumbersAreRefused() {
        Learnable none = new Learnable() {};
        assertThatThrownBy(() -> new Switching(none, EXACT, 0, 0)).hasMessage("Switching: need probeEvery >= 1, got 0");
        assertThatThrownBy(() -> new Switching(none, EXACT, 1, Double.NaN))
                .hasMessage("Switching: need a cosine in [-1, 1] as threshold, got NaN");
        assertThatThrownBy(() -> new Switching(none, EXACT, 1, 1.1)).isInstanceOf(IllegalArgumentException.class);
        assertThat(new Switching(none, EXACT, 7, 0.5))
                .hasToString("Switching[linear=" + EXACT + ", probeEvery=7, threshold=0.5]");
    }
}
