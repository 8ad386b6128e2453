package dev.stillpoint.bench;

import dev.stillpoint.kernel.LaneChoice;
import dev.stillpoint.kernel.Lanes;
import dev.stillpoint.kernel.ScalarLanes;

/** The twins. */
public enum Arithmetic {
    /** What runs where the Vector API is there. */
    SIMD,
    /** What runs elsewhere, as wide as it is there. */
    PLAIN;

    private static final int PLAIN_WIDTH = 32;

    /** The narrowest of its lanes that hold so many samples. */
    Lanes lanes(int samples) {
        Lanes lanes = lanes();
        while (lanes.narrower().width() < lanes.width()
                && samples <= lanes.narrower().width()) {
            lanes = lanes.narrower();
        }
        return lanes;
    }

    Lanes lanes() {
        if (this == PLAIN) {
            return new ScalarLanes(PLAIN_WIDTH);
        }
        LaneChoice choice = LaneChoice.current();
        if (choice.lanes() instanceof ScalarLanes) {
            throw new IllegalStateException("need SIMD, got plain Java: " + choice.reason());
        }
        return choice.lanes();
    }
}
