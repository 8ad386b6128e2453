package dev.stillpoint.zoo.tomography;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.stillpoint.certificate.Certificate;
import dev.stillpoint.certificate.Certificates;
import dev.stillpoint.certificate.Label;
import dev.stillpoint.data.NumpyArray;
import dev.stillpoint.data.NumpyFile;
import dev.stillpoint.solver.Status;
import dev.stillpoint.solver.StoppingRule;
import dev.stillpoint.tensor.TensorScope;
import dev.stillpoint.tensor.Tensors;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.random.RandomGenerator;
import java.util.random.RandomGeneratorFactory;
import org.bytedeco.pytorch.NoGradGuard;
import org.bytedeco.pytorch.Tensor;

/**
 * What the certificates say where something is wrong: with the data, with δ, with the image itself or with the network. An
 * inference is detected where its solve did not converge or a check fails; on sound data of patients that training has not seen
 * that is a false alarm. The thresholds are those stored with the run.
 */
final class Corruptions {
    /** As sound solves end; those of problems without a solution do not end by themselves. */
    private static final StoppingRule STOP = new StoppingRule(0, TomographyApplication.INFERENCE, 2_000, 10);

    private static final int SEED = 5;
    /** What the names of the local weights' tensors begin with. */
    private static final String LOCAL = "local.";

    /** Angles in a row whose data are lost: one in six. */
    private static final int LOST = 6;

    private static final String BONES = "iqoth_chest_128.npy";

    private final ConstrainedNetwork model;
    private final TomographyData data;
    private final ImageChecks checks;
    private final Certificates certificates;
    private final double noise;

    Corruptions(
            ConstrainedNetwork model,
            TomographyData data,
            ImageChecks checks,
            Certificates certificates,
            double noise) {
        this.model = model;
        this.data = data;
        this.checks = checks;
        this.certificates = certificates;
        this.noise = noise;
    }

    /**
     * One row of the table.
     *
     * @param name what is wrong
     * @param images how many
     * @param detected how many of them
     * @param by detections by each reason; one inference may have several
     * @param psnr the mean over the images, in dB: what the corruption costs
     */
    record Line(String name, int images, int detected, Map<String, Integer> by, double psnr) {
        double rate() {
            return detected / (double) images;
        }

        /** Both together, under this one's name. */
        Line and(Line other) {
            Map<String, Integer> sum = new LinkedHashMap<>(by);
            other.by.forEach((reason, count) -> sum.merge(reason, count, Integer::sum));
            int all = images + other.images;
            double mean = (images * psnr + other.images * other.psnr) / all;
            return new Line(name, all, detected + other.detected, sum, mean);
        }
    }

    /**
     * The whole table, sound data first.
     *
     * @param folder with the bone-windowed slices; without them their row is left out
     * @param progress told what is being done
     */
    List<Line> table(Path folder, Consumer<String> progress) {
        List<Line> lines = new ArrayList<>();
        Consumer<Line> add = line -> {
            lines.add(line);
            progress.accept(line.name() + ": " + line.detected() + " of " + line.images() + " detected");
        };
        Scans sound = data.test();
        add.accept(line("nothing, test patients", sound, 1));
        add.accept(line("nothing, validation patients", data.validate(), 1));
        add.accept(line("δ doubled", sound, 2));
        add.accept(line("δ halved", sound, 0.5));
        try (TensorScope scope = TensorScope.open()) {
            add.accept(line("a sixth of the angles lost", lost(sound), 1));
            add.accept(line("noise x 3", Scans.of(data.scanner(), images(sound), 3 * noise, SEED), 1));
            Path bones = folder.resolve(BONES);
            if (Files.exists(bones)) {
                List<float[]> slices = bones(bones, data.scanner().beam().pixels());
                if (!slices.isEmpty()) {
                    add.accept(line("bone-windowed slices", measured(slices), 1));
                }
            }
            add.accept(line("woven texture in place of a chest", measured(textures(sound.size())), 1));
        }
        Map<String, Line> zeroed = new LinkedHashMap<>();
        model.encoder().parameters().forEach((name, weight) -> {
            try (NoGradGuard offTape = new NoGradGuard();
                    TensorScope scope = TensorScope.open()) {
                Tensor kept = weight.clone();
                progress.accept("zeroing " + name);
                String what = name.startsWith(LOCAL) ? "a tensor of the local weights" : name;
                try {
                    weight.zero_();
                    zeroed.merge(what, line(what + " zeroed", sound, 1), Line::and);
                } finally {
                    weight.copy_(kept);
                }
            }
        });
        zeroed.values().forEach(add);
        return lines;
    }

    private Scans measured(List<float[]> images) {
        return Scans.of(data.scanner(), images, noise, SEED);
    }

    private static List<float[]> images(Scans scans) {
        return List.of(Tensors.rows(scans.images()));
    }

    /** The first angles' beams see nothing. */
    private Scans lost(Scans scans) {
        int angles = data.scanner().beam().angles();
        Tensor broken = scans.data().clone();
        long beams = (long) Math.max(1, angles / LOST) * data.scanner().beam().bins();
        broken.narrow(1, 0, beams).zero_();
        return new Scans(scans.images(), broken, scans.noise());
    }

    /** u1 slices of 128 x 128, as means of squares where fewer pixels are wanted; none where more are. */
    private static List<float[]> bones(Path file, int pixels) {
        NumpyArray array = NumpyFile.read(file);
        int[] shape = array.shape();
        List<float[]> slices = new ArrayList<>();
        int side = shape[1];
        int factor = side / pixels;
        if (factor < 1 || side % pixels != 0) {
            return slices;
        }
        for (int k = 0; k < shape[0]; k++) {
            float[] image = new float[pixels * pixels];
            for (int i = 0; i < side * side; i++) {
                double value = array.number(k * side * side + i) / 255 / (factor * factor);
                image[i / side / factor * pixels + i % side / factor] += (float) value;
            }
            slices.add(image);
        }
        return slices;
    }

    /** Waves of a few pixels' length in two directions, with grain. */
    private List<float[]> textures(int count) {
        RandomGenerator random = RandomGeneratorFactory.of("L64X128MixRandom").create(SEED);
        int n = data.scanner().beam().pixels();
        List<float[]> images = new ArrayList<>();
        for (int k = 0; k < count; k++) {
            double across = 3 + 9 * random.nextDouble();
            double down = 3 + 9 * random.nextDouble();
            float[] image = new float[n * n];
            for (int i = 0; i < image.length; i++) {
                int row = i / n;
                double value = 0.5
                        + 0.2 * Math.sin(2 * Math.PI * (i % n) / across)
                        + 0.2 * Math.sin(2 * Math.PI * row / down)
                        + 0.1 * (random.nextDouble() - 0.5);
                image[i] = (float) Math.min(1, Math.max(0, value));
            }
            images.add(image);
        }
        return images;
    }

    private Line line(String name, Scans scans, double radius) {
        Method method = new Method.Constrained(model.withRadius(radius), STOP);
        Method.Answers answers = method.all(scans.data(), done -> {});
        List<List<Certificate>> labels = checks.judge(answers.images, scans.data(), answers.excess, certificates);
        double psnr =
                Scores.mean(Scores.of(answers.images, scans, data.scanner()).psnr());
        Map<String, Integer> by = new LinkedHashMap<>();
        int detected = 0;
        for (int i = 0; i < answers.images.length; i++) {
            boolean found = false;
            if (answers.status[i] != Status.CONVERGED) {
                found = true;
                by.merge("status", 1, Integer::sum);
            }
            for (Certificate label : labels.get(i)) {
                if (label.label() == Label.FAIL) {
                    found = true;
                    by.merge(label.name(), 1, Integer::sum);
                }
            }
            detected += found ? 1 : 0;
        }
        return new Line(name, answers.images.length, detected, by, psnr);
    }

    /** [{corruption, images, detected, rate, psnr, by}]. */
    static ArrayNode json(List<Line> lines) {
        ArrayNode all = new ObjectMapper().createArrayNode();
        for (Line line : lines) {
            ObjectNode node = all.addObject()
                    .put("corruption", line.name())
                    .put("images", line.images())
                    .put("detected", line.detected())
                    .put("rate", line.rate())
                    .put("psnr", line.psnr());
            line.by().forEach(node.putObject("by")::put);
        }
        return all;
    }
}
