package dev.stillpoint.zoo.problem;

import dev.stillpoint.kernel.SparseMatrix;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import org.ojalgo.optimisation.Expression;
import org.ojalgo.optimisation.ExpressionsBasedModel;
import org.ojalgo.optimisation.Optimisation;
import org.ojalgo.optimisation.Variable;
import org.ojalgo.optimisation.linear.LinearSolver;

/**
 * min wᵀx over {Ax = b, l ≤ x ≤ u} for independent rows of norm 1, by ojAlgo's simplex method, whose word is not taken: an
 * answer is feasible and has multipliers that prove it optimal, both checked here.
 *
 * <p>The solver works best on numbers of about 1: columns, x and w are scaled by powers of two, which rounds nothing. Its model's
 * presolver is passed by, as it loses the multipliers. If the dual simplex method fails the primal one is tried.
 */
final class LinearProgram {
    /** Of the largest number of a scaled program: what a simplex method with some hundred pivots in double leaves. */
    static final double ACCURACY = 1e-9;

    private final SparseMatrix a;
    private final double[] b;
    private final double[] lower;
    private final double[] upper;
    private final double[] w;
    private final double[] column;
    private final double size;
    private final double price;

    /**
     * An answer, feasible up to rounding.
     *
     * @param x [n], within its bounds
     * @param y multipliers of the rows
     * @param proved whether y proves that x is optimal
     */
    record Answer(double[] x, double[] y, boolean proved) {}

    private LinearProgram(SparseMatrix a, double[] b, double[] lower, double[] upper, double[] w) {
        this.a = a;
        this.b = b;
        this.lower = lower;
        this.upper = upper;
        this.w = w;
        this.column = columnScales(a);
        double largest = largest(b);
        for (int j = 0; j < w.length; j++) {
            largest = Math.max(largest, finite(lower[j]) / column[j]);
            largest = Math.max(largest, finite(upper[j]) / column[j]);
        }
        this.size = powerOfTwo(largest);
        double dearest = 0;
        for (int j = 0; j < w.length; j++) {
            dearest = Math.max(dearest, Math.abs(w[j]) * column[j]);
        }
        this.price = powerOfTwo(dearest);
    }

    /** An answer that is proved, else one that is feasible, else none. */
    static Optional<Answer> solve(SparseMatrix a, double[] b, double[] lower, double[] upper, double[] w) {
        LinearProgram program = new LinearProgram(a, b, lower, upper, w);
        if (b.length == 0) {
            return program.separable();
        }
        Optional<Answer> dual = program.attempt(true);
        if (dual.isPresent() && dual.get().proved) {
            return dual;
        }
        Optional<Answer> primal = program.attempt(false);
        return primal.isPresent() && (primal.get().proved || dual.isEmpty()) ? primal : dual;
    }

    private static double[] columnScales(SparseMatrix a) {
        double[] scale = new double[a.columns()];
        for (int p = 0; p < a.nonZeros(); p++) {
            int j = a.indices()[p];
            scale[j] = Math.max(scale[j], Math.abs(a.values()[p]));
        }
        for (int j = 0; j < scale.length; j++) {
            scale[j] = 1 / powerOfTwo(scale[j]);
        }
        return scale;
    }

    private static double powerOfTwo(double x) {
        return x > 0 ? Math.scalb(1.0, Math.getExponent(x)) : 1;
    }

    private static double finite(double bound) {
        return Double.isInfinite(bound) ? 0 : Math.abs(bound);
    }

    private static double largest(double[] values) {
        double largest = 0;
        for (double v : values) {
            largest = Math.max(largest, Math.abs(v));
        }
        return largest;
    }

    /** Each variable by itself, where no row joins them. */
    private Optional<Answer> separable() {
        double[] x = new double[w.length];
        for (int j = 0; j < x.length; j++) {
            double end = w[j] > 0 ? lower[j] : upper[j];
            x[j] = w[j] != 0 ? end : Math.max(lower[j], Math.min(upper[j], 0));
            if (Double.isInfinite(x[j])) {
                return Optional.empty();
            }
        }
        return Optional.of(new Answer(x, new double[0], true));
    }

    private Optional<Answer> attempt(boolean dual) {
        ExpressionsBasedModel model = new ExpressionsBasedModel();
        if (dual) {
            model.options.linear().dual();
        } else {
            model.options.linear().primal();
        }
        int[] place = new int[w.length];
        for (int j = 0; j < w.length; j++) {
            place[j] = model.countVariables();
            if (lower[j] < upper[j]) {
                addVariable(model, j);
            }
        }
        Map<String, Integer> rowNumber = new HashMap<>();
        for (int i = 0; i < b.length; i++) {
            // Multipliers come by name; no variable's begins like this.
            Expression row = model.newExpression("row " + i);
            rowNumber.put(row.getName(), i);
            double rest = b[i];
            for (int p = a.pointers()[i]; p < a.pointers()[i + 1]; p++) {
                int j = a.indices()[p];
                if (lower[j] < upper[j]) {
                    row.set(place[j], a.values()[p] * column[j]);
                } else {
                    rest -= a.values()[p] * lower[j];
                }
            }
            row.level(rest / size);
        }
        if (model.countVariables() == 0) {
            return verified(lower.clone(), new double[b.length]);
        }
        Optimisation.Result result;
        try {
            result = LinearSolver.INTEGRATION.toModelState(
                    LinearSolver.newSolver(model).solve(), model);
        } catch (RuntimeException e) {
            // Whatever went wrong within: it is no answer, and the caller has other means.
            return Optional.empty();
        }
        return verified(point(result, place), multipliers(result, rowNumber));
    }

    private void addVariable(ExpressionsBasedModel model, int j) {
        Variable variable = model.newVariable("x" + j);
        double unit = column[j] * size;
        variable.weight(w[j] * column[j] / price);
        if (!Double.isInfinite(lower[j])) {
            variable.lower(lower[j] / unit);
        }
        if (!Double.isInfinite(upper[j])) {
            variable.upper(upper[j] / unit);
        }
    }

    private double[] point(Optimisation.Result result, int[] place) {
        double[] x = lower.clone();
        for (int j = 0; j < x.length; j++) {
            if (lower[j] < upper[j]) {
                double found = result.doubleValue(place[j]) * column[j] * size;
                x[j] = Math.max(lower[j], Math.min(upper[j], found));
            }
        }
        return x;
    }

    private double[] multipliers(Optimisation.Result result, Map<String, Integer> rowNumber) {
        double[] y = new double[b.length];
        result.getMatchedMultipliers().forEach(match -> {
            Integer i = rowNumber.get(match.left().left().getName());
            if (i != null) {
                // Of the opposite sign there, where a multiplier is of what is added to the cost.
                y[i] = -match.doubleValue() * price;
            }
        });
        return y;
    }

    private Optional<Answer> verified(double[] x, double[] y) {
        double largest = size;
        double worth = price * size;
        double value = 0;
        for (int j = 0; j < x.length; j++) {
            largest = Math.max(largest, Math.abs(x[j]) / column[j]);
            worth = Math.max(worth, Math.abs(w[j] * x[j]));
            value += w[j] * x[j];
        }
        double[] ax = a.multiply(x);
        for (int i = 0; i < ax.length; i++) {
            // Written so that NaN fails.
            if (!(Math.abs(ax[i] - b[i]) <= ACCURACY * largest)) {
                return Optional.empty();
            }
        }
        double bound = Optimum.dualBound(a, b, lower, upper, w, y);
        return Optional.of(new Answer(x, y, Math.abs(value - bound) <= ACCURACY * worth));
    }

    /** A program whose columns are followed by one to add to each row and one to take from it, at the cost of 1. */
    static Optional<Answer> leastMiss(SparseMatrix a, double[] b, double[] lower, double[] upper) {
        int n = a.columns();
        int m = a.rows();
        int entries = a.nonZeros();
        int[] row = new int[entries + 2 * m];
        int[] across = Arrays.copyOf(a.indices(), row.length);
        double[] value = Arrays.copyOf(a.values(), row.length);
        for (int i = 0; i < m; i++) {
            Arrays.fill(row, a.pointers()[i], a.pointers()[i + 1], i);
            for (int side = 0; side < 2; side++) {
                int at = entries + 2 * i + side;
                row[at] = i;
                across[at] = n + 2 * i + side;
                value[at] = 1 - 2 * side;
            }
        }
        double[] low = Arrays.copyOf(lower, n + 2 * m);
        double[] high = Arrays.copyOf(upper, n + 2 * m);
        double[] cost = new double[n + 2 * m];
        Arrays.fill(high, n, high.length, Double.POSITIVE_INFINITY);
        Arrays.fill(cost, n, cost.length, 1);
        return solve(SparseMatrix.ofTriplets(m, n + 2 * m, row, across, value), b, low, high, cost);
    }

    /** The direction of steepest descent that never leaves the set: within ±1, and away from no bound that there is. */
    static Optional<Answer> steepestRay(SparseMatrix a, double[] lower, double[] upper, double[] w) {
        double[] low = new double[w.length];
        double[] high = new double[w.length];
        for (int j = 0; j < w.length; j++) {
            low[j] = Double.isInfinite(lower[j]) ? -1 : 0;
            high[j] = Double.isInfinite(upper[j]) ? 1 : 0;
        }
        return solve(a, new double[a.rows()], low, high, w);
    }
}
