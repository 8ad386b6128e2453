package dev.stillpoint.law;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.stillpoint.kernel.LaneFactor;
import dev.stillpoint.kernel.ScalarLanes;
import org.junit.jupiter.api.Test;

class AllocationLawsTest {
    /** For plain Java, which is seen to pass after the first. */
    private static final int ENOUGH = 20;

    @Test
    void plainJavaKeepsThem() {
        AllocationLaws.check(new ScalarLanes(1), ENOUGH);
        AllocationLaws.check(new ScalarLanes(7), ENOUGH);
        AllocationLaws.check(new ScalarLanes(32), ENOUGH);
    }

    @Test
    void saboteurIsCaught() {
        assertThatThrownBy(() -> AllocationLaws.check(
                        new WrappedLanes(new ScalarLanes(7)) {
                            private float[] last = new float[0];

                            @Override
                            public void solve(LaneFactor f, float[] y) {
                                super.solve(f, y);
                                last = new float[1];
                                last[0] = y[0];
                            }
                        },
                        ENOUGH))
                .isInstanceOf(AssertionError.class)
                .hasMessageContaining("bytes of 1,000 steps");
    }
}
