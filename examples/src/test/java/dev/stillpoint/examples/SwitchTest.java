package dev.stillpoint.examples;

import static org.assertj.core.api.Assertions.assertThat;

import dev.stillpoint.adjoint.Switching;
import org.junit.jupiter.api.Test;

class SwitchTest {
    /** The targets can be met exactly; a hundred steps of Adam come this near. */
    private static final double LEARNED = 0.05;

    @Test
    void jacobianFreeAscendsAndSwitchingTrains() {
        Switch.Curve free = Switch.train(encoder -> new Switching(encoder, Switch.gmres(), 10, -1));
        Switch.Curve switching = Switch.train(encoder -> new Switching(encoder, Switch.gmres(), 10, 0.1));
        assertThat(free.loss()).containsExactly(Switch.jacobianFree().loss());
        int last = free.loss().length - 1;
        assertThat(free.loss()[last]).isGreaterThan(4 * free.loss()[0]);
        assertThat(switching.loss()[0]).isEqualTo(free.loss()[0]);
        assertThat(switching.loss()[last]).isLessThan(LEARNED * switching.loss()[0]);
        for (int i = 0; i <= last; i++) {
            if (i % 10 == 0) {
                assertThat(free.cosine()[i]).as("step " + i).isLessThan(-0.5);
            } else {
                assertThat(free.cosine()[i]).as("step " + i).isNaN();
            }
        }
    }
}
