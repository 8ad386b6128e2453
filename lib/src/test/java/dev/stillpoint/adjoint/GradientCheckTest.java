package dev.stillpoint.adjoint;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.stillpoint.Encoder;
import dev.stillpoint.ImplicitNetwork;
import dev.stillpoint.Start;
import dev.stillpoint.adjoint.GradientReport.Parameter;
import dev.stillpoint.adjoint.GradientReport.Verdict;
import dev.stillpoint.law.Cases;
import dev.stillpoint.law.GridNetwork;
import dev.stillpoint.operator.Operator;
import dev.stillpoint.solver.FixedPointSolver;
import dev.stillpoint.solver.Gmres;
import dev.stillpoint.solver.LinearMap;
import dev.stillpoint.solver.LinearSolver;
import dev.stillpoint.solver.StoppingRule;
import dev.stillpoint.tensor.Autograd;
import dev.stillpoint.tensor.Learnable;
import dev.stillpoint.tensor.Rows;
import dev.stillpoint.tensor.TensorScope;
import dev.stillpoint.tensor.Tensors;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import java.util.function.Supplier;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;
import org.bytedeco.pytorch.global.torch.ScalarType;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class GradientCheckTest {
    /** 0.4-Lipschitz tanh layers: forty steps come to rounding. */
    private static final int MANY = 60;

    private static final StoppingRule TIGHT = StoppingRule.tolerance(1e-14).withMaxSteps(1_000);
    private static final int N = 4;

    /** z = tanh(zA + c) with c = dB + b, in float64, with a loss that is no quadratic. */
    private static Supplier<Tensor> loss(Weights w, Adjoint adjoint) {
        Operator<Rows> t = new Operator<>() {
            @Override
            public Tensor apply(Tensor z, Rows c) {
                return z.matmul(w.get("a")).add(c.values()).tanh();
            }
        };
        Encoder<Tensor, Rows> encoder = d -> new Rows(d.matmul(w.get("b")).add(w.get("bias")));
        ImplicitNetwork<Tensor, Rows> network =
                new ImplicitNetwork<>(encoder, t, Start.zerosLike(Rows::values), FixedPointSolver.of(TIGHT), adjoint);
        double[] inputs = Cases.normal(Cases.random(77), 3 * 5, 1);
        return () -> network.forward(Tensors.of(inputs, 3, 5)).x().exp().sum();
    }

    private static Weights weights() {
        Weights w = new Weights().with("a", 0.2, N, N).with("b", 0.5, 5, N);
        return w.with("bias", 0.3, N);
    }

    static Adjoint[] exact() {
        return new Adjoint[] {
            Implicit.fixedPoint(TIGHT),
            Implicit.gmres(TIGHT),
            Implicit.conjugateGradient(TIGHT),
            Implicit.dense(),
            new Unrolled(MANY),
            new Neumann(MANY)
        };
    }

    private static GradientReport check(Learnable model, Supplier<Tensor> loss) {
        return GradientCheck.standard().of(model, loss);
    }

    @ParameterizedTest
    @MethodSource("exact")
    void exactAdjointsPass(Adjoint adjoint) {
        try (TensorScope scope = TensorScope.open()) {
            Weights w = weights();
            GradientReport report = check(w, loss(w, adjoint)).orThrow();
            assertThat(report.verdict()).isEqualTo(Verdict.CORRECT);
            assertThat(report.parameters()).extracting(Parameter::name).containsExactly("a", "b", "bias");
            assertThat(report.parameters()).allSatisfy(p -> {
                assertThat(p.relativeError()).isLessThan(1e-6);
                assertThat(p.cosine()).isGreaterThan(1 - 1e-9);
            });
        }
    }

    @Test
    void jacobianFreeFailsAndStillPointsDownhill() {
        try (TensorScope scope = TensorScope.open()) {
            Weights w = weights();
            GradientReport report = check(w, loss(w, new JacobianFree()));
            assertThat(report.parameters()).extracting(Parameter::verdict).containsOnly(Verdict.WRONG);
            assertThat(report.parameter("a").cosine()).isBetween(0.1, 0.999);
            assertThat(report.toString()).contains("parameter", "bias", "WRONG").hasLineCount(4);
            assertThatThrownBy(report::orThrow)
                    .isInstanceOf(GradientException.class)
                    .hasMessageMatching("gradient of '(a|b|bias)' at .*: tape .*, differences .* \\(uncertain by .*\\);"
                            + " the taped gradient is not the loss's: .*");
            assertThatThrownBy(() -> report.parameter("c")).hasMessageContaining("need one of [a, b, bias], got 'c'");
        }
    }

    @Test
    void aDroppedTransposeIsCaught() {
        try (TensorScope scope = TensorScope.open()) {
            Weights w = weights();
            LinearSolver transposes = (m, g) -> new Gmres(TIGHT, 30).solve(LinearMap.of(m::transposed, m::apply), g);
            assertThat(check(w, loss(w, new Implicit(transposes))).verdict()).isEqualTo(Verdict.WRONG);
        }
    }

    /** One parameter of three is wrong, and it is the one that is named. */
    private static void assertOnlyBIsWrong(Function<Tensor, Tensor> sabotage, double taped) {
        try (TensorScope scope = TensorScope.open()) {
            Weights w = weights();
            Supplier<Tensor> loss = () -> {
                Tensor z =
                        Tensors.of(Cases.normal(Cases.random(5), 10, 1), 2, 5).matmul(sabotage.apply(w.get("b")));
                return z.matmul(w.get("a")).add(w.get("bias")).sin().sum();
            };
            GradientReport report = check(w, loss);
            assertThat(report.parameter("a").verdict()).isEqualTo(Verdict.CORRECT);
            assertThat(report.parameter("bias").verdict()).isEqualTo(Verdict.CORRECT);
            Parameter b = report.parameter("b");
            assertThat(b.verdict()).isEqualTo(Verdict.WRONG);
            assertThat(b.worst().taped() / b.worst().difference()).isBetween(taped - 1e-6, taped + 1e-6);
            assertThatThrownBy(report::orThrow)
                    .hasMessageStartingWith("gradient of 'b' at " + b.worst().where());
        }
    }

    @Test
    void aFactorOfTwoIsCaught() {
        assertOnlyBIsWrong(b -> Autograd.replaceGradient(b.clone(), g -> g.mul(new Scalar(2.0))), 2);
    }

    @Test
    void aFactorOfOnePerMilleIsCaught() {
        assertOnlyBIsWrong(b -> Autograd.replaceGradient(b.clone(), g -> g.mul(new Scalar(1.001))), 1.001);
    }

    @Test
    void aDetachedPathIsCaught() {
        assertOnlyBIsWrong(Tensor::detach, 0);
    }

    @Test
    void oneWrongCoordinateIsCaughtAndNamed() {
        try (TensorScope scope = TensorScope.open()) {
            Weights w = weights();
            Supplier<Tensor> loss = () -> Autograd.replaceGradient(w.get("b").clone(), g -> {
                        Tensor wrong = g.clone();
                        wrong.select(0, 3).select(0, 1).mul_(new Scalar(1.01));
                        return wrong;
                    })
                    .exp()
                    .sum();
            GradientReport report = check(w, loss);
            assertThat(report.parameter("b").verdict()).isEqualTo(Verdict.WRONG);
            assertThat(report.parameter("b").worst().where()).isEqualTo("[3, 1]");
            assertThat(report.parameter("a").verdict()).as("no dependence").isEqualTo(Verdict.CORRECT);
        }
    }

    @Test
    void aKinkIsNotCalledAWrongGradient() {
        try (TensorScope scope = TensorScope.open()) {
            // At the kink itself the central differences agree with each other, and with no one-sided one.
            double[] values = Cases.normal(Cases.random(3), 6, 1);
            values[4] = 0;
            Weights w = new Weights().with("smooth", 1, 3).with("kinked", Tensors.of(values, 6));
            Supplier<Tensor> loss =
                    () -> w.get("kinked").relu().sum().add(w.get("smooth").sin().sum());
            GradientReport report = check(w, loss);
            assertThat(report.parameter("smooth").verdict()).isEqualTo(Verdict.CORRECT);
            assertThat(report.parameter("kinked").verdict()).isEqualTo(Verdict.UNRELIABLE);
            assertThatThrownBy(report::orThrow)
                    .hasMessageContaining("'kinked' at ")
                    .hasMessageContaining("the differences disagree among themselves: not differentiable here");
            // Beside it, nearer than the first step: the smaller one does.
            w.get("kinked").detach().select(0, 4).fill_(new Scalar(1e-6));
            assertThat(check(w, loss).verdict()).isEqualTo(Verdict.CORRECT);
        }
    }

    @Test
    void aLossThatChangesFromCallToCallProvesNothing() {
        try (TensorScope scope = TensorScope.open()) {
            Weights w = weights();
            AtomicInteger calls = new AtomicInteger();
            Supplier<Tensor> loss =
                    () -> w.get("a").sin().sum().add(new Scalar(1e-3 * ((calls.incrementAndGet() * 7919) % 11)));
            assertThat(check(w, loss).parameter("a").verdict()).isEqualTo(Verdict.UNRELIABLE);
        }
    }

    @Test
    void nanProvesNothing() {
        try (TensorScope scope = TensorScope.open()) {
            Weights w = weights();
            GradientReport report = check(w, () -> w.get("a").sum().log().mul(new Scalar(Double.NaN)));
            assertThat(report.parameter("a").verdict()).isEqualTo(Verdict.UNRELIABLE);
        }
    }

    /** Sizes far from one have steps of their own. */
    @Test
    void stepsFollowTheParametersSize() {
        try (TensorScope scope = TensorScope.open()) {
            Weights w = new Weights().with("large", 1e6, 5).with("small", 1e-9, 5);
            Supplier<Tensor> loss = () -> w.get("large")
                    .mul(new Scalar(1e-6))
                    .sin()
                    .sum()
                    .add(w.get("small").add(new Scalar(1.0)).log().sum());
            GradientReport report = check(w, loss);
            assertThat(report.parameter("small").verdict()).isEqualTo(Verdict.CORRECT);
            assertThat(report.parameter("large").verdict()).isEqualTo(Verdict.CORRECT);
        }
    }

    @Test
    void parametersAndTheirGradientsAreAsBefore() {
        try (TensorScope scope = TensorScope.open()) {
            Weights w = weights();
            double[] before = Tensors.doubles(w.get("b"));
            check(w, loss(w, new JacobianFree()));
            assertThat(Tensors.doubles(w.get("b"))).containsExactly(before);
            assertThat(w.get("b").grad().defined()).isFalse();
            AtomicInteger calls = new AtomicInteger();
            for (int fails = 1; fails < 200; fails += 17) {
                int at = fails;
                calls.set(0);
                assertThatThrownBy(() -> check(w, () -> {
                            if (calls.incrementAndGet() == at) {
                                throw new IllegalStateException("planted");
                            }
                            return w.get("a").sin().sum().add(w.get("b").exp().sum());
                        }))
                        .hasMessage("planted");
                assertThat(Tensors.doubles(w.get("b"))).containsExactly(before);
            }
            assertThat(w.get("b").requires_grad()).isTrue();
        }
    }

    @Test
    void floatsAreComparedToTwoDigits() {
        try (TensorScope scope = TensorScope.open()) {
            Weights w = new Weights()
                    .with(
                            "f",
                            Tensors.of(Cases.normal(Cases.random(3), 6, 1), 2, 3)
                                    .to(ScalarType.Float));
            GradientReport report = check(w, () -> w.get("f").sin().exp().sum());
            assertThat(report.verdict()).isEqualTo(Verdict.CORRECT);
            assertThat(report.tolerance()).isEqualTo(1e-2);
            assertThat(check(w, () -> Autograd.replaceGradient(w.get("f").clone(), g -> g.mul(new Scalar(1.05)))
                                    .sin()
                                    .exp()
                                    .sum())
                            .verdict())
                    .isEqualTo(Verdict.WRONG);
            // A real network in float32, off the kinks of its polytope: large parameters by samples of their
            // coordinates.
            ImplicitNetwork<Tensor, ?> network = GridNetwork.of(
                    3, 11, FixedPointSolver.of(StoppingRule.tolerance(1e-7).withMaxSteps(5_000)), Implicit.dense());
            GradientReport real = check(network, () -> {
                Tensor x = network.forward(GridNetwork.features(5, 4)).x();
                return x.mul(x).sum();
            });
            assertThat(real.parameters())
                    .hasSize(4)
                    .allSatisfy(p -> assertThat(p.verdict()).as(real.toString()).isNotEqualTo(Verdict.WRONG));
        }
    }

    @Test
    void whatCannotBeCheckedIsRefused() {
        assertThatThrownBy(() -> check(new Learnable() {}, () -> Tensors.scalar(1)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("GradientCheck: need a Learnable with parameters that require a gradient, got none");
        try (TensorScope scope = TensorScope.open()) {
            Weights w = weights();
            assertThatThrownBy(() -> check(w, () -> w.get("a").sin()))
                    .hasMessage("GradientCheck: need a scalar loss, got shape [4, 4]");
            Weights half = new Weights().with("h", torch.ones(2).to(ScalarType.Half));
            assertThatThrownBy(() -> check(half, () -> half.get("h").sum())).hasMessageContaining("got Half for 'h'");
        }
        assertThatThrownBy(() -> GradientCheck.standard().withTolerance(0))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> new GradientCheck(1e-4, 0, 3, 0)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> new GradientCheck(1e-4, 1, -1, 0)).hasMessageContaining("coordinates >= 0");
    }
}
