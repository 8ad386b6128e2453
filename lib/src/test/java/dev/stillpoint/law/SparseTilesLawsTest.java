package dev.stillpoint.law;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.stillpoint.kernel.LaneMatrix;
import dev.stillpoint.kernel.Lanes;
import dev.stillpoint.kernel.ScalarLanes;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** {@link SparseTilesLaws} on plain Java, and on lanes with a fault. */
class SparseTilesLawsTest {
    @ParameterizedTest
    @ValueSource(ints = {1, 7, 16, 32})
    void plainJavaKeepsThem(int width) {
        SparseTilesLaws.check(new ScalarLanes(width), Cases.random(width));
    }

    @Test
    void saboteursAreCaught() {
        caught("product: need", new WrappedLanes(new ScalarLanes(16)) {
            @Override
            public void product(LaneMatrix a, int from, int to, float[] x, float[] y) {
                // A part's last row forgotten.
                super.product(a, from, Math.max(from, to - 1), x, y);
            }
        });
        caught("product: need", new WrappedLanes(new ScalarLanes(16)) {
            @Override
            public void product(LaneMatrix a, int from, int to, float[] x, float[] y) {
                // A value off by some roundings.
                float[] values = a.values().clone();
                for (int t = 0; t < values.length; t += 7) {
                    values[t] *= 1 + 1e-5f;
                }
                super.product(new LaneMatrix(a.columns(), a.pointers(), a.indices(), values), from, to, x, y);
            }
        });
        caught("samples on", new WrappedLanes(new ScalarLanes(16)) {
            @Override
            public void product(LaneMatrix a, int from, int to, float[] x, float[] y) {
                super.product(a, from, to, x, y);
                // One rounding by the first lane's number.
                for (int i = from; i < to; i++) {
                    y[i * 16 + 3] = y[i * 16] > 0 ? Math.nextUp(y[i * 16 + 3]) : y[i * 16 + 3];
                }
            }
        });
    }

    private static void caught(String law, Lanes lanes) {
        assertThatThrownBy(() -> SparseTilesLaws.check(lanes, Cases.random(3)))
                .isInstanceOf(AssertionError.class)
                .hasMessageContaining(law);
    }
}
