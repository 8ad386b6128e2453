package dev.stillpoint.law;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.stillpoint.kernel.AffineFactor;
import dev.stillpoint.kernel.FaceProjection;
import dev.stillpoint.kernel.SparseMatrix;
import dev.stillpoint.kernel.Workers;
import dev.stillpoint.tensor.TensorScope;
import dev.stillpoint.tensor.Tensors;
import java.util.function.ToDoubleFunction;
import java.util.random.RandomGenerator;
import org.bytedeco.pytorch.DoubleOptional;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** {@link FaceProjection} against pseudo-inverses of A_F, dense, by another algorithm and in another library. */
class FaceProjectionTest {
    /** Rounding 1e-16 over the square of the least sine between rows of A_F, some 1e-4 on random faces. */
    private static final double SAME = 1e-7;
    /** Of singular values of A_F with unit rows: the sine below which a row counts as dependent is 3e-6. */
    private static final double RANK = 1e-8;

    private static final int COUNT = 6;

    /** What is held against the dense twin. */
    private interface Held {
        double[] of(boolean[] free, double[] g);
    }

    @ParameterizedTest
    @CsvSource({"graph, 1", "graph, 2", "graph, 31", "graph, 97", "sparse, 7", "sparse, 31", "sparse, 97", "grid, 7"})
    void isThatOfDensePseudoInverses(String kind, int n) {
        Cases.forSeeds(4, random -> {
            SparseMatrix a = PolytopeProblem.matrix(kind, n, random);
            FaceProjection faces = new FaceProjection(AffineFactor.of(a));
            for (double share : new double[] {0, 0.2, 0.6, 1}) {
                assertThat(error(a, share, random, (free, g) -> faces.held(COUNT, free, g)))
                        .as("share of free variables " + share)
                        .isLessThan(SAME);
            }
        });
    }

    @Test
    void saboteursAreCaught() {
        RandomGenerator random = Cases.random(0);
        SparseMatrix a = PolytopeProblem.matrix("graph", 31, random);
        FaceProjection faces = new FaceProjection(AffineFactor.of(a));
        int[] firstRows = new int[a.rows() / 2];
        for (int i = 0; i < firstRows.length; i++) {
            firstRows[i] = i;
        }
        FaceProjection half = new FaceProjection(AffineFactor.of(a.rows(firstRows)));
        // Forgets the face; knows half of A; reads g outside F; is not the sum of rows of A.
        Held[] saboteurs = {
            (free, g) -> faces.held(COUNT, all(free.length), g),
            (free, g) -> half.held(COUNT, free, g),
            (free, g) -> new double[g.length],
            (free, g) -> {
                double[] s = faces.held(COUNT, free, g);
                for (int j = 0; j < s.length; j++) {
                    s[j] = free[j] ? s[j] : s[j] + 1e-3;
                }
                return s;
            }
        };
        for (Held saboteur : saboteurs) {
            assertThat(error(a, 0.6, Cases.random(1), saboteur)).isGreaterThan(1e3 * SAME);
        }
    }

    @Test
    void anotherNumberOfThreadsAndOtherSamplesChangeNoBit() {
        RandomGenerator random = Cases.random(3);
        SparseMatrix a = PolytopeProblem.matrix("sparse", 53, random);
        FaceProjection faces = new FaceProjection(AffineFactor.of(a));
        boolean[] free = flags(COUNT * 53, 0.5, random);
        double[] g = Cases.normal(random, COUNT * 53, 1);
        int before = Workers.limit();
        try {
            Workers.limit(1);
            double[] one = faces.held(COUNT, free, g);
            Workers.limit(4);
            assertThat(faces.held(COUNT, free, g)).isEqualTo(one);
            for (int i = 0; i < COUNT; i++) {
                boolean[] own = java.util.Arrays.copyOfRange(free, i * 53, (i + 1) * 53);
                assertThat(faces.held(1, own, Distances.row(g, i, 53))).isEqualTo(Distances.row(one, i, 53));
            }
        } finally {
            Workers.limit(before);
        }
        assertThat(faces.held(0, new boolean[0], new double[0])).isEmpty();
        assertThatThrownBy(() -> faces.held(2, free, g))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("need 2 x 53 flags and numbers, got 318 and 318");
    }

    /** Largest of: s_F from A_F⁺A_F g_F, and the part of s that no sum of rows of A has; relative to g of size 1 a number. */
    private static double error(SparseMatrix a, double share, RandomGenerator random, Held held) {
        int n = a.columns();
        boolean[] free = flags(COUNT * n, share, random);
        double[] g = Cases.normal(random, COUNT * n, 1);
        double[] s = held.of(free.clone(), g.clone());
        try (TensorScope scope = TensorScope.open()) {
            Tensor dense = SparseInstances.dense(AffineFactor.of(a).keptRows());
            ToDoubleFunction<Tensor> largest = t -> t.numel() == 0 ? 0 : Distances.largest(t);
            double worst = 0;
            for (int i = 0; i < COUNT; i++) {
                double[] mask = new double[n];
                for (int j = 0; j < n; j++) {
                    mask[j] = free[i * n + j] ? 1 : 0;
                }
                Tensor face = dense.mul(Tensors.of(mask, 1, n));
                Tensor row = Tensors.of(Distances.row(s, i, n), n);
                Tensor expected = onRows(face, Tensors.of(Distances.row(g, i, n), n));
                worst = Math.max(
                        worst,
                        largest.applyAsDouble(row.mul(Tensors.of(mask, n)).sub(expected)));
                worst = Math.max(worst, largest.applyAsDouble(row.sub(onRows(dense, row))));
            }
            return worst;
        }
    }

    /** M⁺M·x. */
    private static Tensor onRows(Tensor m, Tensor x) {
        Tensor inverse = torch.linalg_pinv(m, new DoubleOptional(RANK), new DoubleOptional(RANK), false);
        return inverse.matmul(m.matmul(x));
    }

    private static boolean[] flags(int count, double share, RandomGenerator random) {
        boolean[] flags = new boolean[count];
        for (int j = 0; j < count; j++) {
            flags[j] = random.nextDouble() < share;
        }
        return flags;
    }

    private static boolean[] all(int count) {
        return flags(count, 1, Cases.random(0));
    }
}
