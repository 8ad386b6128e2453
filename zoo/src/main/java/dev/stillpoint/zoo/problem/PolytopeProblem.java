package dev.stillpoint.zoo.problem;

import static dev.stillpoint.zoo.problem.NameList.some;

import dev.stillpoint.kernel.AffineFactor;
import dev.stillpoint.kernel.SparseMatrix;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.function.IntPredicate;

/**
 * The vertex of least cost of any polytope {x : Ax = b, l ≤ x ≤ u}: a linear program. Bounds may be infinite, rows may depend on
 * each other.
 *
 * <pre>{@code
 * PolytopeProblem blend = PolytopeProblem.of(
 *         List.of("oats", "maize"), List.of("weight"), SparseMatrix.of(new double[][] {{1, 1}}));
 * PolytopeQuery query = new PolytopeQuery(new double[] {10}, new double[] {0, 0}, new double[] {6, 8});
 * blend.minimise(new double[] {3, 5}, query).x(); // [6, 4]
 * }</pre>
 *
 * <p>Every answer is checked: x is within its bounds and satisfies Ax = b up to 1e-9 of the largest numbers, and the bound comes
 * from the solver's multipliers by {@link Optimum#dualBound}. Where that bound leaves a gap, {@link Optimum#warning} says
 * so. That a row has no feasible point, or no least cost, is said only where it is proved, by a further linear program; a row that
 * the solver gets no answer for is refused too, in other words.
 *
 * <p>For some hundreds of variables and constraints: the simplex tableau is dense, O(m·n) a pivot.
 */
public final class PolytopeProblem implements Problem<PolytopeQuery> {
    private final List<String> variables;
    private final List<String> constraints;
    private final SparseMatrix matrix;
    private final AffineFactor factor;

    private PolytopeProblem(List<String> variables, List<String> constraints, SparseMatrix matrix) {
        this.variables = List.copyOf(variables);
        this.constraints = List.copyOf(constraints);
        this.matrix = matrix;
        this.factor = AffineFactor.of(matrix);
    }

    /**
     * A polytope by its matrix.
     *
     * @param variables the columns' names, at least one
     * @param constraints the rows' names, for messages
     * @param a A, [m, n]
     * @throws IllegalArgumentException if the names are not as many as rows and columns
     */
    public static PolytopeProblem of(List<String> variables, List<String> constraints, SparseMatrix a) {
        if (variables.isEmpty()) {
            throw new IllegalArgumentException("PolytopeProblem: need variables, got none");
        }
        if (variables.size() != a.columns() || constraints.size() != a.rows()) {
            throw new IllegalArgumentException("PolytopeProblem: need names for [" + a.rows() + ", " + a.columns()
                    + "], got [" + constraints.size() + ", " + variables.size() + "]");
        }
        return new PolytopeProblem(variables, constraints, a);
    }

    @Override
    public List<String> variables() {
        return variables;
    }

    /** {@return the names of A's rows} */
    public List<String> constraints() {
        return constraints;
    }

    @Override
    public SparseMatrix matrix() {
        return matrix;
    }

    @Override
    public double[] rightHandSide(PolytopeQuery query) {
        check(query);
        return query.rightHandSide().clone();
    }

    @Override
    public double[] lower(PolytopeQuery query) {
        check(query);
        return query.lower().clone();
    }

    @Override
    public double[] upper(PolytopeQuery query) {
        check(query);
        return query.upper().clone();
    }

    @Override
    public Optimum minimise(double[] costs, PolytopeQuery query) {
        check(query);
        require("costs", variables, costs);
        double[] b = query.rightHandSide();
        requireConsistent(b);
        Optional<LinearProgram.Answer> answer =
                LinearProgram.solve(factor.keptRows(), factor.kept(b), query.lower(), query.upper(), costs);
        if (answer.isEmpty() || !answer.get().proved()) {
            requireFeasible(query);
            requireLeast(costs, query);
        }
        LinearProgram.Answer found = answer.orElseThrow(
                () -> new InfeasibleException(
                        "no vertex was found, nor a proof that"
                                + " there is none: need numbers of about the same size, got some that are too far apart for the solver"));
        double[] y = new double[b.length];
        for (int i = 0; i < found.y().length; i++) {
            y[factor.order()[i]] = factor.rowScales()[i] * found.y()[i];
        }
        double value = 0;
        for (int j = 0; j < costs.length; j++) {
            value += costs[j] * found.x()[j];
        }
        double bound = Optimum.dualBound(matrix, b, query.lower(), query.upper(), costs, y);
        String warning = found.proved()
                ? ""
                : "the decision is feasible, but costs up to " + (value - bound) + " more than the best";
        return new Optimum(found.x(), value, bound, warning);
    }

    /** Rows that depend on others must agree with them. */
    private void requireConsistent(double[] b) {
        if (factor.dropped().length == 0) {
            return;
        }
        double[] x = new double[matrix.columns()];
        double[] kept = factor.kept(b);
        factor.project(x, kept);
        double[] ax = matrix.multiply(x);
        double size = Math.max(largest(x), largest(kept));
        for (int i : factor.dropped()) {
            double norm = 0;
            for (int p = matrix.pointers()[i]; p < matrix.pointers()[i + 1]; p++) {
                norm = Math.hypot(norm, matrix.values()[p]);
            }
            if (Math.abs(ax[i] - b[i]) > LinearProgram.ACCURACY * Math.max(norm * size, Math.abs(b[i]))) {
                throw new InfeasibleException("constraint " + constraints.get(i) + " follows from others but for its"
                        + " right-hand side: need " + ax[i] + ", got " + b[i]);
            }
        }
    }

    private static double largest(double[] values) {
        double largest = 0;
        for (double v : values) {
            largest = Math.max(largest, Math.abs(v));
        }
        return largest;
    }

    private void requireFeasible(PolytopeQuery query) {
        SparseMatrix rows = factor.keptRows();
        double[] b = factor.kept(query.rightHandSide());
        Optional<LinearProgram.Answer> miss = LinearProgram.leastMiss(rows, b, query.lower(), query.upper());
        if (miss.isEmpty()) {
            return;
        }
        // Multipliers up to 1 prove that all points miss the rows by so much in all.
        double[] y = miss.get().y();
        for (int i = 0; i < y.length; i++) {
            y[i] = Math.max(-1, Math.min(1, y[i]));
        }
        double least = Optimum.dualBound(rows, b, query.lower(), query.upper(), new double[variables.size()], y);
        double size = Math.max(largest(b), largest(Arrays.copyOf(miss.get().x(), variables.size())));
        if (least > LinearProgram.ACCURACY * size) {
            throw new InfeasibleException("no x within its bounds satisfies all constraints: these conflict: "
                    + some(chosen(constraints, i -> Math.abs(y[i]) > LinearProgram.ACCURACY, factor.order()), ", "));
        }
    }

    private void requireLeast(double[] costs, PolytopeQuery query) {
        Optional<LinearProgram.Answer> ray =
                LinearProgram.steepestRay(factor.keptRows(), query.lower(), query.upper(), costs);
        if (ray.isEmpty()) {
            return;
        }
        double[] x = ray.get().x();
        double slope = 0;
        for (int j = 0; j < x.length; j++) {
            slope += costs[j] * x[j];
        }
        if (slope < -LinearProgram.ACCURACY * largest(costs)) {
            int[] all = new int[x.length];
            for (int j = 0; j < all.length; j++) {
                all[j] = j;
            }
            throw new InfeasibleException("no least cost: these can grow without end, and cost less and less: "
                    + some(chosen(variables, j -> Math.abs(x[j]) > LinearProgram.ACCURACY, all), ", "));
        }
    }

    private static List<String> chosen(List<String> names, IntPredicate which, int[] number) {
        List<String> chosen = new ArrayList<>();
        for (int i = 0; i < number.length; i++) {
            if (which.test(i)) {
                chosen.add(names.get(number[i]));
            }
        }
        return chosen;
    }

    private void check(PolytopeQuery query) {
        require("right-hand side", constraints, query.rightHandSide());
        double[] lower = query.lower();
        double[] upper = query.upper();
        if (lower.length != variables.size() || upper.length != variables.size()) {
            throw new IllegalArgumentException("bounds: need " + variables.size() + " numbers each, got " + lower.length
                    + " lower and " + upper.length + " upper");
        }
        for (int j = 0; j < lower.length; j++) {
            if (Double.isNaN(lower[j]) || Double.isNaN(upper[j])) {
                throw new IllegalArgumentException(
                        "bounds: need numbers, got " + lower[j] + " and " + upper[j] + " for " + variables.get(j));
            }
            if (!(lower[j] <= upper[j])
                    || lower[j] == Double.POSITIVE_INFINITY
                    || upper[j] == Double.NEGATIVE_INFINITY) {
                throw new InfeasibleException(
                        "variable " + variables.get(j) + ": need lower <= upper, got " + lower[j] + " and " + upper[j]);
            }
        }
    }

    private static void require(String what, List<String> names, double[] values) {
        if (values.length != names.size()) {
            throw new IllegalArgumentException(what + ": need " + names.size() + " numbers, got " + values.length);
        }
        for (int i = 0; i < values.length; i++) {
            if (!Double.isFinite(values[i])) {
                throw new IllegalArgumentException(
                        what + ": need finite numbers, got " + values[i] + " for " + names.get(i));
            }
        }
    }
}
