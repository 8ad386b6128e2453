package dev.stillpoint.certificate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import org.junit.jupiter.api.Test;

/** Faults that were found once, and stay away. */
class FoundFaultsTest {
    @Test
    void constantFeature() {
        float[][] rows = new float[1000][1];
        for (float[] r : rows) {
            Arrays.fill(r, 0.1f);
        }
        assertThat(new NearestContext(rows).distance(new float[] {1.1f})).isEqualTo(1e6, within(1.0));
    }
}
