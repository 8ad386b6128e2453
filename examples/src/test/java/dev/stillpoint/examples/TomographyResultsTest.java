package dev.stillpoint.examples;

import static dev.stillpoint.examples.Stored.format;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.util.Arrays;
import org.junit.jupiter.api.Test;

/** The tables of docs/tomography.md are those of the stored results, and what is claimed of them holds. */
class TomographyResultsTest {
    private static final String OURS = "implicit L2O";
    /** What the paper's network has, to which ours is to be no larger. */
    private static final int MOST_WEIGHTS = 59_710;
    /** What the end of a solve may leave of ‖Ax − d‖ ≤ δ. */
    private static final double MOST_OVER_RADIUS = 1.001;

    private static final double MOST_OF_NOISE = 1.1;
    /** The least that the mean PSNR is to be ahead by, in dB. */
    private static final double AHEAD = 1;

    @Test
    void methodsTableIsTheStoredOne() throws IOException {
        for (JsonNode method : comparison().path("methods")) {
            StringBuilder row = new StringBuilder(format(
                    "| %s | %.2f | %.3f |",
                    name(method),
                    method.path("psnr").asDouble(),
                    method.path("ssim").asDouble()));
            for (JsonNode share : method.path("failing")) {
                row.append(format(" %.1f |", 100 * share.asDouble()));
            }
            row.append(format(" %,d |", method.path("weights").asInt()));
            assertThat(page()).contains(row);
        }
    }

    @Test
    void ratesTableIsTheStoredOne() throws IOException {
        for (JsonNode method : comparison().path("methods")) {
            for (JsonNode run : method.path("about").path("tried")) {
                assertThat(page())
                        .contains(format(
                                "| %s | %s | %d | %.2f | %.1f |",
                                name(method),
                                run.path("rate").asText(),
                                run.path("epochs").asInt(),
                                -10 * Math.log10(run.path("bestValidationLoss").asDouble()),
                                100 * run.path("gainOfLastFifth").asDouble()));
            }
        }
    }

    @Test
    void everyImageOfOursKeepsItsConstraints() throws IOException {
        JsonNode ours = ours();
        assertThat(ours.path("maxBox").asDouble()).isZero();
        assertThat(ours.path("failing").path("box").asDouble()).isZero();
        assertThat(ours.path("failing").path("fidelity").asDouble()).isZero();
        assertThat(ours.path("maxOptimality").asDouble()).isLessThanOrEqualTo(1e-3);
        assertThat(ours.path("converged").asDouble()).isGreaterThanOrEqualTo(0.99);
        assertThat(ours.path("weights").asInt()).isLessThanOrEqualTo(MOST_WEIGHTS);
        JsonNode settings = ours.path("about").path("settings");
        double over = ours.path("maxFidelity").asDouble()
                / (settings.path("slack").asDouble() * settings.path("noise").asDouble());
        assertThat(over).isLessThanOrEqualTo(MOST_OVER_RADIUS);
        assertThat(ours.path("maxExcess").asDouble()).isLessThanOrEqualTo(MOST_OF_NOISE);
        assertThat(page())
                .contains(format("%.4f δ", over))
                .contains(format("%.0e relative", ours.path("maxOptimality").asDouble()))
                .contains(format("%.3f of the noise's", ours.path("maxExcess").asDouble()));
    }

    @Test
    void oursIsTheBest() throws IOException {
        JsonNode ours = ours();
        double psnr = 0;
        double ssim = 0;
        for (JsonNode other : comparison().path("methods")) {
            if (!name(other).startsWith(OURS)) {
                psnr = Math.max(psnr, other.path("psnr").asDouble());
                ssim = Math.max(ssim, other.path("ssim").asDouble());
            }
        }
        double ahead = ours.path("psnr").asDouble() - psnr;
        double closer = ours.path("ssim").asDouble() - ssim;
        assertThat(ahead).isGreaterThan(AHEAD);
        assertThat(closer).isPositive();
        assertThat(page())
                .contains(format(
                        "%.2f dB and %s of SSIM above",
                        ahead, format("%.3f", closer).substring(1)));
    }

    /** F-FPN with twice the time, whose curve is nearly flat. */
    @Test
    void twiceTheTimeDoesNotMakeUpForIt() throws IOException {
        JsonNode longer = Stored.json("tomography-ffpn-60.json");
        JsonNode settings = longer.path("settings");
        assertThat(settings.path("method").asText()).isEqualTo("ffpn");
        assertThat(settings.path("minutes").asInt())
                .isEqualTo(2 * comparison().path("setting").path("minutes").asInt());
        double[] losses = Stored.lines("tomography-ffpn-60.jsonl").stream()
                .mapToDouble(
                        epoch -> epoch.path("metrics").path("validationLoss").asDouble())
                .toArray();
        double before = Arrays.stream(losses, 0, losses.length * 4 / 5).min().orElseThrow();
        double gain = 1 - Arrays.stream(losses).min().orElseThrow() / before;
        JsonNode test = longer.path("result").path("test");
        double psnr = test.path("psnr").asDouble();
        double ahead = ours().path("psnr").asDouble() - psnr;
        assertThat(ahead).isGreaterThan(AHEAD);
        assertThat(page())
                .contains(format("%d epochs, %.1f %% in the last fifth, %.2f dB", losses.length, 100 * gain, psnr))
                .contains(format("%.2f dB below ours", ahead));
    }

    @Test
    void corruptionsTableIsTheStoredOne() throws IOException {
        for (JsonNode line : comparison().path("corruptions")) {
            String what = line.path("corruption").asText();
            assertThat(page())
                    .contains(format(
                            "| %s | %d | %.2f | %.1f |",
                            what,
                            line.path("images").asInt(),
                            line.path("psnr").asDouble(),
                            100 * line.path("rate").asDouble()));
            if (what.startsWith("nothing")) {
                assertThat(line.path("rate").asDouble()).isLessThanOrEqualTo(0.05);
            }
        }
    }

    @Test
    void memoryTableIsTheStoredOne() throws IOException {
        JsonNode result = Stored.result("memory-tomography.json", "stillpoint bench memory --network tomography ");
        Stored.memoryTable(result, page());
    }

    private static JsonNode ours() throws IOException {
        for (JsonNode method : comparison().path("methods")) {
            if (name(method).equals(OURS)) {
                return method;
            }
        }
        throw new AssertionError("no " + OURS);
    }

    private static String name(JsonNode method) {
        return method.path("method").asText();
    }

    private static JsonNode comparison() throws IOException {
        return Stored.result("tomography.json", "stillpoint compare tomography ");
    }

    private static String page() throws IOException {
        return Stored.page("tomography.md");
    }
}
