package dev.stillpoint.solver;

import dev.stillpoint.tensor.TensorScope;
import dev.stillpoint.tensor.Tensors;
import java.util.Arrays;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorVector;
import org.bytedeco.pytorch.global.torch;
import org.bytedeco.pytorch.global.torch.ScalarType;

/**
 * The v in g's Krylov space that minimises ‖g + Mv − v‖₂, each sample stopping on its own, restarted when the space is full.
 *
 * <p>One product a step, O(restart·m) work beside it, restart + 1 iterates of memory. M need be no contraction. Without
 * a restart m steps solve every regular system, and every consistent one whose I − M has no null vector in its range:
 * that of an averaged operator never has. A restart that gains nothing ends the sample as
 * {@link Status#PRECISION_REACHED} where its residual is rounding, else as {@link Status#MAX_STEPS_REACHED}.
 *
 * <p>Reference: Saad and Schultz 1986, algorithm 4, doi 10.1137/0907058; singular systems: Brown and Walker 1997,
 * doi 10.1137/S0895479894262339.
 *
 * @param stop the tolerance on ‖g + Mv − v‖₂, relative to ‖v‖₂; maxSteps counts products with M
 * @param restart dimension of the Krylov space, ≥ 1
 */
public record Gmres(StoppingRule stop, int restart) implements LinearSolver {
    /** A new direction this many roundings long is none: the space holds the solution. */
    private static final double BREAKDOWN = 10;

    /** Checks the dimension. */
    public Gmres {
        if (restart < 1) {
            throw new IllegalArgumentException("Gmres: need restart >= 1, got " + restart);
        }
    }

    @Override
    public Solution solve(LinearMap m, Tensor g) {
        return Refinement.solve(stop, m, g, this::correct);
    }

    /** One Krylov space by the Arnoldi process with modified Gram-Schmidt. */
    private Tensor correct(LinearMap a, Tensor r, double[] target, int[] steps, Deadline deadline) {
        int batch = target.length;
        int length = (int) Math.min(restart, r.size(1));
        ScalarType type = Tensors.type(r);
        double tiny = BREAKDOWN * Tensors.rounding(type);
        Tensor basis = Tensors.zeros(type, batch, length + 1, r.size(1));
        double[] norm = Tensors.doubles(Tensors.rowNorm(r));
        HessenbergLeastSquares[] systems = new HessenbergLeastSquares[batch];
        boolean[] open = new boolean[batch];
        for (int i = 0; i < batch; i++) {
            systems[i] = new HessenbergLeastSquares(length, norm[i]);
            open[i] = norm[i] > 0;
        }
        double[] inverse = new double[batch];
        Arrays.setAll(inverse, i -> open[i] ? 1 / norm[i] : 0);
        basis.select(1, 0).copy_(r.mul(column(inverse)));
        boolean any = true;
        for (int j = 0; j < length && any; j++) {
            any = false;
            try (TensorScope scope = TensorScope.open()) {
                Tensor w = a.apply(basis.select(1, j));
                TensorVector products = new TensorVector();
                for (int i = 0; i <= j; i++) {
                    Tensor q = basis.select(1, i);
                    Tensor h = w.mul(q).sum(new long[] {1}, true, new org.bytedeco.pytorch.ScalarTypeOptional());
                    w = w.sub(q.mul(h));
                    products.push_back(h);
                }
                products.push_back(Tensors.rowNorm(w).unsqueeze(1));
                double[] h = Tensors.doubles(torch.cat(products, 1));
                boolean late = deadline.passed();
                for (int i = 0; i < batch; i++) {
                    double next = h[i * (j + 2) + j + 1];
                    if (open[i]) {
                        steps[i]++;
                        double left = systems[i].add(Arrays.copyOfRange(h, i * (j + 2), (i + 1) * (j + 2)));
                        // Written so that NaN closes the sample.
                        open[i] = !late
                                && left > target[i]
                                && next > tiny * systems[i].size()
                                && steps[i] < stop.maxSteps();
                        any |= open[i];
                    }
                    inverse[i] = open[i] ? 1 / next : 0;
                }
                basis.select(1, j + 1).copy_(w.mul(column(inverse)));
            }
        }
        double[] y = new double[batch * length];
        for (int i = 0; i < batch; i++) {
            systems[i].solve(y, i * length, tiny);
        }
        Tensor coefficients = Tensors.of(y, batch, 1, length).to(type);
        return coefficients.bmm(basis.narrow(1, 0, length)).squeeze(1);
    }

    private static Tensor column(double[] values) {
        return Tensors.of(values, values.length, 1);
    }
}
