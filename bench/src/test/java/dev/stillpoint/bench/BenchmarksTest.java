package dev.stillpoint.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.stillpoint.kernel.Workers;
import java.util.Collection;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.results.RunResult;
import org.openjdk.jmh.runner.NoBenchmarksException;
import org.openjdk.jmh.runner.Runner;
import org.openjdk.jmh.runner.RunnerException;
import org.openjdk.jmh.runner.options.ChainedOptionsBuilder;
import org.openjdk.jmh.runner.options.OptionsBuilder;
import org.openjdk.jmh.runner.options.VerboseMode;

/** Every benchmark runs; nothing is said of its time. */
class BenchmarksTest {
    private final int workers = Workers.limit();

    @AfterEach
    void putBack() {
        Workers.limit(workers);
    }

    @Test
    void everyBenchmarkRunsOnEitherArithmetic() throws RunnerException {
        Collection<RunResult> results =
                new Runner(once().include("dev.stillpoint.bench").build()).run();
        List<String> ran = results.stream()
                .map(result -> result.getParams().getBenchmark().replaceAll(".*\\.(\\w+\\.\\w+)$", "$1") + " "
                        + result.getParams().getParam("arithmetic"))
                // One sample, and as many as lanes.
                .distinct()
                .toList();
        assertThat(ran)
                .containsExactlyInAnyOrder(
                        "FactorBenchmark.factor null",
                        "TileBenchmark.step SIMD",
                        "TileBenchmark.step PLAIN",
                        "TileBenchmark.solve SIMD",
                        "TileBenchmark.solve PLAIN",
                        "ProjectionBenchmark.forward SIMD",
                        "ProjectionBenchmark.forward PLAIN",
                        "ProjectionBenchmark.pullback SIMD",
                        "ProjectionBenchmark.pullback PLAIN",
                        "RayBenchmark.forward SIMD",
                        "RayBenchmark.forward PLAIN",
                        "RayBenchmark.adjoint SIMD",
                        "RayBenchmark.adjoint PLAIN");
    }

    /** JMH goes on where a benchmark throws unless told otherwise; the test would see it. */
    @Test
    void aBenchmarkThatThrowsFails() {
        assertThatThrownBy(() -> new Runner(once().include("TileBenchmark.step")
                                .param("arithmetic", "SIMD")
                                .param("k", "1")
                                .build())
                        .run())
                .isInstanceOf(RunnerException.class);
        assertThatThrownBy(() -> new Runner(once().include("nonsense").build()).run())
                .isInstanceOf(NoBenchmarksException.class);
    }

    /** In this process, one call each. */
    private static ChainedOptionsBuilder once() {
        return new OptionsBuilder()
                .forks(0)
                .mode(Mode.SingleShotTime)
                .warmupIterations(0)
                .measurementIterations(1)
                .param("k", "5")
                .param("pixels", "9")
                .param("threads", "2")
                .shouldFailOnError(true)
                .verbosity(VerboseMode.SILENT);
    }
}
