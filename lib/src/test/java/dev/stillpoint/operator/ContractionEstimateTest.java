package dev.stillpoint.operator;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.stillpoint.tensor.Rows;
import dev.stillpoint.tensor.TensorScope;
import dev.stillpoint.tensor.Tensors;
import org.bytedeco.pytorch.Tensor;
import org.junit.jupiter.api.Test;

class ContractionEstimateTest {
    /** 0.3/0.8 to the 40th is far below it; differences of float64 at distance 1e-3 are exact to 1e-12. */
    private static final double CLOSE = 1e-9;

    /** z ↦ Az + c with a symmetric A of eigenvalues 0.8 and 0.3, in turned coordinates. */
    private static final Operator<Rows> T = (z, c) ->
            z.matmul(Tensors.of(new double[] {0.55, 0.25, 0.25, 0.55}, 2, 2)).add(c.values());

    @Test
    void findsTheLargestEigenvalueOfALinearMap() {
        try (TensorScope scope = TensorScope.open()) {
            Tensor z = Tensors.of(new double[] {1, 2, -3, 0.5}, 2, 2);
            Tensor start = Tensors.of(new double[] {1, 0, 0.2, 1}, 2, 2);
            double[] factor = new ContractionEstimate(40, 1e-3).at(T, z, new Rows(z), start);
            assertThat(factor).hasSize(2);
            assertThat(factor[0]).isCloseTo(0.8, within(CLOSE));
            assertThat(factor[1]).isCloseTo(0.8, within(CLOSE));
            // Saboteur: one step from such a start is no estimate of it.
            assertThat(new ContractionEstimate(1, 1e-3).at(T, z, new Rows(z), start)[0])
                    .isNotCloseTo(0.8, within(0.1));
        }
    }

    @Test
    void errorsSayNeedAndGot() {
        assertThatThrownBy(() -> new ContractionEstimate(0, 1))
                .hasMessage("ContractionEstimate: need steps >= 1 and finite distance > 0, got 0 and 1.0");
        assertThatThrownBy(() -> new ContractionEstimate(1, 0)).hasMessageContaining("got 1 and 0.0");
    }
}
