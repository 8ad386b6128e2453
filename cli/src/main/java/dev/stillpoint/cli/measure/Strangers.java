package dev.stillpoint.cli.measure;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.stillpoint.certificate.Certificate;
import dev.stillpoint.certificate.Label;
import dev.stillpoint.data.Cifar10Archive;
import dev.stillpoint.data.DataFolder;
import dev.stillpoint.data.IdxFile;
import dev.stillpoint.data.Images;
import dev.stillpoint.data.LabelledImages;
import dev.stillpoint.data.PublicSets;
import dev.stillpoint.zoo.Decision;
import dev.stillpoint.zoo.Predictor;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;

/**
 * How often the certificates of a model of digits flag what is none: digits turned, noise, photographs. The thresholds are those that
 * the run stored; the test digits themselves say how often it flags in error.
 *
 * @param lines one a kind of image
 */
public record Strangers(List<Line> lines) {
    private static final ObjectMapper JSON = new ObjectMapper();

    /** Pixels of a digit's side. */
    private static final int SIDE = 28;

    private static final int PHOTOGRAPH = 32;
    private static final int BATCH = 1_000;

    /**
     * What a model made of images of one kind.
     *
     * @param name of the kind
     * @param count images
     * @param accuracy share classified as labelled, NaN where there is no label
     * @param confidence mean probability of the class chosen
     * @param steps mean steps of the solve
     * @param flagged share whose certificate warned or failed, by its name
     * @param anyFlagged share with at least one such
     */
    public record Line(
            String name,
            int count,
            double accuracy,
            double confidence,
            double steps,
            Map<String, Double> flagged,
            double anyFlagged) {}

    /** Images of one kind, as rows of pixels from 0 to 255. */
    record Kind(String name, float[][] rows, int[] labels) {}

    /**
     * Measures.
     *
     * @param model of 28 x 28 digits
     * @param data folder of MNIST and CIFAR-10
     * @param count images of each kind; the test digits as they are count all
     * @param seed of the noise
     */
    public static Strangers measure(Predictor model, DataFolder data, int count, long seed) {
        Path[] mnist = data.require(PublicSets.MNIST);
        LabelledImages digits = IdxFile.labelled(mnist[2], mnist[3], 10);
        Images photographs =
                Cifar10Archive.read(data.require(PublicSets.CIFAR10)[0]).test().images();
        List<Line> lines = new ArrayList<>();
        for (Kind kind : kinds(digits, photographs, count, seed)) {
            lines.add(line(model, kind));
        }
        return new Strangers(lines);
    }

    static List<Kind> kinds(LabelledImages digits, Images photographs, int count, long seed) {
        float[][] all = rows(digits.images());
        float[][] some = Arrays.copyOf(all, Math.min(count, all.length));
        int[] labels = Arrays.copyOf(digits.labels(), some.length);
        SplittableRandom random = new SplittableRandom(seed);
        List<Kind> kinds = new ArrayList<>();
        kinds.add(new Kind("test digits", all, digits.labels()));
        for (int degrees : new int[] {30, 60, 90, 180}) {
            kinds.add(new Kind("turned by " + degrees + "°", turned(some, degrees), labels));
        }
        kinds.add(new Kind("uniform noise", noise(some.length, random), new int[0]));
        kinds.add(new Kind("pixels of digits, shuffled", shuffled(some, random), new int[0]));
        kinds.add(new Kind("photographs in grey", grey(photographs, count), new int[0]));
        return kinds;
    }

    private static Line line(Predictor model, Kind kind) {
        int n = kind.rows().length;
        int correct = 0;
        int any = 0;
        double confidence = 0;
        double steps = 0;
        Map<String, Double> flagged = new LinkedHashMap<>();
        for (int from = 0; from < n; from += BATCH) {
            List<Decision> decisions = model.infer(Arrays.copyOfRange(kind.rows(), from, Math.min(n, from + BATCH)));
            for (int i = 0; i < decisions.size(); i++) {
                Decision d = decisions.get(i);
                boolean right = kind.labels().length > 0 && d.decision().equals("" + kind.labels()[from + i]);
                correct += right ? 1 : 0;
                confidence += Math.exp(-d.objective()) / n;
                steps += d.steps() / (double) n;
                boolean some = false;
                for (Certificate c : d.certificates()) {
                    boolean flag = c.label() != Label.PASS;
                    flagged.merge(c.name(), flag ? 1.0 / n : 0, Double::sum);
                    some |= flag;
                }
                any += some ? 1 : 0;
            }
        }
        double accuracy = kind.labels().length > 0 ? correct / (double) n : Double.NaN;
        return new Line(kind.name(), n, accuracy, confidence, steps, flagged, any / (double) n);
    }

    private static float[][] rows(Images images) {
        byte[] pixels = new byte[images.size()];
        float[][] rows = new float[images.count()][images.size()];
        for (int i = 0; i < rows.length; i++) {
            images.copy(i, pixels, 0);
            for (int p = 0; p < pixels.length; p++) {
                rows[i][p] = pixels[p] & 255;
            }
        }
        return rows;
    }

    /** Turned about the centre, with the mean of the four pixels that a place falls between, black outside. */
    static float[][] turned(float[][] rows, int degrees) {
        double cos = Math.cos(Math.toRadians(degrees));
        double sin = Math.sin(Math.toRadians(degrees));
        double centre = (SIDE - 1) / 2.0;
        float[][] turned = new float[rows.length][SIDE * SIDE];
        for (int i = 0; i < rows.length; i++) {
            for (int y = 0; y < SIDE; y++) {
                for (int x = 0; x < SIDE; x++) {
                    double fromX = centre + cos * (x - centre) - sin * (y - centre);
                    double fromY = centre + sin * (x - centre) + cos * (y - centre);
                    turned[i][y * SIDE + x] = between(rows[i], fromX, fromY);
                }
            }
        }
        return turned;
    }

    private static float between(float[] image, double x, double y) {
        int left = (int) Math.floor(x);
        int top = (int) Math.floor(y);
        double sum = 0;
        for (int dy = 0; dy < 2; dy++) {
            for (int dx = 0; dx < 2; dx++) {
                double weight = (1 - Math.abs(x - left - dx)) * (1 - Math.abs(y - top - dy));
                boolean inside = left + dx >= 0 && left + dx < SIDE && top + dy >= 0 && top + dy < SIDE;
                sum += inside ? weight * image[(top + dy) * SIDE + left + dx] : 0;
            }
        }
        return (float) sum;
    }

    private static float[][] noise(int count, SplittableRandom random) {
        float[][] rows = new float[count][SIDE * SIDE];
        for (float[] row : rows) {
            for (int p = 0; p < row.length; p++) {
                row[p] = random.nextInt(256);
            }
        }
        return rows;
    }

    private static float[][] shuffled(float[][] rows, SplittableRandom random) {
        float[][] shuffled = new float[rows.length][];
        for (int i = 0; i < rows.length; i++) {
            float[] row = rows[i].clone();
            for (int p = row.length - 1; p > 0; p--) {
                int q = random.nextInt(p + 1);
                float other = row[q];
                row[q] = row[p];
                row[p] = other;
            }
            shuffled[i] = row;
        }
        return shuffled;
    }

    /** The middle of the photographs, by the weights of ITU-R BT.601. */
    private static float[][] grey(Images photographs, int count) {
        int edge = (PHOTOGRAPH - SIDE) / 2;
        float[][] rows = new float[Math.min(count, photographs.count())][SIDE * SIDE];
        for (int i = 0; i < rows.length; i++) {
            for (int y = 0; y < SIDE; y++) {
                for (int x = 0; x < SIDE; x++) {
                    rows[i][y * SIDE + x] = 0.299f * photographs.at(i, 0, y + edge, x + edge)
                            + 0.587f * photographs.at(i, 1, y + edge, x + edge)
                            + 0.114f * photographs.at(i, 2, y + edge, x + edge);
                }
            }
        }
        return rows;
    }

    /** {kinds: [{kind, images, accuracy, confidence, steps, flagged: {...}, anyFlagged}]}. */
    public ObjectNode toJson() {
        ObjectNode node = JSON.createObjectNode();
        ArrayNode all = node.putArray("kinds");
        for (Line line : lines) {
            ObjectNode entry = all.addObject().put("kind", line.name()).put("images", line.count());
            TrainedRun.put(entry, "accuracy", line.accuracy());
            TrainedRun.put(entry, "confidence", line.confidence());
            TrainedRun.put(entry, "steps", line.steps());
            line.flagged().forEach(entry.putObject("flagged")::put);
            TrainedRun.put(entry, "anyFlagged", line.anyFlagged());
        }
        return node;
    }
}
