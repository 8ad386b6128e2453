package dev.stillpoint.law;

import dev.stillpoint.kernel.SparseMatrix;
import dev.stillpoint.law.Catalogue.LinearOperatorInstance;
import dev.stillpoint.operator.Differences;
import dev.stillpoint.operator.Sparse;
import java.util.random.RandomGenerator;

/** {@link Sparse} for the catalogue. */
final class SparseOperatorInstances {
    private SparseOperatorInstances() {}

    /** Of both signs, two thirds of it zero, with an empty row. */
    static LinearOperatorInstance sparse(int n, double scale, RandomGenerator random) {
        double[][] a = OperatorInstances.normal(n + 3, n, scale, random);
        for (int i = 0; i < a.length; i++) {
            for (int j = 0; j < n; j++) {
                a[i][j] = i == 1 || (random.nextInt(3) > 0 && i != j) ? 0 : a[i][j];
            }
        }
        return instance(a);
    }

    /** Two parts that do not meet, of norms far apart, and an empty column between them. */
    static LinearOperatorInstance blocks(int n, double scale, RandomGenerator random) {
        double[][] a = OperatorInstances.normal(n, n, scale, random);
        for (int i = 0; i < n; i++) {
            for (int j = 0; j < n; j++) {
                boolean first = i < n / 2 && j < n / 2;
                boolean second = i > n / 2 && j > n / 2;
                a[i][j] *= first ? 1 : second ? 1e-3 : 0;
            }
        }
        return instance(a);
    }

    /** Of an image of n pixels in rows of the largest divisor that is not above √n. */
    static LinearOperatorInstance differences(int n, double scale, RandomGenerator random) {
        int rows = 1;
        for (int divisor = 2; divisor * divisor <= n; divisor++) {
            rows = n % divisor == 0 ? divisor : rows;
        }
        int columns = n / rows;
        double[][] a = new double[2 * n][n];
        for (int i = 0; i < rows; i++) {
            for (int j = 0; j < columns; j++) {
                int at = i * columns + j;
                a[at][i * columns + (j + 1) % columns] += 1;
                a[at][at] -= 1;
                a[n + at][(i + 1) % rows * columns + j] += 1;
                a[n + at][at] -= 1;
            }
        }
        return new LinearOperatorInstance(new Differences<>(rows, columns), a);
    }

    private static LinearOperatorInstance instance(double[][] a) {
        return new LinearOperatorInstance(Sparse.of(SparseMatrix.of(a)), a);
    }
}
