package dev.stillpoint.zoo.tomography;

import dev.stillpoint.kernel.SparseMatrix;
import dev.stillpoint.network.Conv2d;
import dev.stillpoint.network.LeakyRelu;
import dev.stillpoint.network.Sequential;
import dev.stillpoint.operator.Operator;
import dev.stillpoint.operator.Sparse;
import dev.stillpoint.tensor.ParameterVisitor;
import dev.stillpoint.tensor.Rows;
import dev.stillpoint.tensor.TensorScope;
import dev.stillpoint.tensor.Tensors;
import java.util.ArrayList;
import java.util.List;
import java.util.random.RandomGenerator;
import org.bytedeco.pytorch.NoGradGuard;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.ScalarOptional;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;

/**
 * One step of the feasibility-based fixed point network: with u′ = clamp(R(u), −10, 10),
 * T(u; d) = u′ − 1.99·D·Aᵀ·M(Au′ − d), where M has the inverse squares of the rows' norms and D the inverse numbers of nonzeros of the
 * columns. R is four residual blocks of differences, u ← u + φ(conv(φ(conv(Δu)))), 42 channels inside; 96,307 weights.
 * States are [batch, n²]. The output may leave [0, 1].
 *
 * <p>Differences: rows are normalised by M, as diagonally relaxed orthogonal projections have it, so that 1.99 is admissible in any unit of A;
 * R begins near the identity, without which the first epochs are spent on images far outside [0, 1]; and iterations begin at the filtered
 * back-projection in place of zero.
 *
 * <p>Reference: Heaton, Wu Fung, Gibali and Yin 2021, arXiv 2104.14090.
 */
public final class FeasibilityStep implements Operator<Rows> {
    private static final double RELAXATION = 1.99;
    private static final double MOST = 10;
    private static final int CHANNELS = 42;
    private static final int BLOCKS = 4;
    private static final double SLOPE = 0.05;
    /** The share of its usual size that each block's second convolution begins with. */
    private static final double SMALL = 0.1;
    /** What the regulariser's Lipschitz constant is brought down to, on average over random pairs. */
    private static final double LIPSCHITZ = 0.99;

    private final int side;
    private final Reconstruction start;
    private final Sparse<Rows> rows;
    private final Tensor rowScales;
    private final Tensor columnScales;
    private final List<Sequential> blocks;

    /** With weights drawn from {@code random}. */
    public FeasibilityStep(Scanner scanner, RandomGenerator random) {
        this.side = scanner.beam().pixels();
        this.start = scanner.start();
        SparseMatrix a = scanner.operator().matrix();
        double[] scales = new double[a.rows()];
        double[] counts = new double[a.columns()];
        for (int i = 0; i < scales.length; i++) {
            double squares = 0;
            for (int p = a.pointers()[i]; p < a.pointers()[i + 1]; p++) {
                squares += a.values()[p] * a.values()[p];
                counts[a.indices()[p]]++;
            }
            // A beam that passes the image by says nothing.
            scales[i] = squares == 0 ? 0 : 1 / Math.sqrt(squares);
        }
        for (int j = 0; j < counts.length; j++) {
            counts[j] = RELAXATION / Math.max(1, counts[j]);
        }
        this.rows = Sparse.of(a.scaledRows(scales));
        try (TensorScope scope = TensorScope.open()) {
            this.rowScales = TensorScope.persist(Tensors.of(floats(scales), 1, scales.length));
            this.columnScales = TensorScope.persist(Tensors.of(floats(counts), 1, counts.length));
        }
        this.blocks = new ArrayList<>();
        for (int i = 0; i < BLOCKS; i++) {
            Conv2d last = new Conv2d(Conv2d.Options.same(CHANNELS, i == BLOCKS - 1 ? 1 : CHANNELS, 3), random);
            try (NoGradGuard offTape = new NoGradGuard()) {
                last.parameters().values().forEach(weight -> weight.mul_(new Scalar(SMALL)));
            }
            blocks.add(Sequential.of(
                    new Conv2d(Conv2d.Options.same(i == 0 ? 1 : CHANNELS, CHANNELS, 3), random),
                    new LeakyRelu(SLOPE),
                    last,
                    new LeakyRelu(SLOPE)));
        }
    }

    private static float[] floats(double[] values) {
        float[] floats = new float[values.length];
        for (int i = 0; i < values.length; i++) {
            floats[i] = (float) values[i];
        }
        return floats;
    }

    /** Where iterations begin, [batch, beams] to [batch, n²]. */
    Tensor start(Tensor d) {
        return start.of(d);
    }

    @Override
    public Tensor apply(Tensor z, Rows d) {
        Tensors.check("FeasibilityStep: z", z, -1, (long) side * side);
        Tensor u = regularise(z);
        Tensor off = rows.apply(u, d).sub(d.values().mul(rowScales));
        return u.sub(rows.adjoint(off, d).mul(columnScales));
    }

    /** u′ = clamp(R(u)). */
    private Tensor regularise(Tensor z) {
        return torch.clamp(
                network(z).flatten(1, -1), new ScalarOptional(new Scalar(-MOST)), new ScalarOptional(new Scalar(MOST)));
    }

    private Tensor network(Tensor z) {
        Tensor u = z.reshape(-1, 1, side, side);
        for (int i = 0; i < BLOCKS; i++) {
            // Periodic differences, along the rows and down the columns in turns; one channel is broadcast to 42.
            Tensor difference = torch.roll(u, new long[] {1}, new long[] {i % 2 == 0 ? 3 : 2})
                    .sub(u);
            Tensor kept = i == BLOCKS - 1 ? u.narrow(1, 0, 1) : u;
            u = kept.add(blocks.get(i).forward(difference));
        }
        return u;
    }

    /**
     * Brings the map's Lipschitz constant down where it is above 0.99: where mean |T(w) − T(u)| exceeds 0.99 of mean |w − u| for w near u,
     * all weights are scaled by the fourth root of the ratio. For the optimiser's steps; off the tape.
     *
     * @param u points, [batch, n²]
     * @param d their data
     * @param random draws w
     * @return mean |T(w) − T(u)|/mean |w − u| before
     */
    public double normalise(Tensor u, Rows d, RandomGenerator random) {
        try (NoGradGuard offTape = new NoGradGuard();
                TensorScope scope = TensorScope.open()) {
            float[] noise = new float[Math.toIntExact(u.numel())];
            for (int i = 0; i < noise.length; i++) {
                noise[i] = (float) (SLOPE * random.nextGaussian());
            }
            Tensor w = u.add(Tensors.of(noise, u.shape()));
            double moved = apply(w, d).sub(apply(u, d)).abs().mean().item_double();
            double ratio = moved / w.sub(u).abs().mean().item_double();
            if (ratio > LIPSCHITZ) {
                Scalar factor = new Scalar(Math.pow(LIPSCHITZ / ratio, 1.0 / BLOCKS));
                for (Tensor weight : parameters().values()) {
                    weight.mul_(factor);
                }
            }
            return ratio;
        }
    }

    @Override
    public void visit(ParameterVisitor visitor) {
        for (int i = 0; i < BLOCKS; i++) {
            visitor.part(Integer.toString(i), blocks.get(i));
        }
    }
}
