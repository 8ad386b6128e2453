package dev.stillpoint.simd;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorSpecies;

/** Twelve chains of multiply-adds in registers: what one core can do at best. */
final class MultiplyAdds {
    private static final VectorSpecies<Float> SPECIES = FloatVector.SPECIES_PREFERRED;

    private MultiplyAdds() {}

    /** See {@link dev.stillpoint.kernel.Lanes#multiplyAdds}. */
    static long run(int rounds, float[] result) {
        // Two units that take four cycles each are busy with eight; twelve leave room, and fit into sixteen registers.
        FloatVector a = FloatVector.broadcast(SPECIES, 0.5f);
        FloatVector b = FloatVector.broadcast(SPECIES, 0.5f);
        FloatVector s0 = b.mul(0f);
        FloatVector s1 = b.mul(1f);
        FloatVector s2 = b.mul(2f);
        FloatVector s3 = b.mul(3f);
        FloatVector s4 = b.mul(4f);
        FloatVector s5 = b.mul(5f);
        FloatVector s6 = b.mul(6f);
        FloatVector s7 = b.mul(7f);
        FloatVector s8 = b.mul(8f);
        FloatVector s9 = b.mul(9f);
        FloatVector s10 = b.mul(10f);
        FloatVector s11 = b.mul(11f);
        for (int round = 0; round < rounds; round++) {
            s0 = s0.fma(a, b);
            s1 = s1.fma(a, b);
            s2 = s2.fma(a, b);
            s3 = s3.fma(a, b);
            s4 = s4.fma(a, b);
            s5 = s5.fma(a, b);
            s6 = s6.fma(a, b);
            s7 = s7.fma(a, b);
            s8 = s8.fma(a, b);
            s9 = s9.fma(a, b);
            s10 = s10.fma(a, b);
            s11 = s11.fma(a, b);
        }
        FloatVector all = s0.add(s1)
                .add(s2)
                .add(s3)
                .add(s4)
                .add(s5)
                .add(s6)
                .add(s7)
                .add(s8)
                .add(s9)
                .add(s10)
                .add(s11);
        for (int at = 0; at < result.length; at += SPECIES.length()) {
            all.intoArray(result, at);
        }
        return 2L * 12 * SPECIES.length() * rounds;
    }
}
