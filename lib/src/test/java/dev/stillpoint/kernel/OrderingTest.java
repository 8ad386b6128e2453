package dev.stillpoint.kernel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.stillpoint.law.Cases;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import java.util.random.RandomGenerator;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class OrderingTest {
    /**
     * What two independent programs leave below the diagonal on a 100 × 100 grid: the AMD of CVXOPT 1.3.3 (SuiteSparse)
     * 196,332, METIS by PyMetis 182,958.
     */
    private static final long AMD_AT_100 = 196_332;

    private static final long METIS_AT_100 = 182_958;

    @Test
    void everyIndexComesOnce() {
        for (SparseMatrix a : graphs()) {
            permutation(Ordering.of(a.gram()), a.rows());
        }
        assertFails(() -> permutation(new int[] {0, 1, 1}, 3));
        assertFails(() -> permutation(new int[] {0, 1}, 3));
        assertFails(() -> permutation(new int[] {0, 1, 3}, 3));
    }

    @Test
    void bothMethodsOrderAllGraphs() {
        for (SparseMatrix a : graphs()) {
            Graph graph = Graph.of(a.gram());
            permutation(
                    MinimumDegree.order(graph.pointers, graph.neighbours.clone(), new boolean[graph.size]), a.rows());
            permutation(NestedDissection.order(graph, 1), a.rows());
        }
    }

    @Test
    void surroundingVerticesAreNotEliminated() {
        Graph graph = Graph.of(Matrices.grid(7).gram());
        boolean[] surrounding = new boolean[49];
        Arrays.fill(surrounding, 40, 49, true);
        int[] order = MinimumDegree.order(graph.pointers, graph.neighbours.clone(), surrounding);
        permutation(order, 40);
    }

    @Test
    void noEdgeCrossesASeparator() {
        Cases.forSeeds(20, random -> {
            int n = 100 + random.nextInt(400);
            Graph graph = Graph.of(incidence(random, n, 2 * n).gram());
            byte[] side = Separator.of(graph, new SplittableRandom(random.nextLong()));
            separates(graph, side);
            assertFails(() -> separates(graph, withoutSeparator(side)));
        });
    }

    /** The line across is k; a zigzag of the same length is as good. */
    @Test
    void separatorsOfGridsAreShort() {
        Graph graph = Graph.of(Matrices.grid(50).gram());
        byte[] side = Separator.of(graph, new SplittableRandom(1));
        assertThat(count(side, Separator.MIDDLE)).isBetween(1L, 50L);
        assertThat(Math.min(count(side, 0), count(side, 1))).isGreaterThan(500);
    }

    @Test
    void fillOfAGridIsNoMoreThanThatOfAmdAndMetis() {
        SparseMatrix gram = Matrices.grid(100).gram();
        assertThat(fill(gram, Ordering.of(gram))).isLessThan(METIS_AT_100);
        Graph graph = Graph.of(gram);
        int[] minimumDegree = MinimumDegree.order(graph.pointers, graph.neighbours.clone(), new boolean[graph.size]);
        assertThat(fill(gram, minimumDegree)).isLessThan(AMD_AT_100);
        int[] natural = IntStream.range(0, gram.rows()).toArray();
        assertThat(fill(gram, natural)).isGreaterThan(5 * AMD_AT_100);
    }

    /** Leaves of a tree first: no fill at all. The natural order of a star that starts with its hub fills everything. */
    @Test
    void treesAndCliquesHaveNoFill() {
        int n = 1021;
        List<int[]> star = new ArrayList<>();
        List<int[]> tree = new ArrayList<>();
        RandomGenerator random = Cases.random(1);
        for (int v = 1; v < n; v++) {
            star.add(new int[] {0, v});
            tree.add(new int[] {random.nextInt(v), v});
        }
        for (List<int[]> arcs : List.of(star, tree)) {
            SparseMatrix gram = Matrices.incidence(n, arcs).gram();
            assertThat(fill(gram, Ordering.of(gram))).isEqualTo(n - 1);
        }
        SparseMatrix gram = Matrices.incidence(n, star).gram();
        assertThat(fill(gram, IntStream.range(0, n).toArray())).isEqualTo((long) n * (n - 1) / 2);
        SparseMatrix clique = clique(101).gram();
        assertThat(fill(clique, Ordering.of(clique))).isEqualTo(101 * 100 / 2);
    }

    /** A hub is put last; without it, a grid. */
    @Test
    void oneDenseRowAddsOneRowOfFill() {
        int k = 60;
        SparseMatrix gram = Matrices.grid(k).gram();
        double[][] ones = new double[1][Matrices.grid(k).columns()];
        Arrays.fill(ones[0], 1);
        // Orthogonal to inner nodes, but the pattern is full.
        SparseMatrix with =
                Matrices.stacked(Matrices.grid(k), SparseMatrix.of(ones)).gram();
        int[] order = Ordering.of(with);
        permutation(order, k * k + 1);
        assertThat(order[k * k]).isEqualTo(k * k);
        assertThat(fill(with, order)).isEqualTo(fill(gram, Ordering.of(gram)) + (long) k * k);
    }

    @Test
    void postorderPutsChildrenBeforeParentsAndChangesNoFill() {
        Cases.forSeeds(10, random -> {
            SparseMatrix gram = incidence(random, 101, 150).gram();
            int[] order = Matrices.permutation(random, 101);
            EliminationTree tree = EliminationTree.of(gram, order);
            assertThat(tree.nonZeros()).isEqualTo(naiveFill(gram, order)).isEqualTo(naiveFill(gram, tree.order()));
            postordered(tree.parent());
        });
        assertFails(() -> postordered(new int[] {2, 3, 4, 4, -1}));
    }

    /** Clique 0, 2, 3 and an edge 1, 2: with 1 first, the clique's columns are side by side, a supernode. */
    @Test
    void theLongestChildComesLast() {
        SparseMatrix pattern = SparseMatrix.of(new double[][] {{1, 0, 1, 1}, {0, 1, 1, 0}, {1, 1, 1, 1}, {1, 0, 1, 1}});
        assertThat(EliminationTree.of(pattern, new int[] {0, 1, 2, 3}).order()).containsExactly(1, 0, 2, 3);
        assertThat(EliminationTree.of(pattern, new int[] {1, 0, 2, 3}).order()).containsExactly(1, 0, 2, 3);
    }

    @Test
    void callersMistakesAreNamed() {
        assertThatThrownBy(() -> Ordering.of(SparseMatrix.of(new double[2][3])))
                .hasMessage("Ordering: need a square matrix, got 2 x 3");
        assertThatThrownBy(() -> Ordering.of(SparseMatrix.of(new double[][] {{1, 1}, {0, 1}})))
                .hasMessage("Ordering: need a symmetric pattern, got one that is not");
    }

    private static List<SparseMatrix> graphs() {
        List<SparseMatrix> graphs = new ArrayList<>();
        for (int n : new int[] {0, 1, 7, 16, 17, 101, 1021}) {
            graphs.add(incidence(Cases.random(n), n, n / 2));
            graphs.add(incidence(Cases.random(n), n, 3 * n));
            graphs.add(incidence(Cases.random(n), n, 0));
        }
        for (int k : new int[] {1, 2, 7, 16, 31, 50}) {
            graphs.add(Matrices.grid(k));
        }
        graphs.add(clique(101));
        graphs.add(Matrices.random(Cases.random(1), 501, 701, 3));
        // Many components, none of them a tree, more than a leaf of nested dissection.
        List<int[]> squares = new ArrayList<>();
        for (int v = 0; v < 4 * 401; v++) {
            squares.add(new int[] {v, v / 4 * 4 + (v + 1) % 4});
        }
        graphs.add(Matrices.incidence(4 * 401, squares));
        return graphs;
    }

    private static SparseMatrix clique(int n) {
        double[][] ones = new double[n][1];
        for (int i = 0; i < n; i++) {
            ones[i][0] = 1;
        }
        return SparseMatrix.of(ones);
    }

    private static SparseMatrix incidence(RandomGenerator random, int n, int arcs) {
        List<int[]> list = new ArrayList<>();
        for (int a = 0; a < arcs && n > 1; a++) {
            int tail = random.nextInt(n);
            list.add(new int[] {tail, (tail + 1 + random.nextInt(n - 1)) % n});
        }
        return Matrices.incidence(n, list);
    }

    private static void permutation(int[] order, int n) {
        int[] sorted = order.clone();
        Arrays.sort(sorted);
        assertThat(sorted).isEqualTo(IntStream.range(0, n).toArray());
    }

    private static void separates(Graph graph, byte[] side) {
        assertThat(count(side, 0)).isPositive();
        assertThat(count(side, 1)).isPositive();
        for (int v = 0; v < graph.size; v++) {
            for (int p = graph.pointers[v]; p < graph.pointers[v + 1]; p++) {
                assertThat(side[v] + side[graph.neighbours[p]])
                        .as("sides of an edge")
                        .isNotEqualTo(1);
            }
        }
    }

    private static byte[] withoutSeparator(byte[] side) {
        byte[] result = side.clone();
        for (int v = 0; v < result.length; v++) {
            result[v] = result[v] == Separator.MIDDLE ? 0 : result[v];
        }
        return result;
    }

    private static long count(byte[] side, int which) {
        return IntStream.range(0, side.length).filter(v -> side[v] == which).count();
    }

    private static void postordered(int[] parent) {
        // The subtree of j is the run of columns that ends at j.
        int[] size = new int[parent.length];
        for (int j = 0; j < parent.length; j++) {
            size[j]++;
            if (parent[j] >= 0) {
                assertThat(parent[j]).isGreaterThan(j);
                size[parent[j]] += size[j];
            }
        }
        for (int j = 0; j < parent.length; j++) {
            for (int i = j - size[j] + 1; i < j; i++) {
                assertThat(parent[i]).isBetween(i + 1, j);
            }
        }
    }

    private static long fill(SparseMatrix pattern, int[] order) {
        return EliminationTree.of(pattern, order).nonZeros();
    }

    /** Elimination on the graph itself. */
    private static long naiveFill(SparseMatrix pattern, int[] order) {
        double[][] dense = Matrices.dense(pattern);
        long fill = 0;
        boolean[] gone = new boolean[order.length];
        for (int pivot : order) {
            gone[pivot] = true;
            int[] around = IntStream.range(0, order.length)
                    .filter(i -> !gone[i] && dense[pivot][i] != 0)
                    .toArray();
            fill += around.length;
            for (int i : around) {
                for (int j : around) {
                    dense[i][j] = 1;
                }
            }
        }
        return fill;
    }

    private static void assertFails(Runnable law) {
        assertThatThrownBy(law::run).isInstanceOf(AssertionError.class);
    }
}
