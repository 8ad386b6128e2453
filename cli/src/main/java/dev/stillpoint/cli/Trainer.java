package dev.stillpoint.cli;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.stillpoint.cli.report.Report;
import dev.stillpoint.train.Epoch;
import dev.stillpoint.train.TrainingListener;
import dev.stillpoint.zoo.RunFolder;
import dev.stillpoint.zoo.TrainingRun;
import java.io.PrintWriter;
import java.util.Locale;
import me.tongfei.progressbar.ProgressBar;
import me.tongfei.progressbar.ProgressBarBuilder;
import me.tongfei.progressbar.ProgressBarStyle;
import picocli.CommandLine;

/** Runs a training with progress, then reports: shared by {@code train APPLICATION} and {@code train --resume}. */
final class Trainer {
    private Trainer() {}

    static int train(TrainingRun run, boolean json, CommandLine command) {
        PrintWriter err = command.getErr();
        RunFolder folder = run.folder();
        err.println("training in " + folder.path());
        int epochs = run.options().epochs();
        TrainingRun.Outcome outcome;
        // The launcher asks the shell: Java cannot tell whether standard error is a terminal.
        if (Boolean.getBoolean("stillpoint.terminal")) {
            try (ProgressBar bar = new ProgressBarBuilder()
                    .setTaskName("training")
                    .setInitialMax(epochs)
                    .setUpdateIntervalMillis(200)
                    .setStyle(ProgressBarStyle.ASCII)
                    .showSpeed()
                    .setUnit(" epochs", 1)
                    .build()) {
                outcome = run.train(new Bar(bar));
            }
        } else {
            outcome = run.train(new Lines(err, epochs));
        }
        Report.write(folder, folder.readRun(), outcome);
        if (json) {
            ObjectNode node = outcome.toJson();
            ObjectNode stored = folder.readRun();
            node.put("run", folder.path().toString());
            node.set("settings", stored.get("settings"));
            node.set("provenance", stored.get("provenance"));
            command.getOut().println(node);
        } else {
            Summary.print(command.getOut(), outcome);
            command.getOut()
                    .printf(
                            Locale.ROOT,
                            "%ntrained %d epochs in %.1f s, kept epoch %d%nreport:  %s%nnext:    stillpoint infer %s"
                                    + " --input CONTEXTS.csv --output DECISIONS.csv%n",
                            outcome.epochs(),
                            outcome.seconds(),
                            outcome.bestEpoch(),
                            folder.report(),
                            folder.path());
        }
        command.getOut().flush();
        return Main.DONE;
    }

    /** A bar on a terminal: epochs, loss, rate and time left. */
    private static final class Bar implements TrainingListener {
        private final ProgressBar bar;

        Bar(ProgressBar bar) {
            this.bar = bar;
        }

        @Override
        public void onEpoch(Epoch epoch) {
            bar.setExtraMessage(String.format(Locale.ROOT, " loss %.5f", epoch.loss()));
            bar.stepTo(epoch.epoch());
        }

        @Override
        public void onTrained() {
            bar.setExtraMessage(" certifying and evaluating");
        }
    }

    /** Ten lines or so where there is no terminal, and one a minute of a long training. */
    private static final class Lines implements TrainingListener {
        private static final double OFTEN = 60;

        private final PrintWriter err;
        private final int epochs;
        private double last;

        Lines(PrintWriter err, int epochs) {
            this.err = err;
            this.epochs = epochs;
        }

        @Override
        public void onEpoch(Epoch epoch) {
            boolean due = epoch.seconds() - last >= OFTEN;
            if (epoch.epoch() % Math.max(1, epochs / 10) != 0 && epoch.epoch() != epochs && !due) {
                return;
            }
            last = epoch.seconds();
            StringBuilder line = new StringBuilder(String.format(
                    Locale.ROOT,
                    "epoch %d/%d  %.1f s  loss %.5f",
                    epoch.epoch(),
                    epochs,
                    epoch.seconds(),
                    epoch.loss()));
            epoch.metrics().forEach((name, value) -> line.append(String.format(Locale.ROOT, "  %s %.4g", name, value)));
            if (epoch.masked() > 0) {
                line.append("  masked ").append(epoch.masked());
            }
            err.println(line);
            err.flush();
        }

        @Override
        public void onTrained() {
            err.println("certifying and evaluating");
            err.flush();
        }
    }
}
