package dev.stillpoint.cli.measure;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.sun.management.OperatingSystemMXBean;
import dev.stillpoint.solver.Status;
import dev.stillpoint.tensor.Engine;
import dev.stillpoint.zoo.Decision;
import dev.stillpoint.zoo.Model;
import java.lang.management.ManagementFactory;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CancellationException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.random.RandomGenerator;
import java.util.random.RandomGeneratorFactory;

/**
 * Decisions for one context a call, by several threads that share a model, each call begun when the thread's last has ended.
 *
 * @param run the folder of a trained run whose contexts are normal numbers
 * @param threads callers
 * @param warmUp calls before the first that counts, of all threads together
 * @param calls that count
 * @param seed of the contexts, each of which is asked for once
 */
record LatencyJob(String run, int threads, int warmUp, int calls, long seed) {
    static final String KIND = "latency";

    /** How often memory is read while the calls are made, beside before and after. */
    static final int READINGS = 10;

    private static final ObjectMapper JSON = new ObjectMapper();

    static LatencyJob of(ObjectNode job) {
        return new LatencyJob(
                job.path("run").asText(),
                job.path("threads").asInt(),
                job.path("warmUp").asInt(),
                job.path("calls").asInt(),
                job.path("seed").asLong());
    }

    ObjectNode toJson() {
        return JSON.createObjectNode()
                .put("job", KIND)
                .put("run", run)
                .put("threads", threads)
                .put("warmUp", warmUp)
                .put("calls", calls)
                .put("seed", seed);
    }

    /**
     * {p50, p90, p99, worst} in milliseconds, {callsPerSecond, processorMilliseconds (a call), meanSteps, unsolved}, {residentBytes}: a
     * number at the first call that counts and after each tenth of them, none where the system does not tell, and
     * {nativeObjects}: those that Java holds before the first call that counts and after the last one, garbage collected.
     */
    ObjectNode measure() {
        Model model = Model.load(Path.of(run));
        long[] nanoseconds = new long[calls];
        long[] resident = new long[READINGS + 1];
        AtomicInteger unsolved = new AtomicInteger();
        long[] steps = new long[threads];
        serve(model, warmUp, -1, (thread, call, took, decision) -> {});
        long objects = nativeObjects();
        resident[0] = ResidentMemory.now().orElse(-1);
        long start = System.nanoTime();
        long worked = processorTime();
        serve(model, calls, seed, (thread, call, took, decision) -> {
            nanoseconds[call] = took;
            steps[thread] += decision.steps();
            if (decision.status() != Status.CONVERGED) {
                unsolved.incrementAndGet();
            }
            int reading = (int) ((call + 1L) * READINGS / calls);
            if (reading != (int) ((long) call * READINGS / calls)) {
                resident[reading] = ResidentMemory.now().orElse(-1);
            }
        });
        double seconds = (System.nanoTime() - start) / 1e9;
        worked = processorTime() - worked;
        Arrays.sort(nanoseconds);
        ObjectNode result = JSON.createObjectNode()
                .put("p50", at(nanoseconds, 0.5))
                .put("p90", at(nanoseconds, 0.9))
                .put("p99", at(nanoseconds, 0.99))
                .put("worst", at(nanoseconds, 1))
                .put("callsPerSecond", calls / seconds)
                .put("processorMilliseconds", worked / 1e6 / calls)
                .put("meanSteps", Arrays.stream(steps).sum() / (double) calls)
                .put("unsolved", unsolved.get());
        ArrayNode bytes = result.putArray("residentBytes");
        Arrays.stream(resident).filter(r -> r >= 0).forEach(bytes::add);
        result.putArray("nativeObjects").add(objects).add(nativeObjects());
        return result;
    }

    private static long nativeObjects() {
        System.gc();
        return Engine.nativeObjects();
    }

    /** Nanoseconds of all threads of this process. */
    private static long processorTime() {
        return ManagementFactory.getOperatingSystemMXBean() instanceof OperatingSystemMXBean system
                ? system.getProcessCpuTime()
                : -1;
    }

    /** The least time, in milliseconds, within which this share of the calls came back. */
    private static double at(long[] sorted, double share) {
        return sorted[Math.max(0, (int) Math.ceil(share * sorted.length) - 1)] / 1e6;
    }

    private interface Served {
        void accept(int thread, int call, long nanoseconds, Decision decision);
    }

    private void serve(Model model, int count, long stream, Served served) {
        AtomicInteger next = new AtomicInteger();
        ExecutorService callers = Executors.newFixedThreadPool(threads);
        try {
            List<Callable<Boolean>> tasks = new ArrayList<>();
            for (int thread = 0; thread < threads; thread++) {
                int own = thread;
                tasks.add(() -> {
                    for (int call = next.getAndIncrement(); call < count; call = next.getAndIncrement()) {
                        float[] context = context(model.inputs().size(), stream, call);
                        long start = System.nanoTime();
                        Decision decision = model.infer(context);
                        served.accept(own, call, System.nanoTime() - start, decision);
                    }
                    return true;
                });
            }
            for (Future<Boolean> done : callers.invokeAll(tasks)) {
                done.get();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new CancellationException("interrupted");
        } catch (ExecutionException e) {
            throw new MeasurementException("a call failed: " + e.getCause());
        } finally {
            callers.shutdownNow();
        }
    }

    private static float[] context(int features, long stream, int call) {
        RandomGenerator random = RandomGeneratorFactory.of("L64X128MixRandom").create(31 * stream + call);
        float[] context = new float[features];
        for (int j = 0; j < features; j++) {
            context[j] = (float) random.nextGaussian();
        }
        return context;
    }
}
