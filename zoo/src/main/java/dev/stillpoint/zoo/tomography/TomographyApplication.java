package dev.stillpoint.zoo.tomography;

import dev.stillpoint.ImplicitNetwork;
import dev.stillpoint.adjoint.JacobianFree;
import dev.stillpoint.certificate.Certificates;
import dev.stillpoint.data.DataFolder;
import dev.stillpoint.data.SafeTensors;
import dev.stillpoint.kernel.ParallelBeam;
import dev.stillpoint.network.Layer;
import dev.stillpoint.solver.StoppingRule;
import dev.stillpoint.tensor.Rows;
import dev.stillpoint.train.Adam;
import dev.stillpoint.train.Schedule;
import dev.stillpoint.train.Task;
import dev.stillpoint.train.TrainingOptions;
import dev.stillpoint.zoo.Adjoints;
import dev.stillpoint.zoo.Application;
import dev.stillpoint.zoo.Experiment;
import dev.stillpoint.zoo.FinishedRun;
import dev.stillpoint.zoo.Predictor;
import dev.stillpoint.zoo.Setting;
import dev.stillpoint.zoo.Settings;
import dev.stillpoint.zoo.SideBySide;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.function.Consumer;
import java.util.random.RandomGenerator;
import java.util.random.RandomGeneratorFactory;
import java.util.stream.Stream;
import org.bytedeco.pytorch.Tensor;

/** {@code train tomography}: images from few noisy projections, by an optimisation problem that is partly learned or by a network. */
public final class TomographyApplication implements Application {
    private static final String USUAL = "usual";

    /** The state's digits at which a test or decision's solve ends: the conditions of optimality are then met to 1e-3. */
    private static final double INFERENCE = 1e-5;

    private static final int INFERENCE_STEPS = 20_000;
    /** Between two looks at the residual. */
    private static final int LOOK = 10;
    /**
     * Of the feasibility network: the published number of steps. Its largest step of 5e-3, about 1e-3 in the mean, would end a solve that
     * contracts by .95 a step 20 times as far from its fixed point, and training goes on from there to what inference never sees.
     */
    private static final StoppingRule FEASIBILITY = new StoppingRule(1e-4, 0, 100, 1);

    /** What is learned. */
    enum Kind {
        /** The implicit network with constraints. */
        L2O(3e-3),
        /** A U-Net after filtered back-projection. */
        UNET(1e-3),
        /** The feasibility-based fixed point network. */
        FFPN(1e-3);

        private final double rate;

        Kind(double rate) {
            this.rate = rate;
        }

        static Kind parse(String text) {
            for (Kind kind : values()) {
                if (kind.name().toLowerCase(Locale.ROOT).equals(text)) {
                    return kind;
                }
            }
            throw new IllegalArgumentException("need l2o|unet|ffpn, got '" + text + "'");
        }
    }

    static final Setting<Kind> METHOD = Setting.of(
            "method",
            "l2o|unet|ffpn",
            "l2o",
            "the constrained implicit network, a U-Net on back-projections, or the feasibility-based fixed point network",
            Kind::parse);
    static final Setting<Optional<Path>> FOLDER = Setting.of(
            "data",
            "DIR",
            USUAL,
            "folder with ct/; the usual one is named by STILLPOINT_DATA, or lies in the user's cache folder",
            text -> text.equals(USUAL) ? Optional.empty() : Optional.of(Path.of(text)));
    static final Setting<Integer> PIXELS =
            Setting.integer("pixels", 128, 8, ChestSlices.SIDE, "on a side of the images: 128, 64, ...");
    static final Setting<Integer> ANGLES = Setting.integer("angles", 30, 2, 1_000, "of the scan");
    static final Setting<Double> NOISE =
            Setting.number("noise", 0.015, 1e-6, 1, "relative standard deviation of each beam's error");
    static final Setting<Integer> IMAGES =
            Setting.integer("images", 400, 1, 1_000_000, "to train on, one in five of them of ellipses");
    static final Setting<Long> DATA_SEED =
            Setting.seed("data-seed", 0, "seed of the patients' split, augmentation and errors");
    static final Setting<Long> SEED = Setting.seed("seed", 0, "seed of initial weights and shuffling");
    private static final Setting<Integer> EPOCHS =
            Setting.integer("epochs", 1_000, 1, "passes over the images at most");
    static final Setting<Double> MINUTES = Setting.number(
            "minutes",
            60,
            0,
            1e6,
            "training time, after which the present epoch is the last; the learning rate falls along half a cosine"
                    + " over it. 0 for none: over the epochs then");
    private static final Setting<Integer> BATCH = Setting.integer("batch", 8, 1, "images a training step");
    private static final Setting<OptionalDouble> RATE = Setting.of(
            "lr",
            "X",
            USUAL,
            "Adam's learning rate to begin with; usually 0.003 for l2o, and 0.001 for unet and ffpn",
            text -> text.equals(USUAL) ? OptionalDouble.empty() : OptionalDouble.of(rate(text)));
    private static final Setting<RampFilter> FILTER = Setting.of(
            "window",
            "ramp|shepp-logan|cosine|hamming|hann",
            "hann",
            "of the back-projections that the U-Net is given",
            TomographyApplication::window);
    static final Setting<Boolean> PUBLISHED = Setting.of(
            "unet",
            "full|published",
            "full",
            "which U-Net: one that corrects the back-projection at full size, or the published one",
            TomographyApplication::published);
    private static final Setting<Adjoints.Choice> ADJOINT = Setting.of(
            "adjoint",
            Adjoints.KIND,
            "neumann:20",
            "how l2o's fixed point is differentiated; " + Adjoints.DETAIL,
            Adjoints::parse);
    private static final Setting<Integer> DEPTH = Setting.integer(
            "depth",
            20,
            1,
            "steps of l2o's or ffpn's training solve at most; the next epoch's goes on from where it ended");
    private static final Setting<Integer> CHANNELS = Setting.integer("channels", 16, 1, 1_000, "of l2o's Kx");
    private static final Setting<Integer> TAPS = Setting.integer("filter", 7, 3, 99, "side of K's kernels, odd");
    private static final Setting<Integer> HIDDEN = Setting.integer("hidden", 16, 1, 1_000, "channels in l2o's R");
    private static final Setting<Integer> LAYERS = Setting.integer("layers", 1, 1, 99, "of l2o's R, odd");
    private static final Setting<Integer> KERNEL = Setting.integer("kernel", 1, 1, 99, "side of R's kernels, odd");
    static final Setting<ConstrainedNetwork.Strength> STRENGTH = Setting.of(
            "strength",
            "even|local",
            "local",
            "of l2o's regulariser: alike everywhere, or pixel by pixel as a network of the back-projection has it",
            TomographyApplication::strength);
    private static final Setting<Double> THRESHOLD =
            Setting.number("threshold", 0.01, 1e-9, 1e9, "of l2o's R, the geometric mean");
    static final Setting<Double> SLACK =
            Setting.number("slack", 1.05, 1e-3, 1_000, "l2o's radius over the size of the noise");
    private static final Setting<Double> MEASURED =
            Setting.number("measured", 1, 1e-6, 1e6, "norm of A beside K's norm of one in l2o's algorithm");
    private static final Setting<Double> ALPHA =
            Setting.number("alpha", 1, 1e-9, 1e9, "step of the duals in l2o's algorithm");

    private static final List<Setting<?>> OF_L2O =
            List.of(ADJOINT, CHANNELS, TAPS, HIDDEN, LAYERS, KERNEL, STRENGTH, THRESHOLD, MEASURED, ALPHA);

    /** For the ServiceLoader. */
    public TomographyApplication() {}

    @Override
    public String name() {
        return "tomography";
    }

    @Override
    public String summary() {
        return "images from few noisy projections, with constraints that always hold";
    }

    @Override
    public List<Setting<?>> settings() {
        return List.of(
                METHOD, FOLDER, PIXELS, ANGLES, NOISE, IMAGES, DATA_SEED, SEED, EPOCHS, MINUTES, BATCH, RATE, SLACK,
                FILTER, PUBLISHED, ADJOINT, DEPTH, CHANNELS, TAPS, HIDDEN, LAYERS, KERNEL, STRENGTH, THRESHOLD,
                MEASURED, ALPHA);
    }

    @Override
    public List<Setting<?>> unused(Settings settings) {
        return switch (settings.get(METHOD)) {
            case L2O -> List.of(FILTER, PUBLISHED);
            case UNET -> Stream.concat(OF_L2O.stream(), Stream.of(DEPTH)).toList();
            case FFPN ->
                Stream.concat(OF_L2O.stream(), Stream.of(FILTER, PUBLISHED)).toList();
        };
    }

    @Override
    public List<String> checks(Settings settings) {
        return ImageChecks.names(settings.get(METHOD) == Kind.L2O);
    }

    @Override
    public int threads(Settings settings) {
        return Runtime.getRuntime().availableProcessors();
    }

    @Override
    public Experiment prepare(Settings settings) {
        for (Setting<?> setting : unused(settings)) {
            if (!settings.isDefault(setting)) {
                throw new IllegalArgumentException("--" + setting.name() + ": need another --method beside it, got "
                        + settings.get(METHOD).name().toLowerCase(Locale.ROOT));
            }
        }
        TomographyData data = data(settings);
        Kind kind = settings.get(METHOD);
        TrainingOptions options = new TrainingOptions(
                settings.get(EPOCHS),
                settings.get(BATCH),
                settings.get(SEED),
                Adam.Options.of(settings.get(RATE).orElse(kind.rate)),
                new Schedule.Cosine(0.01),
                "validationLoss");
        double minutes = settings.get(MINUTES);
        if (minutes > 0) {
            options = options.withBudget(Duration.ofNanos(Math.round(minutes * 60e9)));
        }
        double fidelity = settings.get(SLACK) * settings.get(NOISE);
        RandomGenerator random = random(settings.get(SEED));
        long n = (long) settings.get(PIXELS) * settings.get(PIXELS);
        return switch (kind) {
            case L2O -> {
                ConstrainedNetwork model = new ConstrainedNetwork(data.scanner(), constrained(settings), random);
                ImplicitNetwork<Tensor, ScanContext> any = model.network(stop(settings.get(DEPTH)), new JacobianFree());
                ImplicitNetwork<Tensor, ScanContext> network =
                        any.withAdjoint(settings.get(ADJOINT).of(any.encoder()));
                Task task = new ConstrainedTask(model, network, stop(10 * settings.get(DEPTH)), data);
                yield new TomographyExperiment(
                        new Method.Constrained(model, inference()), task, options, data, Optional.of(model), fidelity);
            }
            case UNET -> {
                Layer net = unet(settings, random);
                RampFilter filter = settings.get(FILTER);
                yield new TomographyExperiment(
                        unet(net, data.scanner(), filter),
                        new UNetTask(net, data, filter),
                        options,
                        data,
                        Optional.empty(),
                        fidelity);
            }
            case FFPN -> {
                FeasibilityStep step = new FeasibilityStep(data.scanner(), random);
                yield new TomographyExperiment(
                        feasibility(step, n),
                        new FeasibilityTask(
                                step,
                                data,
                                FEASIBILITY.withMaxSteps(settings.get(DEPTH)),
                                FEASIBILITY,
                                settings.get(SEED)),
                        options,
                        data,
                        Optional.empty(),
                        fidelity);
            }
        };
    }

    /** The data that settings name. */
    static TomographyData data(Settings settings) {
        Path folder = DataFolder.of(settings.get(FOLDER)).path().resolve("ct");
        return TomographyData.of(
                new TomographyData.Options(
                        settings.get(PIXELS),
                        settings.get(ANGLES),
                        settings.get(NOISE),
                        settings.get(IMAGES),
                        settings.get(DATA_SEED)),
                ChestSlices.read(folder));
    }

    @Override
    public Predictor restore(Settings settings, SafeTensors stored, Certificates certificates) {
        Scanner scanner = new Scanner(ParallelBeam.of(settings.get(PIXELS), settings.get(ANGLES)));
        RandomGenerator random = random(settings.get(SEED));
        Optional<ConstrainedNetwork> reference = Optional.empty();
        Method method;
        switch (settings.get(METHOD)) {
            case L2O -> {
                ConstrainedNetwork model = new ConstrainedNetwork(scanner, constrained(settings), random);
                reference = Optional.of(model);
                method = new Method.Constrained(model, inference());
            }
            case UNET -> method = unet(unet(settings, random), scanner, settings.get(FILTER));
            case FFPN ->
                method = feasibility(
                        new FeasibilityStep(scanner, random), (long) settings.get(PIXELS) * settings.get(PIXELS));
            default -> throw new AssertionError("three kinds");
        }
        stored.copyInto("", method.weights().state());
        return new TomographyPredictor(
                method,
                scanner,
                new ImageChecks(scanner, reference),
                certificates,
                settings.get(NOISE),
                settings.get(DATA_SEED));
    }

    @Override
    public SideBySide sideBySide(List<FinishedRun> runs, Consumer<String> progress) {
        return Comparison.of(runs, progress);
    }

    private static Layer unet(Settings settings, RandomGenerator random) {
        return settings.get(PUBLISHED) ? new PublishedUNet(random) : new UNet(random);
    }

    private static Method unet(Layer net, Scanner scanner, RampFilter filter) {
        return new Method.Direct(net, d -> UNetTask.cleaned(net, scanner, filter, d));
    }

    private static Method feasibility(FeasibilityStep step, long n) {
        return new Method.Iterated<Rows>(FeasibilityTask.network(step, n, FEASIBILITY));
    }

    private static ConstrainedNetwork.Options constrained(Settings settings) {
        return new ConstrainedNetwork.Options(
                settings.get(CHANNELS),
                settings.get(TAPS),
                settings.get(HIDDEN),
                settings.get(LAYERS),
                settings.get(KERNEL),
                settings.get(THRESHOLD),
                settings.get(NOISE),
                settings.get(SLACK),
                settings.get(MEASURED),
                settings.get(ALPHA),
                settings.get(STRENGTH));
    }

    /** Of a training solve, which goes on in the next epoch. */
    private static StoppingRule stop(int depth) {
        return new StoppingRule(0, 1e-4, depth, Math.min(depth, LOOK));
    }

    private static StoppingRule inference() {
        return new StoppingRule(0, INFERENCE, INFERENCE_STEPS, LOOK);
    }

    private static double rate(String text) {
        double value;
        try {
            value = Double.parseDouble(text.strip());
        } catch (NumberFormatException e) {
            throw new IllegalArgumentException("need a number or " + USUAL + ", got '" + text + "'", e);
        }
        if (!(value >= 1e-9 && value <= 10)) {
            throw new IllegalArgumentException("need a number from 1e-9 to 10, got " + text);
        }
        return value;
    }

    private static RampFilter window(String text) {
        for (RampFilter filter : RampFilter.values()) {
            if (filter.name().toLowerCase(Locale.ROOT).replace('_', '-').equals(text)) {
                return filter;
            }
        }
        throw new IllegalArgumentException("need ramp|shepp-logan|cosine|hamming|hann, got '" + text + "'");
    }

    private static ConstrainedNetwork.Strength strength(String text) {
        return switch (text) {
            case "even" -> ConstrainedNetwork.Strength.EVEN;
            case "local" -> ConstrainedNetwork.Strength.LOCAL;
            default -> throw new IllegalArgumentException("need even|local, got '" + text + "'");
        };
    }

    private static boolean published(String text) {
        return switch (text) {
            case "full" -> false;
            case "published" -> true;
            default -> throw new IllegalArgumentException("need full|published, got '" + text + "'");
        };
    }

    private static RandomGenerator random(long seed) {
        return RandomGeneratorFactory.of("L64X128MixRandom").create(seed);
    }
}
