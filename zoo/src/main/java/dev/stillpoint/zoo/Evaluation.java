package dev.stillpoint.zoo;

import dev.stillpoint.certificate.Certificate;
import java.util.List;
import java.util.Map;

/**
 * What a model does on rows that it has not seen.
 *
 * @param metrics by name, in the order to show them
 * @param steps of each test inference
 * @param residual of each test inference
 * @param certificates of each test inference
 * @param illustrations for the report
 */
public record Evaluation(
        Map<String, Double> metrics,
        int[] steps,
        double[] residual,
        List<List<Certificate>> certificates,
        List<Illustration> illustrations) {

    /**
     * A drawing for the report.
     *
     * @param title what it shows
     * @param caption how to read it
     * @param svg an SVG element
     */
    public record Illustration(String title, String caption, String svg) {}
}
