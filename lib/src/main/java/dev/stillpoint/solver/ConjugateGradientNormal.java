package dev.stillpoint.solver;

import dev.stillpoint.tensor.TensorScope;
import dev.stillpoint.tensor.Tensors;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorVector;
import org.bytedeco.pytorch.global.torch;

/**
 * Conjugate gradients on the normal equations (I − M)ᵀ(I − M)v = (I − M)ᵀg, each sample stopping on its own.
 *
 * <p>Two products a step, one of them with Mᵀ; five iterates of memory, however many steps. Converges for every
 * consistent system, singular ones to their minimum-norm solution, as fast as the squared condition number allows:
 * {@link Gmres} takes fewer products where its memory is at hand. An inconsistent system ends at its least-squares
 * solution as {@link Status#MAX_STEPS_REACHED}.
 *
 * <p>Reference: Björck 1996, Numerical Methods for Least Squares Problems, algorithm 7.4.1 (CGLS).
 *
 * @param stop the tolerance on ‖g + Mv − v‖₂, relative to ‖v‖₂; maxSteps counts steps, of two products each
 */
public record ConjugateGradientNormal(StoppingRule stop) implements LinearSolver {
    @Override
    public Solution solve(LinearMap m, Tensor g) {
        return Refinement.solve(stop, m, g, this::correct);
    }

    private Tensor correct(LinearMap a, Tensor r0, double[] target, int[] steps, Deadline deadline) {
        int batch = target.length;
        double tiny = Tensors.rounding(Tensors.type(r0));
        Tensor d = torch.zeros_like(r0);
        Tensor r = r0.clone();
        Tensor p = a.transposed(r).clone();
        Tensor gamma = squared(p);
        double[] first = Tensors.doubles(gamma);
        double[] open = new double[batch];
        double[] norm = Tensors.doubles(Tensors.rowNorm(r));
        boolean any = false;
        for (int i = 0; i < batch; i++) {
            open[i] = norm[i] > 0 && first[i] > 0 ? 1 : 0;
            any |= open[i] > 0;
        }
        while (any) {
            any = false;
            try (TensorScope scope = TensorScope.open()) {
                Tensor q = a.apply(p);
                Tensor alpha = ratio(gamma, squared(q), open);
                d.add_(p.mul(alpha));
                r.sub_(q.mul(alpha));
                Tensor s = a.transposed(r);
                Tensor next = squared(s);
                p.mul_(ratio(next, gamma, open)).add_(s);
                gamma.copy_(next);
                double[] read = Tensors.doubles(
                        torch.cat(new TensorVector(Tensors.rowNorm(r).unsqueeze(1), next), 1));
                boolean late = deadline.passed();
                for (int i = 0; i < batch; i++) {
                    if (open[i] > 0) {
                        steps[i]++;
                        // Once the gradient is rounding, v is the least-squares solution. Written so that NaN ends a
                        // sample.
                        boolean on = !late
                                && read[2 * i] > target[i]
                                && read[2 * i + 1] > tiny * tiny * first[i]
                                && steps[i] < stop.maxSteps();
                        open[i] = on ? 1 : 0;
                        any |= on;
                    }
                }
            }
        }
        return d;
    }

    /** ‖xᵢ‖₂² of every row, [batch, 1]. */
    private static Tensor squared(Tensor x) {
        Tensor norm = Tensors.rowNorm(x).unsqueeze(1);
        return norm.mul(norm);
    }

    /** upper/lower where a sample goes on and the quotient exists, else 0. */
    private static Tensor ratio(Tensor upper, Tensor lower, double[] open) {
        Tensor on = Tensors.of(open, open.length, 1).gt(new Scalar(0.5)).logical_and(lower.ne(new Scalar(0.0)));
        return torch.where(on, upper.div(lower), new Scalar(0.0));
    }
}
