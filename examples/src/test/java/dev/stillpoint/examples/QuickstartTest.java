package dev.stillpoint.examples;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class QuickstartTest {
    /** The two mixes can be met exactly: what is left is the solve's tolerance and Adam's last steps. */
    private static final double LEARNED = 1e-4;

    @Test
    void learns() {
        float[][] contexts = {{1, 0}, {0, 1}};
        float[][] mixes = {{0.7f, 0.3f, 0, 0}, {0, 0, 0.5f, 0.5f}};
        assertThat(Quickstart.train(contexts, mixes)).isLessThan(LEARNED);
    }
}
