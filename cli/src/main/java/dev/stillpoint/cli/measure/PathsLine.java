package dev.stillpoint.cli.measure;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.stillpoint.zoo.paths.Grid;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.ToDoubleFunction;

/**
 * What {@link PathsBench} measured on one grid.
 *
 * @param grid the graph
 * @param threads of libtorch on Stillpoint's side
 * @param publishedThreads of the published algorithm, 0 where it did not run
 * @param skipped why the published algorithm did not run, empty where it did
 * @param agreement of the two sides, where both ran
 * @param epochs by what was run, a repetition each
 * @param kernel the kernels alone
 */
public record PathsLine(
        Grid grid,
        int threads,
        int publishedThreads,
        String skipped,
        Optional<PathsAgreement> agreement,
        Map<Run, List<PathEpoch>> epochs,
        KernelLine kernel) {
    private static final ObjectMapper JSON = new ObjectMapper();

    /** Whose epoch, and which. */
    public enum Run {
        /** Published algorithm, cold, every sample to the residual. */
        PUBLISHED,
        /** Its second epoch, as cold. */
        PUBLISHED_SECOND,
        /** Published algorithm, cold, with its own stop. */
        PUBLISHED_STOP,
        /** Stillpoint, the same step, γ and start. */
        STILLPOINT,
        /** Its second epoch, from the first one's fixed points. */
        STILLPOINT_WARM,
        /** The same with the step and γ of {@code train paths}. */
        STILLPOINT_TUNED
    }

    /** What is compared: the time of one run over that of another. */
    public enum Column {
        /** The same answers by the same iteration. */
        SAME(
                "same stop",
                "both from the same start until every sample's residual is at most 0.001",
                Run.PUBLISHED,
                Run.STILLPOINT),
        /** The published algorithm with its own stop. */
        PUBLISHED_STOP(
                "published stop",
                "published: until the batch's residual is at most 0.01; Stillpoint as before",
                Run.PUBLISHED_STOP,
                Run.STILLPOINT),
        /** Second epochs. */
        WARM(
                "warm start",
                "second epoch, Stillpoint from the first one's solutions; published as before",
                Run.PUBLISHED_SECOND,
                Run.STILLPOINT_WARM),
        /** Second epochs. */
        TUNED(
                "tuned",
                "the same, Stillpoint with the step and gamma of 'train paths': another problem",
                Run.PUBLISHED_SECOND,
                Run.STILLPOINT_TUNED);

        private final String title;
        private final String meaning;
        private final Run slow;
        private final Run fast;

        Column(String title, String meaning, Run slow, Run fast) {
            this.title = title;
            this.meaning = meaning;
            this.slow = slow;
            this.fast = fast;
        }

        /** In two words. */
        public String title() {
            return title;
        }

        /** In a line. */
        public String meaning() {
            return meaning;
        }
    }

    /**
     * Of the repetitions.
     *
     * @param median in the middle
     * @param min lowest
     * @param max highest
     */
    public record Spread(double median, double min, double max) {
        static Spread of(double... values) {
            return new Spread(
                    Statistics.median(values),
                    Arrays.stream(values).min().orElse(Double.NaN),
                    Arrays.stream(values).max().orElse(Double.NaN));
        }

        ObjectNode toJson() {
            return JSON.createObjectNode().put("median", median).put("min", min).put("max", max);
        }
    }

    /** "30x30". */
    public String title() {
        return title(grid);
    }

    static String title(Grid grid) {
        return grid.k() + "x" + grid.k();
    }

    /** The published algorithm's time over Stillpoint's, repetition by repetition; empty where it did not run. */
    public Optional<Spread> ratio(Column column) {
        List<PathEpoch> slow = of(column.slow);
        List<PathEpoch> fast = of(column.fast);
        if (slow.isEmpty()) {
            return Optional.empty();
        }
        double[] ratios = new double[slow.size()];
        Arrays.setAll(ratios, r -> slow.get(r).seconds() / fast.get(r).seconds());
        return Optional.of(Spread.of(ratios));
    }

    /** Whether the published algorithm's time there stands for more steps than were timed. */
    public boolean extrapolated(Column column) {
        return of(column.slow).stream().anyMatch(PathEpoch::extrapolated);
    }

    /** Stillpoint's samples of the first column that ended before their residual was small enough, of one repetition. */
    public int unfinished() {
        return of(Run.STILLPOINT).stream()
                .mapToInt(epoch -> epoch.unfinished() + epoch.imprecise())
                .max()
                .orElse(0);
    }

    private List<PathEpoch> of(Run run) {
        return epochs.getOrDefault(run, List.of());
    }

    /**
     * A number of one grid; every grid has the same ones.
     *
     * @param name in JSON
     * @param title above a column
     * @param value NaN where it was not measured
     */
    public record Figure(String name, String title, double value) {}

    /** What one grid came to. */
    public List<Figure> figures() {
        double perStep = Statistics.median(of(Run.STILLPOINT).stream()
                .mapToDouble(epoch -> 1e6 * epoch.seconds() / epoch.sampleSteps())
                .toArray());
        return List.of(
                new Figure("epochSeconds", "s an epoch", median(Run.STILLPOINT, PathEpoch::seconds)),
                new Figure("meanSteps", "steps\na sample", median(Run.STILLPOINT, PathEpoch::meanSteps)),
                new Figure("maxSteps", "steps\nat most", median(Run.STILLPOINT, PathEpoch::maxSteps)),
                new Figure("microsecondsPerSampleAndStep", "us a sample\nand step", perStep),
                new Figure("publishedEpochSeconds", "published\ns an epoch", median(Run.PUBLISHED, PathEpoch::seconds)),
                new Figure("publishedSteps", "steps\na batch", median(Run.PUBLISHED, PathEpoch::meanSteps)));
    }

    private double median(Run run, ToDoubleFunction<PathEpoch> of) {
        return Statistics.median(of(run).stream().mapToDouble(of).toArray());
    }

    /** {grid, variables, threads, publishedThreads, skipped, agreement, ratios, figures, runs, kernel}. */
    public ObjectNode toJson() {
        ObjectNode node = JSON.createObjectNode()
                .put("grid", grid.k())
                .put("variables", grid.arcs())
                .put("threads", threads)
                .put("publishedThreads", publishedThreads)
                .put("skipped", skipped);
        agreement.ifPresentOrElse(a -> node.set("agreement", JSON.valueToTree(a)), () -> node.putNull("agreement"));
        ObjectNode ratios = node.putObject("ratios");
        for (Column column : Column.values()) {
            ratios.set(
                    name(column),
                    ratio(column)
                            .map(ratio -> ratio.toJson().put("extrapolated", extrapolated(column)))
                            .orElse(null));
        }
        ObjectNode all = node.putObject("figures");
        figures().forEach(figure -> TrainedRun.put(all, figure.name(), figure.value()));
        ObjectNode runs = node.putObject("runs");
        epochs.forEach((run, repetitions) -> {
            ObjectNode entry = runs.putObject(name(run));
            ArrayNode seconds = entry.putArray("seconds");
            repetitions.forEach(epoch -> seconds.add(epoch.seconds()));
            entry.put("medianSeconds", median(run, PathEpoch::seconds));
            entry.setAll(repetitions.get(0).steps());
        });
        node.set("kernel", kernel.toJson());
        return node;
    }

    /** "publishedStop" for PUBLISHED_STOP. */
    private static String name(Enum<?> constant) {
        StringBuilder name = new StringBuilder();
        for (String word : constant.name().toLowerCase(Locale.ROOT).split("_")) {
            name.append(name.isEmpty() ? word : word.substring(0, 1).toUpperCase(Locale.ROOT) + word.substring(1));
        }
        return name.toString();
    }
}
