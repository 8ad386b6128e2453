package dev.stillpoint.solver;

import dev.stillpoint.tensor.TensorScope;
import dev.stillpoint.tensor.Tensors;
import java.util.Arrays;
import java.util.function.Supplier;
import org.bytedeco.pytorch.Tensor;
import org.jspecify.annotations.Nullable;

/**
 * Finds the samples of one solve whose residual is rounding: T(z) and z differ by some roundings of ‖z‖, and that over many
 * looks neither falls nor leads anywhere.
 *
 * <p>The last is what tells rounding from a slow convergence, whose residual may be as small: a mode that contracts slowly
 * moves the solution x = S(z) by almost the same at every step. x is asked, not z, because rounding adds up along the
 * directions in which z is not unique. So where a sample is found, x stands still to some tens of roundings.
 */
final class RoundingFloor {
    /** In units of the precision's rounding times ‖z‖: sums inside T left 32 on the largest of the grids tried. */
    private static final double ROUNDINGS = 64;
    /** Long enough that a walk of roundings, √LOOKS residuals, stays below a quarter of a straight line. */
    private static final int LOOKS = 32;
    /** A residual that falls less than this from one half of the looks to the other stands still. */
    private static final double FALL = 0.9;

    private final double rounding;
    /** The smallest residual of each half of the looks, a sample. */
    private final double[][] smallest;
    /** Whether the residual was above the level at one of the looks. */
    private final boolean[] above;

    private final boolean[] found;
    private int looks;
    /** x at the first of the looks, [rows, ...]. */
    private @Nullable Tensor start;

    RoundingFloor(double rounding, int batch) {
        this.rounding = rounding;
        smallest = new double[batch][2];
        above = new boolean[batch];
        found = new boolean[batch];
    }

    /** The largest residual that rounding explains, where numbers of the norm {@code size} are summed. */
    static double level(double rounding, double size) {
        return ROUNDINGS * rounding * size;
    }

    /**
     * Looks at the rows that have not ended.
     *
     * @param sample which sample each row is
     * @param ended rows to pass over
     * @param norms ‖T(z) − z‖ of each row, then ‖z‖ of each
     * @param solution gives x = S(z), [rows, ...]; asked for once in a while, in a state of some row near its rounding
     */
    void look(int[] sample, boolean[] ended, double[] norms, Supplier<Tensor> solution) {
        int rows = sample.length;
        boolean near = false;
        for (int row = 0; row < rows; row++) {
            int i = sample[row];
            if (ended[row]) {
                continue;
            }
            // Written so that NaN is above.
            if (norms[row] <= level(rounding, norms[rows + row])) {
                near = true;
                int half = 2 * looks / LOOKS;
                smallest[i][half] = Math.min(smallest[i][half], norms[row]);
            } else {
                above[i] = true;
                found[i] = false;
            }
        }
        if (++looks == LOOKS) {
            looks = 0;
            @Nullable Tensor x = near ? solution.get() : null;
            if (x != null && start != null) {
                judge(Tensors.doubles(Tensors.rowNorm(x.sub(start))), sample, norms);
            }
            restart(x);
        }
    }

    /** Whether the sample has been found; it stays so while its residual is that small. */
    boolean found(int sample) {
        return found[sample];
    }

    private void judge(double[] moved, int[] sample, double[] norms) {
        for (int row = 0; row < moved.length; row++) {
            int i = sample[row];
            found[i] |= !above[i] && smallest[i][1] >= FALL * smallest[i][0] && moved[row] <= LOOKS / 4.0 * norms[row];
        }
    }

    private void restart(@Nullable Tensor x) {
        close();
        if (x != null) {
            start = TensorScope.persist(x.clone());
        }
        Arrays.fill(above, false);
        for (double[] halves : smallest) {
            Arrays.fill(halves, Double.POSITIVE_INFINITY);
        }
    }

    /** Only these rows go on. */
    void keep(Tensor rows) {
        if (start != null) {
            Tensor before = start;
            start = TensorScope.persist(before.index_select(0, rows));
            TensorScope.release(before);
        }
    }

    void close() {
        if (start != null) {
            TensorScope.release(start);
            start = null;
        }
    }
}
