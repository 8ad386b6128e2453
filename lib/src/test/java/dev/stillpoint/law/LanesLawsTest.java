package dev.stillpoint.law;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.stillpoint.kernel.AffineFactor;
import dev.stillpoint.kernel.Bounds;
import dev.stillpoint.kernel.LaneFactor;
import dev.stillpoint.kernel.Lanes;
import dev.stillpoint.kernel.ScalarLanes;
import dev.stillpoint.kernel.SparseMatrix;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** {@link LanesLaws} on plain Java, and on lanes with a fault. */
class LanesLawsTest {
    private static final int WIDTH = 7;
    private static final int N = 101;

    @ParameterizedTest
    @ValueSource(ints = {1, 7, 16, 17})
    void plainJavaKeepsThem(int width) {
        LanesLaws.check(new ScalarLanes(width), Cases.random(width));
    }

    @Test
    void oneSampleKeepsThem() {
        LanesLaws.check(new ScalarLanes(4).narrower(), Cases.random(5));
        SparseTilesLaws.check(new ScalarLanes(4).narrower(), Cases.random(6));
    }

    /** The matrices are what they are said to be. */
    @Test
    void matricesHaveEveryKindOfColumn() {
        SparseMatrix sparse = SparseInstances.sparse(N, Cases.random(1));
        int[] starts = sparse.transpose().pointers();
        boolean[] seen = new boolean[4];
        for (int j = 0; j < N; j++) {
            seen[Math.min(3, starts[j + 1] - starts[j])] = true;
        }
        assertThat(seen).containsOnly(true);
        AffineFactor factor = AffineFactor.of(sparse);
        assertThat(factor.dropped()).isNotEmpty();
        double[] scales = factor.rowScales().clone();
        Arrays.sort(scales);
        assertThat(scales[scales.length - 1] / scales[0]).isGreaterThan(1e5);
        assertThat(AffineFactor.of(SparseInstances.incidence(N, Cases.random(1)))
                        .dropped())
                .hasSize(1);
    }

    @Test
    void saboteursAreCaught() {
        caught("solve", new WrappedLanes(new ScalarLanes(WIDTH)) {
            @Override
            public void solve(LaneFactor f, float[] y) {
                // One entry of L dropped, the last.
                float[] rows = f.rowValues().clone();
                rows[rows.length - 1] = 0;
                super.solve(with(f, f.matrixValues(), rows), y);
            }
        });
        caught("solve: apart from lanes", new WrappedLanes(new ScalarLanes(WIDTH)) {
            @Override
            public void solve(LaneFactor f, float[] y) {
                super.solve(f, y);
                // One rounding, by the neighbour's sign: no tolerance sees it.
                y[3] = y[4] > 0 ? Math.nextUp(y[3]) : y[3];
            }
        });
        caught("solve: in whichever lane", new WrappedLanes(new ScalarLanes(WIDTH)) {
            @Override
            public void solve(LaneFactor f, float[] y) {
                super.solve(f, y);
                // One rounding in one lane.
                y[3] = Math.nextUp(y[3]);
            }
        });
        caught("residual: need", new WrappedLanes(new ScalarLanes(WIDTH)) {
            @Override
            public void residual(LaneFactor f, float[] v, float[] b, float[] y) {
                super.residual(f, v, new float[b.length], y);
            }
        });
        caught("residual: v left as it is", new WrappedLanes(new ScalarLanes(WIDTH)) {
            @Override
            public void residual(LaneFactor f, float[] v, float[] b, float[] y) {
                super.residual(f, v, b, y);
                v[0] = 0;
            }
        });
        caught("residual: b left as it is", new WrappedLanes(new ScalarLanes(WIDTH)) {
            @Override
            public void residual(LaneFactor f, float[] v, float[] b, float[] y) {
                super.residual(f, v, b, y);
                b[0]++;
            }
        });
        caught("subtractTransposed: need", new WrappedLanes(new ScalarLanes(WIDTH)) {
            @Override
            public void subtractTransposed(LaneFactor f, float[] y, float[] v) {
                // A float of A off by some roundings.
                float[] values = f.matrixValues().clone();
                values[0] *= 1 + 1e-5f;
                super.subtractTransposed(with(f, values, f.rowValues()), y, v);
            }
        });
        caught("subtractTransposed: y left as it is", new WrappedLanes(new ScalarLanes(WIDTH)) {
            @Override
            public void subtractTransposed(LaneFactor f, float[] y, float[] v) {
                super.subtractTransposed(f, y, v);
                y[y.length - 1]++;
            }
        });
    }

    @Test
    void saboteursOfTheSweepAreCaught() {
        caught("next", sweeping((s, inner) -> {
            float[] unbounded = new float[N];
            Arrays.fill(unbounded, Float.POSITIVE_INFINITY);
            s.with(new Bounds(s.box.lower(), unbounded)).run(inner);
        }));
        caught("next", sweeping((s, inner) -> {
            float[] open = new float[N];
            Arrays.fill(open, Float.NEGATIVE_INFINITY);
            s.with(new Bounds(open, s.box.upper())).run(inner);
        }));
        // y not swept into one column.
        caught("next", sweeping((s, inner) -> {
            float[] values = s.f.matrixValues().clone();
            values[values.length - 1] = 0;
            new Sweep(with(s.f, values, s.f.rowValues()), s.box, s.keep, s.cost, s.z, s.next, s.y, s.v, s.sums)
                    .run(inner);
        }));
        // v⁺ made from z in place of z⁺.
        caught("v", sweeping((s, inner) -> {
            s.run(inner);
            for (int i = 0; i < s.v.length; i++) {
                int j = i / WIDTH;
                float x = Math.min(Math.max(s.z[i], s.box.lower()[j]), s.box.upper()[j]);
                s.v[i] = (1 + s.keep) * x - s.z[i] - s.cost[i];
            }
        }));
        caught("sums: of z⁺ − z", sweeping((s, inner) -> {
            s.run(inner);
            for (int l = 0; l < WIDTH; l++) {
                s.sums[l] = (float) Math.sqrt(s.sums[l]);
            }
        }));
        // Of z⁺ where that of z is asked for.
        caught("sums: of z:", sweeping((s, inner) -> {
            s.run(inner);
            for (int l = 0; l < WIDTH; l++) {
                s.sums[WIDTH + l] = 0;
                for (int j = 0; j < N; j++) {
                    s.sums[WIDTH + l] += s.next[j * WIDTH + l] * s.next[j * WIDTH + l];
                }
            }
        }));
        caught("sums: of z⁺ − z", sweeping((s, inner) -> {
            float[] before = s.sums.clone();
            s.run(inner);
            s.sums[2] += before[2];
        }));
        caught("sweep: z left as it is", sweeping((s, inner) -> {
            s.run(inner);
            System.arraycopy(s.next, 0, s.z, 0, s.z.length);
        }));
        caught("sweep: cost left as it is", sweeping((s, inner) -> {
            s.run(inner);
            s.cost[5] = 0;
        }));
        caught("NaN in z comes out", sweeping((s, inner) -> {
            s.run(inner);
            for (int l = 0; l < s.sums.length; l++) {
                // A sum that drops NaN.
                s.sums[l] = Float.isNaN(s.sums[l]) ? 0 : s.sums[l];
            }
        }));
        caught("next: apart from lanes", sweeping((s, inner) -> {
            s.run(inner);
            s.next[3] = s.z[4] > 0 ? Math.nextUp(s.next[3]) : s.next[3];
        }));
        caught("sums: in whichever lane", sweeping((s, inner) -> {
            s.run(inner);
            s.sums[6] = Math.nextUp(s.sums[6]);
        }));
    }

    private static void caught(String law, Lanes saboteur) {
        assertThatThrownBy(() -> LanesLaws.check(saboteur, SparseInstances.sparse(N, Cases.random(2)), Cases.random(3)))
                .as(law)
                .isInstanceOf(AssertionError.class)
                .hasMessageContaining(law);
    }

    private static LaneFactor with(LaneFactor f, float[] matrixValues, float[] rowValues) {
        return new LaneFactor(
                f.columns(),
                f.rank(),
                f.matrixPointers(),
                f.matrixRows(),
                matrixValues,
                f.rowPointers(),
                f.rowIndices(),
                rowValues,
                f.columnPointers(),
                f.columnIndices(),
                f.columnValues(),
                f.inversePivots(),
                f.productPointers(),
                f.productColumns(),
                f.productValues());
    }

    /** A sweep's arguments. */
    private record Sweep(
            LaneFactor f,
            Bounds box,
            float keep,
            float[] cost,
            float[] z,
            float[] next,
            float[] y,
            float[] v,
            float[] sums) {
        Sweep with(Bounds other) {
            return new Sweep(f, other, keep, cost, z, next, y, v, sums);
        }

        void run(Lanes lanes) {
            lanes.sweep(f, box, keep, cost, z, next, y, v, sums);
        }
    }

    private interface Fault {
        void sweep(Sweep s, Lanes inner);
    }

    private static Lanes sweeping(Fault fault) {
        return new WrappedLanes(new ScalarLanes(WIDTH)) {
            @Override
            public void sweep(
                    LaneFactor f,
                    Bounds box,
                    float keep,
                    float[] scaledCost,
                    float[] z,
                    float[] next,
                    float[] y,
                    float[] v,
                    float[] sums) {
                fault.sweep(new Sweep(f, box, keep, scaledCost, z, next, y, v, sums), inner);
            }
        };
    }
}
