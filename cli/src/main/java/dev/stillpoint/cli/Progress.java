package dev.stillpoint.cli;

import java.io.PrintWriter;
import me.tongfei.progressbar.ProgressBar;
import me.tongfei.progressbar.ProgressBarBuilder;
import me.tongfei.progressbar.ProgressBarStyle;
import org.jspecify.annotations.Nullable;

/** Progress through work of several parts: a bar on a terminal, elsewhere a line a part. */
final class Progress implements AutoCloseable {
    private final PrintWriter err;
    private final @Nullable ProgressBar bar;

    private Progress(PrintWriter err, @Nullable ProgressBar bar) {
        this.err = err;
        this.bar = bar;
    }

    /**
     * Progress from 0.
     *
     * @param unit with a space before it
     * @param steps in all
     */
    static Progress of(PrintWriter err, String task, String unit, long steps) {
        // The launcher asks the shell: Java cannot tell whether standard error is a terminal.
        if (!Boolean.getBoolean("stillpoint.terminal")) {
            return new Progress(err, null);
        }
        return new Progress(
                err,
                new ProgressBarBuilder()
                        .setTaskName(task)
                        .setInitialMax(steps)
                        .setUpdateIntervalMillis(200)
                        .setStyle(ProgressBarStyle.ASCII)
                        .showSpeed()
                        .setUnit(unit, 1)
                        .build());
    }

    /** One step further. */
    void step(String message) {
        if (bar != null) {
            bar.setExtraMessage(" " + message);
            bar.step();
        }
    }

    /** So many steps of so many in all. */
    void at(long steps, long all) {
        if (bar != null) {
            bar.maxHint(all);
            bar.stepTo(steps);
        }
    }

    /** Says what a part came to. */
    void say(String message) {
        if (bar == null) {
            err.println(message);
            err.flush();
        }
    }

    /** One step further, which is a part. */
    void done(String message) {
        step(message);
        say(message);
    }

    @Override
    public void close() {
        if (bar != null) {
            bar.close();
        }
    }
}
