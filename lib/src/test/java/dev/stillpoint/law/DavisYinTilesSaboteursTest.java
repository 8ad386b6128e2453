package dev.stillpoint.law;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.stillpoint.kernel.Bounds;
import dev.stillpoint.kernel.Judge;
import dev.stillpoint.kernel.LaneFactor;
import dev.stillpoint.kernel.Lanes;
import dev.stillpoint.kernel.ScalarLanes;
import dev.stillpoint.kernel.Verdict;
import dev.stillpoint.law.DavisYinTilesLaws.Data;
import dev.stillpoint.law.DavisYinTilesLaws.Instance;
import dev.stillpoint.operator.Fused;
import dev.stillpoint.tensor.Tensors;
import java.util.Arrays;
import java.util.Optional;
import java.util.function.Function;
import java.util.random.RandomGenerator;
import org.bytedeco.pytorch.Tensor;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Faults of lanes, loops and refills that {@link DavisYinTilesLaws} must catch. */
class DavisYinTilesSaboteursTest {
    private static final double NONE = Double.POSITIVE_INFINITY;

    @ParameterizedTest
    @ValueSource(ints = {1, 7})
    void saboteursAreCaught(int batch) {
        caught("steps: ‖z − z of float64‖", batch, new WrappedLanes(new ScalarLanes(5)) {
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
                // A γ that is off by a thousandth.
                super.sweep(f, box, keep + 1e-3f, scaledCost, z, next, y, v, sums);
            }
        });
        caught("steps: ‖z − z of float64‖", batch, new WrappedLanes(new ScalarLanes(5)) {
            @Override
            public void solve(LaneFactor f, float[] y) {
                super.solve(f, y);
                y[0] *= 1.001f;
            }
        });
        // The iterate after the one that was judged.
        caught("steps: ‖z − z of float64‖", batch, t -> (z, z0, c) -> t.apply(z, c));
        caught("z from z*", batch, t -> (z, z0, c) -> Distances.largest(z.sub(z0)) < 1e-3 ? t.apply(z, c) : z);
    }

    @Test
    void saboteursThatMixSamplesAreCaught() {
        caught("beside NaN", 7, new WrappedLanes(new ScalarLanes(5)) {
            @Override
            public void solve(LaneFactor f, float[] y) {
                super.solve(f, y);
                for (int i = 0; i < y.length; i++) {
                    // Nothing, unless a neighbour is NaN.
                    y[i] += 0 * y[i - i % 5 + (i + 1) % 5];
                }
            }
        });
        caught("threads", 7, new WrappedLanes(new ScalarLanes(5)) {
            @Override
            public void solve(LaneFactor f, float[] y) {
                super.solve(f, y);
                // A rounding in one of the lanes: which sample it meets is up to the threads.
                y[1] = Math.nextUp(y[1]);
            }
        });
        RandomGenerator random = Cases.random(5);
        Instance own = Instance.on(SparseInstances.incidence(17, random), NONE, 7, false, random);
        Instance first = new Instance(
                own.a(), own.upper(), own.w(), Arrays.copyOf(own.b(), own.a().rows()), own.gamma(), own.step());
        assertThatThrownBy(() -> DavisYinTilesLaws.check(first.on(new ScalarLanes(5)), own))
                .as("b of the first sample for all")
                .isInstanceOf(AssertionError.class)
                .hasMessageContaining("steps: ‖z − z of float64‖");
    }

    /** What a lane would keep of the sample before it: seven samples on five lanes, the last two in refilled ones. */
    @Test
    void saboteursOfTheRefillAreCaught() {
        caughtInLoop("steps: ‖z − z of float64‖", 7, (inner, z0, c) -> inner.loop(keepsEarlier(z0), c));
        caughtInLoop(
                "steps: ‖z − z of float64‖", 7, (inner, z0, c) -> inner.loop(z0, new Data(keepsEarlier(c.w()), c.b())));
        caughtInLoop("steps: ‖z − z of float64‖", 7, (inner, z0, c) -> inner.loop(z0, c)
                .map(loop -> judge -> loop.run(new Judge() {
                    @Override
                    public Verdict look(int sample, int step, double residual, double size) {
                        return judge.look(sample, sample < 5 ? step : step + 1, residual, size);
                    }

                    @Override
                    public Verdict moved(int sample, double distance) {
                        return judge.moved(sample, distance);
                    }
                })));
    }

    /** Rows 5 and 6 are those of rows 0 and 1. */
    private static Tensor keepsEarlier(Tensor rows) {
        return rows.index_select(0, Tensors.of(0L, 1L, 2L, 3L, 4L, 0L, 1L));
    }

    /** A loop that is made of another's. */
    private interface SpoiltLoop {
        Optional<Fused.Loop> of(Fused<Data> inner, Tensor z0, Data c);
    }

    private static void caughtInLoop(String law, int batch, SpoiltLoop saboteur) {
        caughtIn(law, batch, instance -> {
            Fused<Data> inner = instance.on(new ScalarLanes(5));
            return new Fused<>() {
                @Override
                public Optional<Loop> loop(Tensor z0, Data c) {
                    return saboteur.of(inner, z0, c);
                }

                @Override
                public Tensor apply(Tensor z, Data c) {
                    return inner.apply(z, c);
                }

                @Override
                public Tensor solution(Tensor z, Data c) {
                    return inner.solution(z, c);
                }
            };
        });
    }

    private static void caught(String law, int batch, Lanes saboteur) {
        caughtIn(law, batch, instance -> instance.on(saboteur));
    }

    /** What is made of a loop's z. */
    private interface Spoilt {
        Tensor result(Tensor z, Tensor z0, Data c);
    }

    private static void caught(String law, int batch, Function<Fused<Data>, Spoilt> saboteur) {
        caughtInLoop(law, batch, (inner, z0, c) -> {
            Spoilt spoilt = saboteur.apply(inner);
            return inner.loop(z0, c).map(loop -> judge -> spoilt.result(loop.run(judge), z0, c));
        });
    }

    private static void caughtIn(String law, int batch, Function<Instance, Fused<Data>> saboteur) {
        RandomGenerator random = Cases.random(4);
        Instance instance = Instance.on(SparseInstances.incidence(17, random), 1.1, batch, true, random);
        assertThatThrownBy(() -> DavisYinTilesLaws.check(saboteur.apply(instance), instance))
                .as(law)
                .isInstanceOf(AssertionError.class)
                .hasMessageContaining(law);
    }
}
