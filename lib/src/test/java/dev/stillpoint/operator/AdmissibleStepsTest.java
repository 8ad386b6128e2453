package dev.stillpoint.operator;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.stillpoint.set.ConvexSet;
import dev.stillpoint.set.L1Norm;
import dev.stillpoint.set.NonNegative;
import dev.stillpoint.tensor.ParameterVisitor;
import dev.stillpoint.tensor.Rows;
import dev.stillpoint.tensor.TensorScope;
import dev.stillpoint.tensor.Tensors;
import java.util.List;
import java.util.function.DoubleFunction;
import java.util.stream.Stream;
import org.bytedeco.pytorch.Tensor;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Which steps and relaxations operators accept, and what they declare to be then. */
class AdmissibleStepsTest {
    /** A few roundings of numbers near 1. */
    private static final double ROUNDING = 1e-15;

    private static final Quadratic<Rows> HALF = new Quadratic<>(Rows::values, 0.5);
    /** Says nothing of itself, as what is learned. */
    private static final Gradient<Rows> UNKNOWN = (x, c) -> x.tanh();

    private static final ConvexSet<Rows> SET = new NonNegative<>();

    static Stream<Arguments> bounded() {
        return Stream.of(
                maker("ProjectedGradient", step -> new ProjectedGradient<>(HALF, SET, step)),
                maker("ProximalGradient", step -> new ProximalGradient<>(HALF, L1Norm.of(1), step)),
                maker("DavisYin", step -> new DavisYin<>(HALF, SET, SET, step)));
    }

    static Stream<Arguments> unbounded() {
        return Stream.of(
                maker("ProjectedGradient", step -> new ProjectedGradient<>(UNKNOWN, SET, step)),
                maker("ProximalGradient", step -> new ProximalGradient<>(UNKNOWN, SET, step)),
                maker("DavisYin", step -> new DavisYin<>(UNKNOWN, SET, SET, step)),
                maker("DouglasRachford", step -> new DouglasRachford<>(SET, SET, step)));
    }

    private static Arguments maker(String name, DoubleFunction<Operator<Rows>> maker) {
        return Arguments.of(name, maker);
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("bounded")
    void stepIsBelowTwoOverL(String name, DoubleFunction<Operator<Rows>> maker) {
        for (double step : new double[] {5, 4, 0, -1, Double.NaN, Double.POSITIVE_INFINITY}) {
            assertThatThrownBy(() -> maker.apply(step))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessage(name + ": need 0 < step < 2/L = 4.0, got " + step);
        }
        assertThat(maker.apply(Math.nextDown(4.0)).averagedness().orElse(1)).isLessThanOrEqualTo(1);
        // αL = 0.5.
        assertThat(maker.apply(1).averagedness()).hasValue(2 / 3.5);
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("unbounded")
    void stepIsFreeWhereNothingIsKnown(String name, DoubleFunction<Operator<Rows>> maker) {
        for (double step : new double[] {0, -1, Double.NaN, Double.POSITIVE_INFINITY}) {
            assertThatThrownBy(() -> maker.apply(step))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessage(name + ": need finite step > 0, got " + step);
        }
        Operator<Rows> t = maker.apply(1e6);
        assertThat(t.contractionFactor()).isEmpty();
        if (t instanceof DouglasRachford) {
            assertThat(t.averagedness()).hasValue(0.5);
        } else {
            assertThat(t.averagedness()).isEmpty();
        }
    }

    @Test
    void linearCostsAdmitEveryStep() {
        ProjectedGradient<Rows> t = new ProjectedGradient<>(new Quadratic<>(Rows::values, 0), SET, 1e9);
        assertThat(t.averagedness()).hasValue(0.5);
        assertThat(t.contractionFactor()).isEmpty();
        assertThatThrownBy(() -> new ProjectedGradient<>(t.smooth(), SET, Double.POSITIVE_INFINITY))
                .hasMessageContaining("need 0 < step < 2/L = Infinity, got Infinity");
    }

    @Test
    void contractionFactorIsThatOfTheGradientStep() {
        // I − α·γ for μ = L = γ, at either side of 1/γ.
        assertThat(new ProjectedGradient<>(HALF, SET, 1).contractionFactor().orElseThrow())
                .isCloseTo(0.5, within(ROUNDING));
        assertThat(new ProximalGradient<>(HALF, SET, 3).contractionFactor().orElseThrow())
                .isCloseTo(0.5, within(ROUNDING));
        assertThat(new ProjectedGradient<>(HALF, SET, 2).contractionFactor().orElseThrow())
                .isCloseTo(0, within(ROUNDING));
        // μ so small that 1 − αμ(2 − αL) rounds to 1 promises nothing.
        Quadratic<Rows> flat = new Quadratic<>(Rows::values, 1e-20);
        assertThat(new ProjectedGradient<>(flat, SET, 1).contractionFactor()).isEmpty();
        assertThat(new DavisYin<>(HALF, SET, SET, 1).contractionFactor()).isEmpty();
    }

    @Test
    void relaxationIsBelowOneOverA() {
        Operator<Rows> half = new DouglasRachford<>(SET, SET, 1);
        assertThatThrownBy(() -> new Relaxed<>(half, 2))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("Relaxed: need 0 < relaxation < 1/a = 2.0, got 2.0");
        assertThatThrownBy(() -> new Relaxed<>(half, Double.NaN)).hasMessageContaining("got NaN");
        assertThat(new Relaxed<>(half, 1.5).averagedness()).hasValue(0.75);

        Operator<Rows> unknown = (z, c) -> z.neg();
        assertThatCode(() -> new Relaxed<>(unknown, 1)).doesNotThrowAnyException();
        assertThatThrownBy(() -> new Relaxed<>(unknown, 1.1)).hasMessage("Relaxed: need 0 < relaxation <= 1, got 1.1");
        assertThatThrownBy(() -> new Relaxed<>(unknown, 0)).hasMessageContaining("got 0.0");
        assertThat(new Relaxed<>(unknown, 0.5).averagedness()).isEmpty();
        assertThat(new Relaxed<>(unknown, 0.5).contractionFactor()).isEmpty();
    }

    @Test
    void relaxedContraction() {
        // q = 0.5, a = 2/3.5.
        ProjectedGradient<Rows> t = new ProjectedGradient<>(HALF, SET, 1);
        assertThat(new Relaxed<>(t, 0.5).contractionFactor().orElseThrow()).isCloseTo(0.75, within(ROUNDING));
        assertThat(new Relaxed<>(t, 1.2).contractionFactor().orElseThrow()).isCloseTo(0.8, within(ROUNDING));
        // |1 − 1.4| + 1.4·0.5 = 1.1 promises nothing.
        assertThat(new Relaxed<>(t, 1.4).contractionFactor()).isEmpty();
    }

    @Test
    void relaxedIsItsOperatorInAllElse() {
        Operator<Rows> learned = new Operator<>() {
            @Override
            public Tensor apply(Tensor z, Rows c) {
                return z;
            }

            @Override
            public List<ConvexSet<Rows>> constraints() {
                return List.of(SET);
            }

            @Override
            public Coupling coupling() {
                return Coupling.BATCH;
            }

            @Override
            public void visit(ParameterVisitor visitor) {
                visitor.parameter("weight", Tensors.of(new double[] {1}, 1));
            }
        };
        try (TensorScope scope = TensorScope.open()) {
            Relaxed<Rows> relaxed = new Relaxed<>(learned, 0.5);
            assertThat(relaxed.coupling()).isEqualTo(Coupling.BATCH);
            assertThat(relaxed.constraints()).isEqualTo(List.of(SET));
            assertThat(relaxed.parameters()).containsOnlyKeys("weight");
        }
    }

    @Test
    void constraintsAreThePartsThatAreSets() {
        L1Norm<Rows> norm = L1Norm.of(1);
        assertThat(new ProjectedGradient<>(HALF, SET, 1).constraints()).containsExactly(SET);
        assertThat(new ProximalGradient<>(HALF, SET, 1).constraints()).containsExactly(SET);
        assertThat(new ProximalGradient<>(HALF, norm, 1).constraints()).isEmpty();
        assertThat(new DouglasRachford<>(norm, SET, 1).constraints()).containsExactly(SET);
        assertThat(new DavisYin<>(HALF, SET, norm, 1).constraints()).containsExactly(SET);
    }
}
