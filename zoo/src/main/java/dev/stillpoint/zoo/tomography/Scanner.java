package dev.stillpoint.zoo.tomography;

import dev.stillpoint.kernel.ParallelBeam;
import dev.stillpoint.kernel.SparseMatrix;
import dev.stillpoint.operator.Sparse;
import dev.stillpoint.tensor.Rows;
import java.util.Arrays;
import java.util.random.RandomGenerator;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.ScalarOptional;
import org.bytedeco.pytorch.Tensor;

/**
 * The measurement d = Ax + noise, A being the ray transform in the unit that makes ‖A‖ = 1 (a bound that is near it), and what inverts
 * it in that unit.
 */
public final class Scanner {
    private final ParallelBeam beam;
    private final double unit;
    private final Sparse<Rows> operator;
    private final FilteredBackProjection inverse;

    /** For a geometry. */
    public Scanner(ParallelBeam beam) {
        this.beam = beam;
        SparseMatrix strips = beam.strips();
        this.unit = Sparse.of(strips).norm().orElseThrow();
        double[] factors = new double[strips.rows()];
        Arrays.fill(factors, 1 / unit);
        this.operator = Sparse.of(strips.scaledRows(factors));
        this.inverse = new FilteredBackProjection(beam, RampFilter.RAMP);
    }

    /** The geometry. */
    public ParallelBeam beam() {
        return beam;
    }

    /** A, [angles·bins, n²], with a norm of at most 1 and near it. Any context does. */
    public Sparse<Rows> operator() {
        return operator;
    }

    /** What A is divided by: line integrals on [−1, 1]² are data times this. */
    public double unit() {
        return unit;
    }

    /**
     * Filtered back-projection.
     *
     * @param d [batch, angles·bins], in this scanner's unit
     * @param filter the window
     * @return [batch, n²]
     */
    public Tensor reconstruct(Tensor d, RampFilter filter) {
        return reconstruction(filter).of(d);
    }

    /** {@link #reconstruct} with its filter made once. */
    public Reconstruction reconstruction(RampFilter filter) {
        FilteredBackProjection filtered = inverse.with(filter);
        return d -> filtered.apply(d.mul(new Scalar(unit)));
    }

    /** The image that iterations begin with: {@link #reconstruct} with a Hann window, cut to [0, 1]. */
    public Reconstruction start() {
        Reconstruction smooth = reconstruction(RampFilter.HANN);
        return d -> smooth.of(d).clamp(new ScalarOptional(new Scalar(0.0)), new ScalarOptional(new Scalar(1.0)));
    }

    /**
     * Simulates a measurement: each beam's number is off by a normal error of {@code noise} times itself.
     *
     * @param image [n²]
     * @param noise the relative standard deviation of a beam, ≥ 0
     * @param random draws the errors
     */
    public Measurement measure(float[] image, double noise, RandomGenerator random) {
        if (!(noise >= 0) || Double.isInfinite(noise)) {
            throw new IllegalArgumentException("Scanner: need finite noise >= 0, got " + noise);
        }
        if (image.length != beam.pixels() * beam.pixels()) {
            throw new IllegalArgumentException("Scanner: need an image of " + beam.pixels() + " x " + beam.pixels()
                    + " pixels, got " + image.length + " in all");
        }
        double[] x = new double[image.length];
        for (int j = 0; j < x.length; j++) {
            x[j] = image[j];
        }
        double[] exact = operator.matrix().multiply(x);
        float[] d = new float[exact.length];
        double squares = 0;
        for (int i = 0; i < d.length; i++) {
            double error = noise * Math.abs(exact[i]) * random.nextGaussian();
            d[i] = (float) (exact[i] + error);
            squares += error * error;
        }
        return new Measurement(d, Math.sqrt(squares));
    }

    /**
     * Data and what is wrong with them.
     *
     * @param d [angles·bins]
     * @param noise ‖d − Ax‖₂ for the true x
     */
    public record Measurement(float[] d, double noise) {}
}
