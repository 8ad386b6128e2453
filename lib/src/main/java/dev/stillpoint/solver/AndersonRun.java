package dev.stillpoint.solver;

import dev.stillpoint.tensor.TensorScope;
import dev.stillpoint.tensor.Tensors;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorVector;
import org.bytedeco.pytorch.global.torch;
import org.bytedeco.pytorch.global.torch.ScalarType;
import org.jspecify.annotations.Nullable;

/**
 * One solve of {@link Anderson}. A sample without history has zero columns, which get the coefficient 0: plain steps,
 * restarts and accelerated steps are one formula, g − ΔG·γ.
 */
class AndersonRun implements Acceleration.Run {
    /** An accelerated step must shrink the window's largest residual to this: what drives accepted residuals to 0. */
    private static final double FALL = 0.999;

    /** Accepted residuals that an accelerated one is compared with: while sets of active constraints change it may rise. */
    private static final int WINDOW = 5;

    /**
     * A correction this many residuals long comes of differences that are rounding: the plain step is taken. Far below the
     * growth that counts as divergence, far above what a contraction by 1 − 10⁻⁵ needs.
     */
    private static final double LONGEST = 1e6;

    private static final double ROUNDINGS = 10;

    private final int memory;
    private final double regularization;
    private int step;
    private @Nullable State state;

    AndersonRun(int memory, double regularization) {
        this.memory = memory;
        this.regularization = regularization;
    }

    @Override
    public Tensor next(Tensor z, Tensor tz) {
        try (TensorScope scope = TensorScope.open()) {
            long batch = z.size(0);
            if (batch == 0) {
                return scope.keep(tz.clone());
            }
            long m = z.numel() / batch;
            Tensor g = tz.reshape(batch, m);
            Tensor f = g.sub(z.reshape(batch, m));
            Tensor r = Tensors.rowNorm(f).unsqueeze(1);
            if (state == null) {
                state = State.of(f, g, r, memory);
                return scope.keep(tz.clone());
            }
            State s = state;
            Tensor accepted = accepted(r, s.recent.max(1, true).get0(), s.jumped);
            s.update(accepted, f, g, r, step++ % memory);
            Tensor gamma = coefficients(s.df, s.f);
            Tensor correction = gamma.unsqueeze(1).bmm(s.dg).squeeze(1);
            Tensor length = Tensors.rowNorm(correction).unsqueeze(1);
            Tensor jumps = length.gt(new Scalar(0.0))
                    .logical_and(length.le(s.residual.mul(new Scalar(LONGEST))))
                    .logical_and(s.pause.le(new Scalar(0.0)));
            s.jumped.copy_(jumps);
            return scope.keep(torch.where(jumps, s.g.sub(correction), s.g).reshape(z.shape()));
        }
    }

    /**
     * Which samples go on from here, bool [batch, 1]. The comparison is false for NaN.
     *
     * @param residual of the iterate at hand, [batch, 1]
     * @param largest of the last accepted ones
     * @param jumped whether it is an accelerated one
     */
    Tensor accepted(Tensor residual, Tensor largest, Tensor jumped) {
        return residual.le(largest.mul(new Scalar(FALL))).logical_or(jumped.logical_not());
    }

    /** argmin ‖f − ΔFᵀγ‖², regularised: [batch, memory, m] and [batch, m] to [batch, memory]; 0 where a column is 0. */
    private Tensor coefficients(Tensor df, Tensor f) {
        double lambda = Math.max(regularization, ROUNDINGS * Tensors.rounding(Tensors.type(f)));
        Tensor gram = df.bmm(df.transpose(1, 2)).to(ScalarType.Double);
        Tensor rhs = df.bmm(f.unsqueeze(2)).to(ScalarType.Double);
        Tensor length = gram.diagonal(0, 1, 2).sqrt();
        Tensor scale = torch.where(length.gt(new Scalar(0.0)), length.reciprocal(), new Scalar(0.0));
        Tensor unit = gram.mul(scale.unsqueeze(1)).mul(scale.unsqueeze(2));
        // The trace over the number of columns is 1 now; an empty column gets 1 so that the matrix stays regular.
        Tensor diagonal = torch.where(scale.gt(new Scalar(0.0)), Tensors.scalar(lambda), Tensors.scalar(1.0));
        Tensor solved = torch.linalg_solve_ex(
                        unit.add(torch.diag_embed(diagonal)), rhs.mul(scale.unsqueeze(2)), true, false)
                .get0();
        Tensor gamma = solved.squeeze(2).mul(scale);
        Tensor usable = gamma.isfinite().all(1, true);
        return torch.where(usable, gamma, new Scalar(0.0)).to(f.scalar_type());
    }

    @Override
    public void keep(Tensor rows) {
        if (state != null) {
            State before = state;
            state = before.select(rows);
            before.release();
        }
    }

    @Override
    public int[] safeguarded(int batch) {
        int[] counts = new int[batch];
        if (state != null) {
            long[] values = Tensors.longs(state.count);
            for (int i = 0; i < batch; i++) {
                counts[i] = Math.toIntExact(values[i]);
            }
        }
        return counts;
    }

    @Override
    public void close() {
        if (state != null) {
            state.release();
            state = null;
        }
    }

    /**
     * What a run remembers, owned by it and written in place.
     *
     * @param df differences of residuals, [batch, memory, m], a ring
     * @param dg differences of images, likewise
     * @param f T(z) − z at the last accepted z, [batch, m]
     * @param g T(z) there
     * @param residual ‖f‖, [batch, 1]
     * @param recent the last accepted residuals, the newest last, [batch, WINDOW]
     * @param pause plain steps to take before the next accelerated one, [batch, 1]
     * @param penalty what pause becomes with the next iterate dropped, likewise
     * @param jumped whether the iterate handed out last was an accelerated one, bool [batch, 1]
     * @param count iterates dropped, int64 [batch, 1]
     */
    private record State(
            Tensor df,
            Tensor dg,
            Tensor f,
            Tensor g,
            Tensor residual,
            Tensor recent,
            Tensor pause,
            Tensor penalty,
            Tensor jumped,
            Tensor count) {
        static State of(Tensor f, Tensor g, Tensor r, int memory) {
            long batch = f.size(0);
            ScalarType type = Tensors.type(f);
            return new State(
                            Tensors.zeros(type, batch, memory, f.size(1)),
                            Tensors.zeros(type, batch, memory, f.size(1)),
                            f.clone(),
                            g.clone(),
                            r.clone(),
                            r.repeat(1, WINDOW),
                            torch.zeros_like(r),
                            torch.ones_like(r),
                            torch.zeros_like(r).to(ScalarType.Bool),
                            torch.zeros_like(r).to(ScalarType.Long))
                    .persist();
        }

        void update(Tensor accepted, Tensor newF, Tensor newG, Tensor r, int slot) {
            Scalar zero = new Scalar(0.0);
            Tensor dropped = accepted.logical_not();
            count.add_(dropped);
            df.masked_fill_(dropped.unsqueeze(2), zero);
            dg.masked_fill_(dropped.unsqueeze(2), zero);
            df.select(1, slot).copy_(torch.where(accepted, newF.sub(f), zero));
            dg.select(1, slot).copy_(torch.where(accepted, newG.sub(g), zero));
            f.copy_(torch.where(accepted, newF, f));
            g.copy_(torch.where(accepted, newG, g));
            residual.copy_(torch.where(accepted, r, residual));
            Tensor newest = torch.cat(new TensorVector(recent.narrow(1, 1, WINDOW - 1), r), 1);
            recent.copy_(torch.where(accepted, newest, recent));
            pause.sub_(new Scalar(1.0));
            pause.copy_(torch.where(dropped, penalty, pause));
            Tensor eased = torch.where(jumped, torch.ones_like(penalty), penalty);
            penalty.copy_(torch.where(dropped, penalty.mul(new Scalar(2.0)), eased));
        }

        State select(Tensor rows) {
            return new State(
                            df.index_select(0, rows),
                            dg.index_select(0, rows),
                            f.index_select(0, rows),
                            g.index_select(0, rows),
                            residual.index_select(0, rows),
                            recent.index_select(0, rows),
                            pause.index_select(0, rows),
                            penalty.index_select(0, rows),
                            jumped.index_select(0, rows),
                            count.index_select(0, rows))
                    .persist();
        }

        private Tensor[] all() {
            return new Tensor[] {df, dg, f, g, residual, recent, pause, penalty, jumped, count};
        }

        private State persist() {
            for (Tensor t : all()) {
                TensorScope.persist(t);
            }
            return this;
        }

        void release() {
            for (Tensor t : all()) {
                TensorScope.release(t);
            }
        }
    }
}
