package dev.stillpoint.cli.measure;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.stillpoint.cli.measure.PathsLine.Figure;
import java.util.List;

/**
 * What {@link ScalingBench} measured on one grid.
 *
 * @param kernel the kernels alone
 * @param epochSeconds of a training epoch with its validation, NaN where it did not fit
 * @param peakBytes resident of the whole training, NaN where it did not fit or the system does not tell
 * @param failure why the training did not fit, empty where it did
 */
public record ScalingLine(KernelLine kernel, double epochSeconds, double peakBytes, String failure) {
    private static final ObjectMapper JSON = new ObjectMapper();

    /** "30x30". */
    public String title() {
        return PathsLine.title(kernel.grid());
    }

    /** n. */
    public int variables() {
        return kernel.grid().arcs();
    }

    /** The numbers that grow, the same for each grid. */
    public List<Figure> figures() {
        return List.of(
                new Figure("factorSeconds", "factor\ns", kernel.factorSeconds().median()),
                new Figure("nonZeros", "nnz(L)\nthousands", kernel.nonZeros() / 1e3),
                new Figure("microsecondsPerSampleAndStep", "us a sample\nand step", kernel.microseconds()),
                new Figure("epochSeconds", "epoch\ns", epochSeconds),
                new Figure("factorMegabytes", "factor\nMB", kernel.factorBytes() / 1e6),
                new Figure("tileMegabytes", "tile\nMB", kernel.tileBytes() / 1e6),
                new Figure("peakMegabytes", "peak\nMB", peakBytes / 1e6));
    }

    /** {grid, variables, figures, failure, kernel}. */
    public ObjectNode toJson() {
        ObjectNode node = JSON.createObjectNode().put("grid", kernel.grid().k()).put("variables", variables());
        ObjectNode all = node.putObject("figures");
        figures().forEach(figure -> TrainedRun.put(all, figure.name(), figure.value()));
        node.put("failure", failure);
        node.set("kernel", kernel.toJson());
        return node;
    }
}
