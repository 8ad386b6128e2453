package dev.stillpoint.zoo.problem;

import dev.stillpoint.data.RandomState;
import dev.stillpoint.kernel.SparseMatrix;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;

/** Random linear programs, with an optimum that is known by construction or by listing all vertices. */
final class Polytopes {
    private Polytopes() {}

    enum Data {
        /** Small whole numbers: vertices where more bounds meet than there are dimensions, and equally cheap ones. */
        WHOLE {
            @Override
            double draw(RandomState random) {
                return random.choice(-2, 3);
            }
        },
        REAL {
            @Override
            double draw(RandomState random) {
                return random.normal();
            }
        };

        abstract double draw(RandomState random);
    }

    /** A program and the value of its optimum. */
    record Instance(String name, double[][] a, double[] costs, PolytopeQuery query, double least) {
        PolytopeProblem problem() {
            return PolytopeProblem.of(names("x", costs.length), names("r", a.length), SparseMatrix.of(a));
        }

        @Override
        public String toString() {
            return name;
        }
    }

    static List<String> names(String letter, int count) {
        return IntStream.range(0, count).mapToObj(i -> letter + i).toList();
    }

    /**
     * x and y are drawn, and w such that they satisfy the optimality conditions: w = Aᵀy + d with d ≥ 0 where x is at its lower
     * bound, d ≤ 0 at its upper one, 0 between. Some bounds are infinite, some variables are fixed, some rows depend on others.
     */
    static Instance withKnownOptimum(Data data, int rows, int columns, int seed) {
        RandomState random = new RandomState(seed);
        double[][] a = new double[rows][columns];
        for (double[] row : a) {
            for (int j = 0; j < columns; j++) {
                row[j] = random.choice(0, 3) == 0 ? data.draw(random) : 0;
            }
            // No row and no column of zeros.
            row[random.choice(0, columns)] = 1;
        }
        for (int j = 0; j < columns; j++) {
            a[random.choice(0, rows)][j] = 1;
        }
        if (rows > 2) {
            for (int j = 0; j < columns; j++) {
                a[rows - 1][j] = a[0][j] - a[1][j];
            }
        }
        double[] x = new double[columns];
        double[] lower = new double[columns];
        double[] upper = new double[columns];
        double[] costs = new double[columns];
        double[] y = new double[rows];
        for (int i = 0; i < rows; i++) {
            y[i] = data.draw(random);
        }
        double least = 0;
        double[] b = new double[rows];
        for (int j = 0; j < columns; j++) {
            lower[j] = random.choice(-2, 1);
            upper[j] = lower[j] + random.choice(0, 4);
            int place = random.choice(0, 3);
            x[j] = place == 0 ? lower[j] : place == 1 ? upper[j] : (lower[j] + upper[j]) / 2;
            double d = place == 2 ? 0 : Math.abs(data.draw(random)) * (place == 0 ? 1 : -1);
            boolean widened = random.coin() == 1;
            lower[j] = widened && place != 0 ? Double.NEGATIVE_INFINITY : lower[j];
            upper[j] = widened && place != 1 ? Double.POSITIVE_INFINITY : upper[j];
            costs[j] = d;
            for (int i = 0; i < rows; i++) {
                costs[j] += a[i][j] * y[i];
                b[i] += a[i][j] * x[j];
            }
            least += costs[j] * x[j];
        }
        String name = data + " [" + rows + ", " + columns + "], seed " + seed;
        return new Instance(name, a, costs, new PolytopeQuery(b, lower, upper), least);
    }

    /** One to three rows, three to six variables between finite bounds; the least value over all vertices, NaN if none. */
    static Instance small(Data data, int seed) {
        RandomState random = new RandomState(seed);
        int rows = random.choice(1, 4);
        int columns = random.choice(3, 7);
        double[][] a = new double[rows][columns];
        double[] b = new double[rows];
        double[] lower = new double[columns];
        double[] upper = new double[columns];
        double[] costs = new double[columns];
        for (int j = 0; j < columns; j++) {
            lower[j] = random.choice(-2, 1);
            upper[j] = lower[j] + random.choice(0, 4);
            costs[j] = data.draw(random);
            double inside = random.choice(0, 5) == 0 ? upper[j] + 1 : random.uniform(lower[j], upper[j]);
            for (int i = 0; i < rows; i++) {
                a[i][j] = data.draw(random);
                b[i] += a[i][j] * (data == Data.WHOLE ? Math.rint(inside) : inside);
            }
        }
        PolytopeQuery query = new PolytopeQuery(b, lower, upper);
        return new Instance(data + " small, seed " + seed, a, costs, query, new Vertices(a, query).least(costs));
    }

    /** All vertices: every choice of basic variables, with every choice of bounds for the others. */
    static final class Vertices {
        /** Of numbers about 1, through elimination of at most three variables. */
        private static final double ROUNDING = 1e-9;

        private final double[][] a;
        private final PolytopeQuery query;
        private final List<double[]> found = new ArrayList<>();

        Vertices(double[][] a, PolytopeQuery query) {
            this.a = a;
            this.query = query;
            int n = query.lower().length;
            int[] place = new int[n];
            choose(0, place);
        }

        double least(double[] costs) {
            return found.stream()
                    .mapToDouble(x -> IntStream.range(0, x.length)
                            .mapToDouble(j -> costs[j] * x[j])
                            .sum())
                    .min()
                    .orElse(Double.NaN);
        }

        /** Place 0 for the lower bound, 1 for the upper, 2 for basic. */
        private void choose(int j, int[] place) {
            if (j == place.length) {
                solve(place);
                return;
            }
            for (place[j] = 0; place[j] < 3; place[j]++) {
                choose(j + 1, place);
            }
            place[j] = 0;
        }

        private void solve(int[] place) {
            int m = a.length;
            int[] basic =
                    IntStream.range(0, place.length).filter(j -> place[j] == 2).toArray();
            if (basic.length > m) {
                return;
            }
            double[] x = new double[place.length];
            double[][] system = new double[m][basic.length + 1];
            for (int i = 0; i < m; i++) {
                system[i][basic.length] = query.rightHandSide()[i];
                for (int j = 0; j < place.length; j++) {
                    x[j] = place[j] == 1 ? query.upper()[j] : query.lower()[j];
                    system[i][basic.length] -= place[j] == 2 ? 0 : a[i][j] * x[j];
                }
                for (int k = 0; k < basic.length; k++) {
                    system[i][k] = a[i][basic[k]];
                }
            }
            if (!eliminate(system, basic.length)) {
                return;
            }
            for (int k = 0; k < basic.length; k++) {
                x[basic[k]] = system[k][basic.length];
                if (x[basic[k]] < query.lower()[basic[k]] - ROUNDING
                        || x[basic[k]] > query.upper()[basic[k]] + ROUNDING) {
                    return;
                }
            }
            found.add(x);
        }

        /** Gauss and Jordan's elimination; whether there is one solution. */
        private static boolean eliminate(double[][] system, int unknowns) {
            for (int k = 0; k < unknowns; k++) {
                int pivot = k;
                for (int i = k; i < system.length; i++) {
                    pivot = Math.abs(system[i][k]) > Math.abs(system[pivot][k]) ? i : pivot;
                }
                double[] row = system[pivot];
                if (Math.abs(row[k]) < ROUNDING) {
                    return false;
                }
                system[pivot] = system[k];
                system[k] = row;
                for (int c = unknowns; c >= k; c--) {
                    row[c] /= row[k];
                }
                for (int i = 0; i < system.length; i++) {
                    double factor = system[i][k];
                    for (int c = k; c <= unknowns && i != k; c++) {
                        system[i][c] -= factor * row[c];
                    }
                }
            }
            for (int i = unknowns; i < system.length; i++) {
                if (Math.abs(system[i][unknowns]) > ROUNDING) {
                    return false;
                }
            }
            return true;
        }
    }
}
