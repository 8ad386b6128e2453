package dev.stillpoint.simd;

import dev.stillpoint.kernel.Lanes;
import dev.stillpoint.kernel.LanesProvider;

/** Brings {@link SimdLanes} where vectors hold at least four floats. */
public final class SimdProvider implements LanesProvider {
    private static final int FEWEST = 4;

    /** For the ServiceLoader. */
    public SimdProvider() {}

    @Override
    public Lanes lanes() {
        SimdLanes lanes = new SimdLanes();
        if (lanes.vectorLength() < FEWEST) {
            throw new UnsupportedOperationException(
                    "this processor's vectors hold " + lanes.vectorLength() + " floats");
        }
        return lanes;
    }
}
