package dev.stillpoint.zoo;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.stillpoint.adjoint.ActiveSet;
import dev.stillpoint.adjoint.Adjoint;
import dev.stillpoint.adjoint.AdjointStats;
import dev.stillpoint.adjoint.AdjointStats.Gradient;
import dev.stillpoint.adjoint.Implicit;
import dev.stillpoint.adjoint.JacobianFree;
import dev.stillpoint.adjoint.Neumann;
import dev.stillpoint.adjoint.Unrolled;
import dev.stillpoint.solver.ConjugateGradientNormal;
import dev.stillpoint.solver.DenseLinear;
import dev.stillpoint.solver.FixedPointLinear;
import dev.stillpoint.solver.Gmres;
import dev.stillpoint.solver.LinearSolver;
import dev.stillpoint.solver.Status;
import dev.stillpoint.tensor.Learnable;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class AdjointsTest {
    private static final Learnable ENCODER = new Learnable() {};

    private static Adjoint parsed(String text) {
        return Adjoints.parse(text).of(ENCODER);
    }

    private static void assertSolvedBy(String text, Class<? extends LinearSolver> solver) {
        assertThat(parsed(text)).isInstanceOfSatisfying(Implicit.class, implicit -> assertThat(implicit.linear())
                .isInstanceOf(solver));
    }

    @Test
    void everyNotation() {
        assertThat(parsed("jfb")).isEqualTo(new JacobianFree());
        assertThat(parsed("neumann:5")).isEqualTo(new Neumann(5));
        assertThat(parsed("neumann:0")).isEqualTo(new Neumann(0));
        assertThat(parsed("unrolled:20")).isEqualTo(new Unrolled(20));
        assertThat(parsed("unrolled:999999")).isEqualTo(new Unrolled(999_999));
        assertThat(parsed("implicit")).isInstanceOfSatisfying(ActiveSet.class, active -> assertThat(active.elsewhere())
                .isEqualTo(parsed("implicit:fixed")));
        assertThat(parsed("implicit:active")).isEqualTo(ActiveSet.alone());
        assertSolvedBy("implicit:fixed", FixedPointLinear.class);
        assertSolvedBy("implicit:gmres", Gmres.class);
        assertSolvedBy("implicit:cg", ConjugateGradientNormal.class);
        assertSolvedBy("implicit:dense", DenseLinear.class);
        assertThat(parsed("switch:20:0.1").toString())
                .startsWith("Switching[linear=Gmres")
                .endsWith("probeEvery=20, threshold=0.1]");
        assertThat(parsed("switch:1:-.25").toString()).endsWith("probeEvery=1, threshold=-0.25]");
        assertThat(parsed("switch:7:1").toString()).endsWith("probeEvery=7, threshold=1.0]");
    }

    /** Two networks from the same setting must not share a state. */
    @Test
    void everySwitchHasAStateOfItsOwn() {
        Adjoints.Choice choice = Adjoints.parse("switch:20:0.1");
        assertThat(choice.of(ENCODER)).isNotSameAs(choice.of(ENCODER));
    }

    @Test
    void metricsAreThoseThatTheAdjointHas() {
        AdjointStats none =
                new AdjointStats(Gradient.JACOBIAN_FREE, 0, new double[0], new double[0], new Status[0], Double.NaN);
        assertThat(Adjoints.metrics(new JacobianFree(), none)).isEmpty();
        assertThat(Adjoints.metrics(parsed("switch:2:0"), none))
                .isEqualTo(Map.of("adjointProducts", 0.0, "implicitShare", 0.0));
        AdjointStats solved = new AdjointStats(
                Gradient.IMPLICIT,
                9,
                new double[] {0.25, 0.5, 0.75, 0.5},
                new double[] {0.5, 0.5, 0.5, 0.5},
                new Status[] {Status.CONVERGED, Status.CONVERGED, Status.MAX_STEPS_REACHED, Status.CONVERGED},
                -0.5);
        assertThat(Adjoints.metrics(parsed("implicit"), solved))
                .isEqualTo(Map.of("adjointProducts", 9.0, "adjointResidual", 0.5, "adjointInexact", 0.25));
        assertThat(Adjoints.metrics(parsed("switch:2:0"), solved))
                .containsEntry("implicitShare", 1.0)
                .containsEntry("jfbCosine", -0.5)
                .hasSize(5);
        assertThat(Adjoints.metrics(new Neumann(5), none).keySet()).containsExactly("adjointProducts");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "JFB",
                "jfb ",
                "neumann",
                "neumann:",
                "neumann:-1",
                "neumann:1.5",
                "neumann:1000000",
                "unrolled",
                "unrolled:0",
                "unrolled:x",
                "implicit:sparse",
                "jfb:1",
                "implicit:",
                "implicit:GMRES",
                "switch",
                "switch:20",
                "switch:0:0.1",
                "switch:20:1.1",
                "switch:20:-2",
                "switch:20:",
                "switch:20:x",
                "switch:20:NaN",
                "switch:20:1e-3",
                "switch:1000000:0"
            })
    void anythingElseGetsTheNotations(String text) {
        assertThatThrownBy(() -> Adjoints.parse(text))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("need " + Adjoints.KIND
                        + " (for instance neumann:5, implicit:gmres or switch:20:0.1), got '" + text + "'");
    }
}
