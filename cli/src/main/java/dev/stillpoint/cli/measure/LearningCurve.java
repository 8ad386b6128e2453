package dev.stillpoint.cli.measure;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.stillpoint.data.DataException;
import dev.stillpoint.train.Epoch;
import dev.stillpoint.zoo.RunFolder;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The test accuracy of a stored run, epoch by epoch. The run may still be going on: what it has stored counts.
 *
 * @param run its content of run.json
 * @param settings as text, by name
 * @param points one an epoch, at least one
 */
public record LearningCurve(JsonNode run, Map<String, String> settings, List<Point> points) {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final String ACCURACY = "testAccuracy";
    private static final String VALIDATION = "validationError";
    /** What an epoch's validation, test and diagnostics took: of no interest to who compares trainings. */
    private static final String MEASURING = "measuringSeconds";
    /** Other work on the machine makes epochs of a run differ by less; a process that was suspended took longer. */
    private static final double PAUSED = 2;

    /**
     * After one epoch.
     *
     * @param epoch from 1
     * @param seconds of training since its start, without what was measured after the epochs, and without pauses: an epoch that
     *     took more than {@value #PAUSED} times the median counts as the median
     * @param accuracy on the test images
     * @param validationError on the images held out, by which the epoch is chosen
     */
    public record Point(int epoch, double seconds, double accuracy, double validationError) {}

    /** Copies. */
    public LearningCurve {
        settings = java.util.Collections.unmodifiableMap(new LinkedHashMap<>(settings));
        points = List.copyOf(points);
        if (points.isEmpty()) {
            throw new IllegalArgumentException("LearningCurve: need at least one epoch, got none");
        }
    }

    /**
     * Reads what a run has stored.
     *
     * @param path the run's folder
     * @throws DataException if it is none, has no epoch, or its epochs have no test accuracy
     */
    public static LearningCurve read(Path path) {
        RunFolder folder = RunFolder.open(path);
        JsonNode run = folder.readRun();
        Map<String, String> settings = new LinkedHashMap<>();
        run.path("settings")
                .properties()
                .forEach(e -> settings.put(e.getKey(), e.getValue().asText()));
        List<Epoch> epochs = folder.epochs();
        double[] took = new double[epochs.size()];
        for (int i = 0; i < took.length; i++) {
            double before = i > 0 ? epochs.get(i - 1).seconds() : 0;
            took[i] = epochs.get(i).seconds() - before - epochs.get(i).metrics().getOrDefault(MEASURING, 0.0);
        }
        double median = took.length > 0 ? Statistics.median(took) : 0;
        List<Point> points = new ArrayList<>();
        double seconds = 0;
        for (int i = 0; i < took.length; i++) {
            Epoch epoch = epochs.get(i);
            double accuracy = epoch.metrics().getOrDefault(ACCURACY, Double.NaN);
            if (Double.isNaN(accuracy)) {
                throw new DataException(
                        folder.metrics(), "need " + ACCURACY + " in every epoch, got none in epoch " + epoch.epoch());
            }
            seconds += took[i] > PAUSED * median ? median : took[i];
            points.add(
                    new Point(epoch.epoch(), seconds, accuracy, epoch.metrics().getOrDefault(VALIDATION, Double.NaN)));
        }
        if (points.isEmpty()) {
            throw new DataException(folder.metrics(), "need at least one epoch, got none");
        }
        return new LearningCurve(run, settings, points);
    }

    /** How the fixed point is differentiated. */
    public String adjoint() {
        return settings.getOrDefault("adjoint", "");
    }

    /** The data set. */
    public String application() {
        return run.path("application").asText();
    }

    /** The seed of its initial weights. */
    public String seed() {
        return settings.getOrDefault("seed", "");
    }

    /** The last epoch. */
    public Point last() {
        return points.get(points.size() - 1);
    }

    /** The epoch of the least validation error, the first of several; the last where there is none. */
    public Point chosen() {
        Point chosen = points.get(0);
        for (Point point : points) {
            chosen = point.validationError() < chosen.validationError() ? point : chosen;
        }
        return Double.isNaN(chosen.validationError()) ? last() : chosen;
    }

    /** The epoch of the best test accuracy, which nobody knows beforehand. */
    public Point best() {
        Point best = points.get(0);
        for (Point point : points) {
            best = point.accuracy() > best.accuracy() ? point : best;
        }
        return best;
    }

    /** The last epoch that had ended by then; NaN in its place where there is none. */
    public double accuracyAt(double seconds) {
        double accuracy = Double.NaN;
        for (Point point : points) {
            accuracy = point.seconds() <= seconds ? point.accuracy() : accuracy;
        }
        return accuracy;
    }

    /** The accuracy after an epoch, NaN where it did not come so far. */
    public double accuracyAfter(int epoch) {
        return epoch <= points.size() ? points.get(epoch - 1).accuracy() : Double.NaN;
    }

    /** Median seconds of an epoch: other work on the machine disturbs single ones. */
    public double secondsAnEpoch() {
        double[] seconds = new double[points.size()];
        double before = 0;
        for (int i = 0; i < seconds.length; i++) {
            seconds[i] = points.get(i).seconds() - before;
            before = points.get(i).seconds();
        }
        return Statistics.median(seconds);
    }

    /** {application, settings, provenance, data, secondsPerEpoch, chosen, last, best, points: [{epoch, seconds, testAccuracy, validationError}]}. */
    public ObjectNode toJson() {
        ObjectNode node = JSON.createObjectNode().put("application", application());
        settings.forEach(node.putObject("settings")::put);
        node.set("provenance", run.path("provenance"));
        node.set("data", run.path("data"));
        TrainedRun.put(node, "secondsPerEpoch", secondsAnEpoch());
        node.set("chosen", json(chosen()));
        node.set("last", json(last()));
        node.set("best", json(best()));
        ArrayNode all = node.putArray("points");
        points.forEach(point -> all.add(json(point)));
        return node;
    }

    private static ObjectNode json(Point point) {
        ObjectNode node = JSON.createObjectNode().put("epoch", point.epoch());
        TrainedRun.put(node, "seconds", point.seconds());
        TrainedRun.put(node, ACCURACY, point.accuracy());
        TrainedRun.put(node, VALIDATION, point.validationError());
        return node;
    }
}
