package dev.stillpoint.simd;

import dev.stillpoint.kernel.SingleLane;

/** {@link SimdLanes} for one sample: a vector of one, by the processor's fused multiply-add of single numbers. */
final class FusedLane extends SingleLane {
    FusedLane() {
        super(SimdLanes.BLOCK);
    }

    @Override
    public String name() {
        return "fused multiply-adds, one sample";
    }

    @Override
    protected float multiplyAdd(float a, float b, float c) {
        return Math.fma(a, b, c);
    }

    /** As {@link SimdLanes#clamp} does it. */
    @Override
    protected float clamp(float z, float low, float high) {
        int bits = Float.floatToRawIntBits(low);
        if (bits >= 0) {
            int above = Math.max(Float.floatToRawIntBits(z), bits);
            return Float.intBitsToFloat(Math.min(above, Float.floatToRawIntBits(high)));
        }
        float above = z < low ? low : z;
        return above > high ? high : above;
    }
}
