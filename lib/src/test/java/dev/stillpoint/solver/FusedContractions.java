package dev.stillpoint.solver;

import dev.stillpoint.kernel.Judge;
import dev.stillpoint.kernel.Verdict;
import dev.stillpoint.law.Cases;
import dev.stillpoint.law.Contractions;
import dev.stillpoint.operator.Fused;
import dev.stillpoint.tensor.TensorScope;
import dev.stillpoint.tensor.Tensors;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.Queue;
import java.util.Random;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch.ScalarType;
import org.jspecify.annotations.Nullable;

/**
 * {@link Contractions} with a loop as a kernel has it: every thread has some lanes, a sample that ends leaves its lane to the
 * next of a shuffled queue. To the same bits as the operator, so that a judgement that differs shows.
 *
 * @param order seed of the queue
 * @param fault what it does wrong
 */
record FusedContractions(long order, Fault fault) implements Fused<Contractions> {
    private static final int THREADS = 3;
    private static final int LANES = 8;

    /** What a kernel may get wrong. */
    enum Fault {
        NONE,
        RETURNS_NEXT,
        NEVER_MEASURES,
        SAYS_THAT_X_STANDS_STILL,
        COUNTS_THE_STEPS_OF_A_LANE,
        FORGETS_ONE,
        HALVES_THE_RESIDUAL,
        FORGETS_THE_SIZE,
        DROPS_A_ROW
    }

    @Override
    public Tensor apply(Tensor z, Contractions c) {
        return Contractions.OPERATOR.apply(z, c);
    }

    /** True of some samples alone: here it matters that it is told. */
    @Override
    public OptionalDouble contractionFactor() {
        return OptionalDouble.of(0.75);
    }

    @Override
    public Optional<Loop> loop(Tensor z0, Contractions c) {
        return Optional.of(judge -> iterate(z0, c, judge));
    }

    private Tensor iterate(Tensor z0, Contractions c, Judge judge) {
        int batch = c.size();
        int n = (int) z0.numel() / batch;
        List<Integer> order = new ArrayList<>();
        for (int i = 0; i < batch; i++) {
            order.add(i);
        }
        Collections.shuffle(order, new Random(this.order));
        if (fault == Fault.FORGETS_ONE) {
            order.remove(0);
        }
        Queue<Integer> waiting = new ConcurrentLinkedQueue<>(order);
        Work work = new Work(Tensors.doubles(c.a()), Tensors.doubles(c.b()), n, Tensors.type(z0), Tensors.doubles(z0));
        ExecutorService pool = Executors.newFixedThreadPool(THREADS);
        try {
            List<Future<?>> running = new ArrayList<>();
            for (int i = 0; i < THREADS; i++) {
                running.add(pool.submit(() -> run(work, waiting, judge)));
            }
            for (Future<?> thread : running) {
                thread.get();
            }
        } catch (InterruptedException | ExecutionException e) {
            throw new AssertionError(e);
        } finally {
            pool.shutdownNow();
        }
        Tensor z = Tensors.of(work.z, z0.shape()).to(Tensors.type(z0));
        return fault == Fault.DROPS_A_ROW ? z.narrow(0, 1, batch - 1) : z;
    }

    private void run(Work work, Queue<Integer> waiting, Judge judge) {
        List<Lane> lanes = new ArrayList<>();
        for (int i = 0; i < LANES; i++) {
            lanes.add(new Lane());
        }
        while (lanes.stream().filter(lane -> lane.fill(work, waiting)).count() > 0) {
            double[] rows = new double[2 * LANES * work.n];
            for (int i = 0; i < LANES; i++) {
                lanes.get(i).apply(work, rows, i);
            }
            double[] norms = work.norms(rows);
            for (int i = 0; i < LANES; i++) {
                if (lanes.get(i).busy) {
                    lanes.get(i).end(work, judge, norms[i], norms[LANES + i]);
                }
            }
        }
    }

    /** What the threads share: each writes the rows of its own samples. */
    private record Work(double[] a, double[] b, int n, ScalarType type, double[] z) {
        /** In double and rounded after each operation, which gives what float32 itself would. */
        double round(double value) {
            return type == ScalarType.Float ? (float) value : value;
        }

        /** As the operator's solver measures them: another order of summing would give other last bits. */
        double[] norms(double[] rows) {
            try (TensorScope scope = TensorScope.open()) {
                return Tensors.doubles(
                        Tensors.rowNorm(Tensors.of(rows, rows.length / n, n).to(type)));
            }
        }
    }

    private final class Lane {
        private boolean busy;
        private int sample;
        private int step;
        private double[] z = {};
        private double[] tz = {};
        private double @Nullable [] kept;

        boolean fill(Work work, Queue<Integer> waiting) {
            if (!busy) {
                Integer next = waiting.poll();
                if (next != null) {
                    busy = true;
                    sample = next;
                    step = fault == Fault.COUNTS_THE_STEPS_OF_A_LANE ? step : 0;
                    z = Arrays.copyOfRange(work.z, next * work.n, (next + 1) * work.n);
                }
            }
            return busy;
        }

        /** T(z), and T(z) − z and z among the rows whose norm is wanted. */
        void apply(Work work, double[] rows, int row) {
            if (!busy) {
                return;
            }
            int n = work.n;
            tz = new double[n];
            for (int j = 0; j < n; j++) {
                tz[j] = work.round(work.round(work.a[sample] * z[j]) + work.b[sample * n + j]);
                rows[row * n + j] = work.round(tz[j] - z[j]);
                rows[(LANES + row) * n + j] = z[j];
            }
            step++;
        }

        void end(Work work, Judge judge, double norm, double sizeOfZ) {
            double residual = fault == Fault.HALVES_THE_RESIDUAL ? norm / 2 : norm;
            double size = fault == Fault.FORGETS_THE_SIZE ? 0 : sizeOfZ;
            Verdict verdict = judge.look(sample, step, residual, size);
            if (verdict == Verdict.MEASURE && fault != Fault.NEVER_MEASURES) {
                verdict = judge.moved(sample, moved(work));
            }
            if (verdict == Verdict.END) {
                System.arraycopy(fault == Fault.RETURNS_NEXT ? tz : z, 0, work.z, sample * work.n, work.n);
                busy = false;
            }
            z = tz;
        }

        /** x is z. Where this lane has kept none, or that of the sample before, anything does. */
        private double moved(Work work) {
            double distance = fault == Fault.SAYS_THAT_X_STANDS_STILL ? 0 : Double.NaN;
            if (kept != null && fault != Fault.SAYS_THAT_X_STANDS_STILL) {
                double[] difference = new double[work.n];
                for (int j = 0; j < work.n; j++) {
                    difference[j] = work.round(z[j] - kept[j]);
                }
                distance = work.norms(difference)[0];
            }
            kept = z;
            return distance;
        }
    }

    /** Kinds of samples, in turns: a factor, and where to start. */
    static Contractions kinds(int batch, int n, ScalarType type) {
        double[] factors = {0, 0.1, 0.5, -1, 0.9, 2, Double.NaN, -1, 0.3, 1 - 1e-6, 0.95, 0.999};
        double[] a = new double[batch];
        Arrays.setAll(a, i -> factors[i % factors.length]);
        double[] b = Cases.normal(Cases.random(batch), batch * n, 1);
        for (int k = 0; k < b.length; k++) {
            b[k] = a[k / n] == -1 ? 2 : b[k];
        }
        return new Contractions(
                Tensors.of(a, batch, 1).to(type), Tensors.of(b, batch, n).to(type));
    }

    /** 0 but for samples with the factor −1, two roundings or a half beside 1, and the slowest, some roundings beside its z*. */
    static Tensor start(Contractions c) {
        ScalarType type = Tensors.type(c.b());
        double[] a = Tensors.doubles(c.a());
        double[] b = Tensors.doubles(c.b());
        double[] z = new double[b.length];
        int n = b.length / a.length;
        double rounding = Tensors.rounding(type);
        for (int k = 0; k < z.length; k++) {
            int i = k / n;
            if (a[i] == -1) {
                z[k] = i % 12 == 3 ? 1 + 2 * rounding : 1.5;
            } else if (a[i] > 0.9999 && a[i] < 1) {
                z[k] = b[k] / (1 - a[i]) * (1 + 1e7 * rounding);
            }
        }
        return Tensors.of(z, a.length, n).to(type);
    }
}
