package dev.stillpoint.cli.report;

public final class Report {
    private Report() {}

    public static void write(
            dev.stillpoint.zoo.RunFolder f,
            com.fasterxml.jackson.databind.node.ObjectNode run,
            dev.stillpoint.zoo.TrainingRun.Outcome o) {}
}
