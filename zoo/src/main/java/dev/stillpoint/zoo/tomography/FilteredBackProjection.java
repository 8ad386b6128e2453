package dev.stillpoint.zoo.tomography;

import dev.stillpoint.kernel.ParallelBeam;
import dev.stillpoint.operator.Sparse;
import dev.stillpoint.tensor.Rows;
import dev.stillpoint.tensor.TensorScope;
import dev.stillpoint.tensor.Tensors;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;

/**
 * The inverse ray transform from equally spaced angles: every projection is filtered and projected back with linear
 * interpolation, x = (π/(2·angles·bin width))·B(h ∗ d). Linear in d, and taped when the tape is on.
 *
 * <p>Reference: Kak and Slaney 1988, chapter 3.
 */
public final class FilteredBackProjection {
    private final ParallelBeam beam;
    private final Tensor filter;
    private final Sparse<Rows> back;
    private final double scale;

    /** For a geometry. */
    public FilteredBackProjection(ParallelBeam beam, RampFilter filter) {
        this(beam, filter, Sparse.of(beam.interpolation()));
    }

    private FilteredBackProjection(ParallelBeam beam, RampFilter filter, Sparse<Rows> back) {
        this.beam = beam;
        this.back = back;
        this.scale = Math.PI / (2 * beam.angles() * beam.spacing());
        int bins = beam.bins();
        double[] response = filter.response(bins);
        double[] flat = new double[bins * bins];
        for (int i = 0; i < bins; i++) {
            for (int j = 0; j < bins; j++) {
                flat[i * bins + j] = response[Math.abs(i - j)];
            }
        }
        try (TensorScope scope = TensorScope.open()) {
            this.filter = TensorScope.persist(Tensors.of(flat, bins, bins));
        }
    }

    /** The same with another filter. */
    public FilteredBackProjection with(RampFilter other) {
        return new FilteredBackProjection(beam, other, back);
    }

    /**
     * Images from data.
     *
     * @param d [batch, angles·bins]
     * @return [batch, n²]
     */
    public Tensor apply(Tensor d) {
        Tensors.check("FilteredBackProjection: d", d, -1, beam.beams());
        Tensor filtered =
                d.reshape(-1, beam.bins()).matmul(filter.to(d.scalar_type())).reshape(-1, beam.beams());
        return back.apply(filtered, new Rows(d)).mul(new Scalar(scale));
    }
}
