package dev.stillpoint.cli;

import dev.stillpoint.zoo.TrainingRun;
import java.io.PrintWriter;
import java.util.Locale;

/** Test results as text. */
final class Summary {
    private Summary() {}

    static void print(PrintWriter out, TrainingRun.Outcome outcome) {
        out.println("test");
        outcome.evaluation()
                .metrics()
                .forEach((name, value) -> out.printf(Locale.ROOT, "  %-20s %10.5g%n", name, value));
        out.println("certificates");
        outcome.labelCounts().forEach((name, counts) -> out.printf(Locale.ROOT, "  %-20s %s%n", name, counts));
    }
}
