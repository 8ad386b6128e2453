package dev.stillpoint.cli.report;

import dev.stillpoint.cli.measure.Comparison;
import dev.stillpoint.cli.measure.Comparison.Row;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** A comparison's cells, for the terminal and for the page alike. */
public final class ComparisonTable {
    private final Comparison comparison;
    private final List<Metric> metrics;

    /** The table of a comparison: its headline metrics that differ between runs, then what was measured. */
    public ComparisonTable(Comparison comparison) {
        this.comparison = comparison;
        this.metrics = comparison.rows().get(0).test().keySet().stream()
                .filter(name -> !comparison.common().containsKey(name))
                .map(Metric::named)
                .filter(metric -> metric.rank() == Metric.Rank.HEADLINE)
                .toList();
    }

    /** One a column; a line break where a narrow header may break. */
    public List<String> titles() {
        List<String> titles = new ArrayList<>(List.of("adjoint"));
        metrics.forEach(metric -> titles.add(broken(metric.label())));
        titles.add("seconds of\ntraining");
        titles.add("time over\n" + comparison.reference());
        titles.add("CPU over\n" + comparison.reference());
        titles.add("cosine,\ninitial");
        titles.add("cosine,\ntrained");
        titles.add("memory,\nMB");
        return titles;
    }

    /** One a row of {@link Comparison#rows}. */
    public List<List<String>> rows() {
        return comparison.rows().stream().map(this::cells).toList();
    }

    /** What is the same in all runs, how the numbers were made, and what is missing: a sentence each. */
    public List<String> notes() {
        List<String> notes = new ArrayList<>();
        int seeds = comparison.plan().seeds().size();
        if (seeds > 1) {
            notes.add(
                    "Test metrics are means over " + seeds + " seeds ± standard deviation, measurements are medians.");
        }
        List<String> same = new ArrayList<>();
        comparison.common().forEach((name, value) -> {
            Metric metric = Metric.named(name);
            same.add(metric.label().toLowerCase(Locale.ROOT) + " " + metric.show(value));
        });
        if (!same.isEmpty()) {
            notes.add("The same in all runs: " + String.join(", ", same) + ".");
        }
        notes.add("Cosine: between the gradient of the training loss by this adjoint and the exact implicit one, on "
                + comparison.origin().probeRows() + " training rows.");
        notes.add(
                comparison.rows().stream().anyMatch(row -> Double.isNaN(row.memory()))
                        ? "Memory: not measured, since this system has no /proc/self/status."
                        : "Memory: peak of resident memory while training, above the level before the first step.");
        return notes.stream().map(note -> note.replace('\u00a0', ' ')).toList();
    }

    private List<String> cells(Row row) {
        List<String> cells = new ArrayList<>(List.of(row.adjoint()));
        for (Metric metric : metrics) {
            cells.add(metric(
                    metric,
                    row.test().getOrDefault(metric.name(), Double.NaN),
                    row.deviation().getOrDefault(metric.name(), Double.NaN)));
        }
        cells.add(fixed("%,.2f", row.seconds()));
        cells.add(fixed("%.2f", row.ratio()));
        cells.add(fixed("%.2f", row.cpuRatio()));
        cells.add(fixed("%.4f", row.initialCosine()));
        cells.add(fixed("%.4f", row.trainedCosine()));
        cells.add(fixed("%,.1f", row.memory() / 1e6));
        return cells;
    }

    private static String metric(Metric metric, double mean, double deviation) {
        if (!Double.isFinite(deviation)) {
            return metric.show(mean);
        }
        return switch (metric.format()) {
            case PERCENT -> fixed("%.2f", 100 * mean) + " ± " + fixed("%.2f", 100 * deviation) + " %";
            case RATIO -> fixed("%.3f", mean) + " ± " + fixed("%.3f", deviation);
            case NUMBER -> metric.show(mean);
        };
    }

    private static String fixed(String format, double value) {
        return Double.isFinite(value) ? String.format(Locale.ROOT, format, value) : Numbers.NONE;
    }

    /** Long labels break at their last space. */
    private static String broken(String label) {
        int space = label.lastIndexOf(' ');
        return space < 0 ? label : label.substring(0, space) + "\n" + label.substring(space + 1);
    }
}
