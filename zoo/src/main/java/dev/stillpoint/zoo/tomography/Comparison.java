package dev.stillpoint.zoo.tomography;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.stillpoint.certificate.Certificate;
import dev.stillpoint.certificate.Label;
import dev.stillpoint.data.DataFolder;
import dev.stillpoint.solver.Status;
import dev.stillpoint.solver.StoppingRule;
import dev.stillpoint.tensor.Tensors;
import dev.stillpoint.train.Epoch;
import dev.stillpoint.zoo.FinishedRun;
import dev.stillpoint.zoo.Setting;
import dev.stillpoint.zoo.Settings;
import dev.stillpoint.zoo.SideBySide;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Consumer;
import org.bytedeco.pytorch.Tensor;

/**
 * Filtered back-projection, total variation and trained methods on the test patients' slices: PSNR, SSIM, and how many images of
 * each method fail the checks that were calibrated on the constrained network's training inferences.
 */
final class Comparison {
    private static final ObjectMapper JSON = new ObjectMapper();

    /** Total variation's solves, and how far they go. */
    private static final StoppingRule VARIATION = new StoppingRule(0, 1e-4, 3_000, 10);

    /** Radii over the size of the noise that total variation may have. */
    private static final double[] RADII = {0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 1.0, 1.05};

    private static final double VARIATION_ALPHA = 20;
    /** The part of a training's epochs at its end that must be flat. */
    private static final double LAST = 0.2;

    private static final List<Setting<?>> SHARED = List.of(
            ScanSettings.FOLDER,
            ScanSettings.PIXELS,
            ScanSettings.ANGLES,
            ScanSettings.NOISE,
            ScanSettings.IMAGES,
            ScanSettings.DATA_SEED,
            ScanSettings.MINUTES);

    private final FinishedRun own;
    private final TomographyPredictor predictor;
    private final TomographyData data;
    private final Consumer<String> progress;
    private final List<Judged> judged = new ArrayList<>();

    /** A method's test images with what they are worth. */
    private record Judged(
            String name,
            Method.Answers answers,
            Scores scores,
            List<List<Certificate>> labels,
            long weights,
            ObjectNode about) {}

    private Comparison(FinishedRun own, TomographyData data, Consumer<String> progress) {
        this.own = own;
        this.predictor = (TomographyPredictor) own.predictor();
        this.data = data;
        this.progress = progress;
    }

    /**
     * Compares.
     *
     * @param runs one at least of them of the constrained network; of several of one method the best on validation images counts
     * @param progress told what is being done
     */
    static SideBySide of(List<FinishedRun> runs, Consumer<String> progress) {
        List<FinishedRun> ours = runs.stream()
                .filter(run -> run.settings().get(ScanSettings.METHOD) == ScanSettings.Kind.L2O)
                .toList();
        if (ours.isEmpty()) {
            throw new IllegalArgumentException(
                    "--runs: need a run of --method l2o among them, whose checks judge all, got none");
        }
        for (FinishedRun run : runs) {
            for (Setting<?> setting : SHARED) {
                String here = run.settings().texts().get(setting.name());
                String there = ours.get(0).settings().texts().get(setting.name());
                if (here != null && !here.equals(there)) {
                    throw new IllegalArgumentException("--runs: need the same --" + setting.name() + " in all, got "
                            + there + " in " + ours.get(0).path() + " and " + here + " in " + run.path());
                }
            }
        }
        FinishedRun own = best(ours);
        Comparison comparison = new Comparison(own, TomographyApplication.data(own.settings()), progress);
        comparison.baselines();
        Map<String, List<FinishedRun>> byName = new TreeMap<>();
        for (FinishedRun run : runs) {
            byName.computeIfAbsent(name(run.settings()), name -> new ArrayList<>())
                    .add(run);
        }
        byName.remove(name(own.settings()));
        byName.forEach(comparison::learned);
        comparison.learned(
                name(own.settings()),
                ours.stream()
                        .filter(run -> name(run.settings()).equals(name(own.settings())))
                        .toList());
        Path folder =
                DataFolder.of(own.settings().get(ScanSettings.FOLDER)).path().resolve("ct");
        List<Corruptions.Line> corruptions = new Corruptions(
                        ((Method.Constrained) comparison.predictor.method()).model(),
                        comparison.data,
                        comparison.predictor.checks(),
                        comparison.predictor.certificates(),
                        own.settings().get(ScanSettings.NOISE))
                .table(folder, progress);
        return comparison.result(corruptions);
    }

    /** What the table calls a run's method. */
    private static String name(Settings settings) {
        return switch (settings.get(ScanSettings.METHOD)) {
            case UNET -> settings.get(ScanSettings.PUBLISHED) ? "U-Net, published" : "U-Net";
            case FFPN -> "F-FPN";
            case L2O ->
                settings.get(ScanSettings.STRENGTH) == ConstrainedNetwork.Strength.LOCAL
                        ? "implicit L2O"
                        : "implicit L2O, even";
        };
    }

    private static FinishedRun best(List<FinishedRun> runs) {
        FinishedRun best = runs.get(0);
        for (FinishedRun run : runs) {
            best = loss(run) < loss(best) ? run : best;
        }
        return best;
    }

    private static double loss(FinishedRun run) {
        return run.epochs().stream()
                .mapToDouble(epoch -> epoch.metrics().getOrDefault("validationLoss", Double.NaN))
                .filter(Double::isFinite)
                .min()
                .orElse(Double.POSITIVE_INFINITY);
    }

    private void baselines() {
        Baselines.Choice<RampFilter> filter = Baselines.filter(data);
        progress.accept("back-projection: window " + filter.value());
        ObjectNode aboutFilter =
                JSON.createObjectNode().put("window", filter.value().name().toLowerCase(Locale.ROOT));
        judge("FBP", new Method.Direct(nothing(), data.scanner().reconstruction(filter.value())), 0, aboutFilter);
        double noise = own.settings().get(ScanSettings.NOISE);
        List<TotalVariation.Options> candidates = Arrays.stream(RADII)
                .mapToObj(radius -> new TotalVariation.Options(radius * noise, VARIATION_ALPHA))
                .toList();
        Baselines.Choice<TotalVariation.Options> choice = Baselines.totalVariation(data, candidates, VARIATION);
        progress.accept("total variation: radius " + choice.value().radius());
        ObjectNode aboutVariation = JSON.createObjectNode()
                .put("radius", choice.value().radius())
                .put("radiusOverNoise", choice.value().radius() / noise)
                .put("validationPsnr", choice.psnr());
        judge(
                "TV",
                new Method.Direct(nothing(), new TotalVariation(data.scanner(), choice.value(), VARIATION)),
                0,
                aboutVariation);
    }

    private static dev.stillpoint.tensor.Learnable nothing() {
        return new dev.stillpoint.tensor.Learnable() {};
    }

    private void learned(String name, List<FinishedRun> runs) {
        FinishedRun best = best(runs);
        ObjectNode about = JSON.createObjectNode();
        ArrayNode tried = about.putArray("tried");
        for (FinishedRun run : runs) {
            ObjectNode node = tried.addObject();
            node.put(
                    "rate",
                    run.epochs().isEmpty() ? Double.NaN : run.epochs().get(0).learningRate());
            node.put("adjoint", run.settings().texts().getOrDefault("adjoint", ""));
            node.put("bestValidationLoss", loss(run));
            node.put("epochs", run.epochs().size());
            node.put("seconds", run.run().path("result").path("seconds").asDouble());
            node.put("gainOfLastFifth", gainOfLastFifth(run.epochs()));
        }
        about.set("settings", best.run().path("settings"));
        about.set("provenance", best.run().path("provenance"));
        Method method = ((TomographyPredictor) best.predictor()).method();
        long weights = method.weights().parameters().values().stream()
                .mapToLong(Tensor::numel)
                .sum();
        judge(name, method, weights, about);
    }

    /** By what share of itself the best validation loss still falls in the last fifth of the epochs: 0 for a flat curve. */
    static double gainOfLastFifth(List<Epoch> epochs) {
        int split = (int) Math.floor((1 - LAST) * epochs.size());
        double before = Double.POSITIVE_INFINITY;
        double all = Double.POSITIVE_INFINITY;
        for (int i = 0; i < epochs.size(); i++) {
            double loss = epochs.get(i).metrics().getOrDefault("validationLoss", Double.POSITIVE_INFINITY);
            before = i < split ? Math.min(before, loss) : before;
            all = Math.min(all, loss);
        }
        return 1 - all / before;
    }

    private void judge(String name, Method method, long weights, ObjectNode about) {
        long start = System.nanoTime();
        Method.Answers answers = method.all(data.test().data(), done -> {});
        about.put(
                "secondsAnImage",
                (System.nanoTime() - start) / 1e9 / data.test().size());
        Scores scores = Scores.of(answers.images, data.test(), data.scanner());
        List<List<Certificate>> labels =
                predictor.checks().judge(answers.images, data.test().data(), answers.excess, predictor.certificates());
        judged.add(new Judged(name, answers, scores, labels, weights, about));
        progress.accept(String.format(
                Locale.ROOT, "%s: %.2f dB, SSIM %.4f", name, Scores.mean(scores.psnr()), Scores.mean(scores.ssim())));
    }

    /** Worse than 95 of 100 calibration inferences, or above a limit: what the paper calls a failure. */
    private static double failing(Judged method, int check) {
        return method.labels().stream()
                        .filter(row -> row.get(check).label() != Label.PASS)
                        .count()
                / (double) method.labels().size();
    }

    private SideBySide result(List<Corruptions.Line> corruptions) {
        ObjectNode json = JSON.createObjectNode();
        ObjectNode setting = json.putObject("setting");
        for (Setting<?> shared : SHARED) {
            if (shared != ScanSettings.FOLDER) {
                setting.put(shared.name(), own.settings().texts().get(shared.name()));
            }
        }
        json.put("testImages", data.test().size())
                .put("validationImages", data.validate().size());
        List<String> names =
                judged.get(0).labels().get(0).stream().map(Certificate::name).toList();
        ArrayNode methods = json.putArray("methods");
        List<List<String>> rows = new ArrayList<>();
        for (Judged method : judged) {
            ObjectNode node = methods.addObject().put("method", method.name());
            node.put("psnr", Scores.mean(method.scores().psnr()));
            node.put("ssim", Scores.mean(method.scores().ssim()));
            node.put("ssimGaussian", Scores.mean(method.scores().ssimGaussian()));
            node.put("weights", method.weights());
            node.put("maxBox", max(method.scores().box()));
            node.put("maxFidelity", max(method.scores().fidelity()));
            node.put("maxExcess", max(method.scores().excess()));
            node.put("maxOptimality", max(method.answers().optimality));
            node.put("converged", method.answers().converged());
            ObjectNode fails = node.putObject("failing");
            List<String> row = new ArrayList<>(List.of(
                    method.name(),
                    String.format(
                            Locale.ROOT, "%.2f", Scores.mean(method.scores().psnr())),
                    String.format(
                            Locale.ROOT, "%.4f", Scores.mean(method.scores().ssim()))));
            for (int k = 0; k < names.size(); k++) {
                fails.put(names.get(k), failing(method, k));
                row.add(String.format(Locale.ROOT, "%.1f", 100 * failing(method, k)));
            }
            row.add(String.format(Locale.ROOT, "%,d", method.weights()));
            rows.add(row);
            Arrays.stream(method.scores().psnr()).forEach(node.putArray("psnrs")::add);
            Arrays.stream(method.scores().ssim()).forEach(node.putArray("ssims")::add);
            node.set("about", method.about());
        }
        json.set("corruptions", Corruptions.json(corruptions));
        List<String> columns = new ArrayList<>(List.of("method", "PSNR\ndB", "SSIM"));
        names.forEach(name -> columns.add(name + "\nfails, %"));
        columns.add("weights");
        List<List<String>> detected = corruptions.stream()
                .map(line -> List.of(
                        line.name(),
                        Integer.toString(line.images()),
                        String.format(Locale.ROOT, "%.2f", line.psnr()),
                        String.format(Locale.ROOT, "%.1f", 100 * line.rate()),
                        line.by().toString()))
                .toList();
        Map<String, byte[]> pictures = new LinkedHashMap<>();
        int shown = median();
        json.put("shown", shown);
        pictures.put("tomography.png", picture(shown, names));
        return new SideBySide(
                json,
                pictures,
                List.of(
                        new SideBySide.Table("Test patients", columns, rows),
                        new SideBySide.Table(
                                "Detected by status or certificates",
                                List.of("what is wrong", "images", "PSNR\ndB", "detected\n%", "by"),
                                detected)));
    }

    /** The image whose PSNR by our method is in the middle. */
    private int median() {
        double[] psnr = judged.get(judged.size() - 1).scores().psnr();
        Integer[] order = new Integer[psnr.length];
        Arrays.setAll(order, i -> i);
        Arrays.sort(order, java.util.Comparator.comparingDouble(i -> psnr[i]));
        return order[order.length / 2];
    }

    private byte[] picture(int i, List<String> names) {
        int n = data.scanner().beam().pixels();
        float[] truth = Tensors.rows(data.test().images().narrow(0, i, 1))[0];
        List<Gallery.Panel> panels = new ArrayList<>();
        panels.add(new Gallery.Panel("ground truth", truth, List.of()));
        for (Judged method : judged) {
            List<Gallery.Line> lines = new ArrayList<>();
            lines.add(new Gallery.Line(
                    String.format(
                            Locale.ROOT,
                            "PSNR %.2f dB, SSIM %.3f",
                            method.scores().psnr()[i],
                            method.scores().ssim()[i]),
                    Gallery.Tone.PLAIN));
            for (int k = 0; k < names.size(); k++) {
                Certificate label = method.labels().get(i).get(k);
                boolean good = label.label() == Label.PASS
                        && (!label.name().equals(ImageChecks.CONVERGENCE)
                                || method.answers().status[i] == Status.CONVERGED);
                lines.add(new Gallery.Line(
                        String.format(Locale.ROOT, "%s %.3g: %s", label.name(), label.value(), good ? "pass" : "fail"),
                        good ? Gallery.Tone.GOOD : Gallery.Tone.BAD));
            }
            panels.add(new Gallery.Panel(method.name(), method.answers().images[i], lines));
        }
        int side = Math.max(8, n / 4);
        int[] corner = Gallery.busiest(truth, n, side);
        return new Gallery(n, truth, corner[0], corner[1], side).png(panels);
    }

    private static double max(double[] values) {
        return Arrays.stream(values).max().orElse(Double.NaN);
    }
}
