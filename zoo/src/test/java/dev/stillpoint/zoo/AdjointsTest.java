package dev.stillpoint.zoo;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.stillpoint.adjoint.Implicit;
import dev.stillpoint.adjoint.JacobianFree;
import dev.stillpoint.adjoint.Neumann;
import dev.stillpoint.adjoint.Unrolled;
import dev.stillpoint.solver.DenseLinear;
import dev.stillpoint.solver.FixedPointLinear;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class AdjointsTest {
    @Test
    void everyNotation() {
        assertThat(Adjoints.parse("jfb")).isEqualTo(new JacobianFree());
        assertThat(Adjoints.parse("neumann:5")).isEqualTo(new Neumann(5));
        assertThat(Adjoints.parse("neumann:0")).isEqualTo(new Neumann(0));
        assertThat(Adjoints.parse("unrolled:20")).isEqualTo(new Unrolled(20));
        assertThat(Adjoints.parse("unrolled:999999")).isEqualTo(new Unrolled(999_999));
        assertThat(Adjoints.parse("implicit"))
                .isInstanceOfSatisfying(Implicit.class, implicit -> assertThat(implicit.linear())
                        .isInstanceOf(FixedPointLinear.class));
        assertThat(Adjoints.parse("implicit:dense"))
                .isInstanceOfSatisfying(Implicit.class, implicit -> assertThat(implicit.linear())
                        .isInstanceOf(DenseLinear.class));
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
                "jfb:1"
            })
    void anythingElseGetsTheNotations(String text) {
        assertThatThrownBy(() -> Adjoints.parse(text))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("need " + Adjoints.KIND + " (for instance neumann:5), got '" + text + "'");
    }
}
