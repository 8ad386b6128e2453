/** The kernels of Stillpoint in SIMD instructions. */
module dev.stillpoint.simd {
    requires dev.stillpoint;
    requires jdk.incubator.vector;
    requires static transitive org.jspecify;

    provides dev.stillpoint.kernel.LanesProvider with
            dev.stillpoint.simd.SimdProvider;
}
