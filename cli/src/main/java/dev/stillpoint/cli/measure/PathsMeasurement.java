package dev.stillpoint.cli.measure;

import dev.stillpoint.cli.measure.PathsLine.Run;
import dev.stillpoint.cli.measure.PublishedDysNet.Stop;
import dev.stillpoint.kernel.Workers;
import dev.stillpoint.set.ConvexSet;
import dev.stillpoint.tensor.Engine;
import dev.stillpoint.tensor.Rows;
import dev.stillpoint.tensor.TensorScope;
import dev.stillpoint.zoo.paths.Grid;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.stream.IntStream;
import org.bytedeco.pytorch.Tensor;

/** The part of {@link PathsBench} on one grid. Its tensors belong to the scope that was open when it was made. */
final class PathsMeasurement {
    /** The defaults of {@code train paths}. */
    static final double TUNED_ALPHA = 0.5;
    /** The defaults of {@code train paths}. */
    static final double TUNED_GAMMA = 0.5;

    /** Steps of a batch that are timed to choose threads: seconds on the largest grid. */
    private static final int PROBED_STEPS = 10;
    /** The least time for each number of threads, whose median run counts: small grids take a millisecond. */
    private static final double PROBE_SECONDS = 0.5;
    /** Tensors [batch, n] that a step holds at once, with room to spare. */
    private static final int WORKING_TENSORS = 12;

    private final PathsBench bench;
    private final Consumer<String> progress;
    private final PathBatches data;
    private final ConvexSet<Rows> flows;
    private final Optional<SvdProjection> factors;
    private final String skipped;
    /** The published algorithm's first epoch to the residual. */
    private final boolean extrapolated;
    /** Its other epochs. */
    private final boolean extrapolatedFurther;

    private final Map<Run, List<PathEpoch>> epochs = new EnumMap<>(Run.class);

    /**
     * Prepares it.
     *
     * @param free bytes that may be allocated
     * @param progress gets a line, and one a repetition
     */
    PathsMeasurement(PathsBench bench, int k, long free, Consumer<String> progress) {
        this.bench = bench;
        this.progress = progress;
        this.data = PathBatches.generate(k, bench.samples(), bench.batch(), bench.seed());
        this.extrapolated = k >= bench.extrapolateFrom();
        this.extrapolatedFurther = k >= Math.min(bench.extrapolateFrom(), PathsBench.EXTRAPOLATE_FURTHER_FROM);
        long needed = bytes(data.grid(), bench.batch());
        this.skipped = needed <= free
                ? ""
                : String.format(Locale.ROOT, "does not fit: needs %.1f GB, %.1f GB are free", needed / 1e9, free / 1e9);
        this.factors = needed <= free ? Optional.of(SvdProjection.of(data.grid())) : Optional.empty();
        this.flows = StillpointPaths.flows(data.grid());
    }

    /** Bytes that the published algorithm takes. */
    static long bytes(Grid grid, int batch) {
        return SvdProjection.bytes(grid) + 4L * WORKING_TENSORS * batch * grid.arcs();
    }

    /** Bytes that may still be allocated: by the binding's own limit, and by the machine where it tells. */
    static long free() {
        long limit = Engine.residentLimit() - Engine.residentBytes();
        return Math.min(limit, ResidentMemory.available().orElse(limit));
    }

    PathsLine measure() {
        int before = Workers.limit();
        Workers.limit(bench.threads());
        try {
            return measureWithAllWorkers();
        } finally {
            Workers.limit(before);
        }
    }

    /** The kernels share nothing but the queue, so all threads are theirs; what suits libtorch is tried. */
    private PathsLine measureWithAllWorkers() {
        StillpointPaths ours = stillpoint();
        int threads = fastest(() -> ours.probe(PROBED_STEPS));
        Optional<PublishedDysNet> published = factors.map(this::published);
        int publishedThreads = published
                .map(p -> fastest(
                        () -> p.iterate(p.costs(0), Stop.EVERY_SAMPLE, PROBED_STEPS, PublishedDysNet.UNWATCHED)))
                .orElse(0);
        Optional<PathsAgreement> agreement = published.map(
                p -> PathsAgreement.of(data, ours, p, extrapolated ? PathsBench.TIMED_STEPS : PublishedDysNet.MAX_STEPS)
                        .orThrow(PathsLine.title(data.grid())));
        Optional<Steps> steps =
                extrapolatedFurther && factors.isPresent() ? Optional.of(count(threads)) : Optional.empty();
        String title = PathsLine.title(data.grid());
        progress.accept(title + ": fastest with " + threads + (threads == 1 ? " thread" : " threads") + ", published "
                + (skipped.isEmpty() ? "with " + publishedThreads : skipped));
        for (int r = 1; r <= bench.repetitions(); r++) {
            try (TensorScope scope = TensorScope.open()) {
                repeat(threads, publishedThreads, steps);
            }
            progress.accept(title + ", repetition " + r + " of " + bench.repetitions() + ": " + last(Run.STILLPOINT)
                    + ", published " + last(Run.PUBLISHED));
        }
        KernelLine kernel = new KernelBench(bench.threads(), bench.repetitions(), KernelBench.samples(data.grid()))
                .measure(data.grid());
        progress.accept(title + ": kernel " + kernel.summary());
        return new PathsLine(data.grid(), threads, publishedThreads, skipped, agreement, epochs, kernel);
    }

    private void repeat(int threads, int publishedThreads, Optional<Steps> steps) {
        StillpointPaths ours = stillpoint();
        Tensor z = cold();
        Engine.threads(threads);
        add(Run.STILLPOINT, ours.epoch(z));
        factors.ifPresent(f -> publishedEpochs(f, publishedThreads, steps));
        Engine.threads(threads);
        add(Run.STILLPOINT_WARM, ours.epoch(z));
        StillpointPaths tuned = new StillpointPaths(data, flows, TUNED_ALPHA, TUNED_GAMMA);
        z = cold();
        tuned.epoch(z);
        add(Run.STILLPOINT_TUNED, tuned.epoch(z));
    }

    private void publishedEpochs(SvdProjection projection, int threads, Optional<Steps> steps) {
        Engine.threads(threads);
        PublishedDysNet published = published(projection);
        if (steps.isEmpty()) {
            add(Run.PUBLISHED, published.epoch(Stop.EVERY_SAMPLE));
            add(Run.PUBLISHED_SECOND, published.epoch(Stop.EVERY_SAMPLE));
            add(Run.PUBLISHED_STOP, published(projection).epoch(Stop.WHOLE_BATCH));
            return;
        }
        PathEpoch measured =
                published.epoch(Stop.EVERY_SAMPLE, extrapolated ? PathsBench.TIMED_STEPS : PublishedDysNet.MAX_STEPS);
        Steps known = steps.get();
        add(Run.PUBLISHED, extrapolated ? published.extrapolated(measured, known.first()) : measured);
        add(Run.PUBLISHED_SECOND, published.extrapolated(measured, known.second()));
        add(Run.PUBLISHED_STOP, published.extrapolated(measured, known.published()));
    }

    /**
     * The steps of the published algorithm where it is not run to its end, a batch.
     *
     * @param first with every sample's stop, in the first epoch
     * @param second the same in the second
     * @param published with its own stop, in the first
     */
    private record Steps(int[] first, int[] second, int[] published) {}

    /** By Stillpoint, whose iterates are the same. */
    private Steps count(int threads) {
        Engine.threads(threads);
        try (TensorScope scope = TensorScope.open()) {
            StillpointPaths ours = stillpoint();
            int[] first = ours.epoch(cold()).batchSteps();
            int[] second = ours.epoch(cold()).batchSteps();
            return new Steps(first, second, stillpoint().countPublishedSteps());
        }
    }

    private StillpointPaths stillpoint() {
        return new StillpointPaths(data, flows, PublishedDysNet.ALPHA, PublishedDysNet.GAMMA);
    }

    private PublishedDysNet published(SvdProjection projection) {
        return new PublishedDysNet(data, projection, PublishedDysNet.ALPHA, PublishedDysNet.GAMMA);
    }

    private Tensor cold() {
        return data.start(data.samples()).clone();
    }

    private void add(Run run, PathEpoch epoch) {
        epochs.computeIfAbsent(run, each -> new ArrayList<>()).add(epoch);
    }

    private String last(Run run) {
        List<PathEpoch> all = epochs.getOrDefault(run, List.of());
        return all.isEmpty()
                ? "-"
                : String.format(Locale.ROOT, "%.3g s", all.get(all.size() - 1).seconds());
    }

    /** Of 1, 2 and all threads those with which {@code work} takes least time; they stay set. */
    private int fastest(Runnable work) {
        int[] candidates = IntStream.of(1, 2, bench.threads())
                .filter(n -> n <= bench.threads())
                .distinct()
                .toArray();
        // Warms up.
        seconds(bench.threads(), work);
        double best = Double.POSITIVE_INFINITY;
        int fastest = 1;
        for (int threads : candidates) {
            List<Double> runs = new ArrayList<>();
            for (double spent = 0; spent < PROBE_SECONDS; spent += runs.get(runs.size() - 1)) {
                runs.add(seconds(threads, work));
            }
            // Not the fastest: threads that sometimes wait for each other must pay for it here.
            double median = Statistics.median(
                    runs.stream().mapToDouble(Double::doubleValue).toArray());
            if (median < best) {
                best = median;
                fastest = threads;
            }
        }
        Engine.threads(fastest);
        return fastest;
    }

    private static double seconds(int threads, Runnable work) {
        Engine.threads(threads);
        long begin = System.nanoTime();
        try (TensorScope scope = TensorScope.open()) {
            work.run();
        }
        return (System.nanoTime() - begin) / 1e9;
    }
}
