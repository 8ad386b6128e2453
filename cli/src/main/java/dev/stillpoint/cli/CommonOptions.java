package dev.stillpoint.cli;

import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;

/** Options of every command that computes. */
final class CommonOptions extends OutputOptions {
    @Option(
            names = "--threads",
            paramLabel = "N",
            description =
                    "Threads of one native operation. Default: what suits the model; small ones are fastest with 1.")
    int threads;

    @Option(
            names = "--device",
            paramLabel = "cpu|cuda",
            defaultValue = "cpu",
            description = "Where to compute. Default: ${DEFAULT-VALUE}.")
    @SuppressWarnings("NullAway.Init")
    String device;

    CommonOptions() {}

    /** Checks what no type can. Nothing falls back silently. */
    void check() {
        if (threads < 0 || (threads == 0 && given("--threads"))) {
            throw new ParameterException(spec.commandLine(), "--threads: need a whole number >= 1, got " + threads);
        }
        if (device.equals("cuda")) {
            throw new IllegalArgumentException(
                    "--device cuda: need a build that computes on CUDA devices, got one for the" + " CPU alone");
        }
        if (!device.equals("cpu")) {
            throw new ParameterException(spec.commandLine(), "--device: need cpu or cuda, got '" + device + "'");
        }
    }

    private boolean given(String option) {
        return spec.commandLine().getParseResult().hasMatchedOption(option);
    }
}
