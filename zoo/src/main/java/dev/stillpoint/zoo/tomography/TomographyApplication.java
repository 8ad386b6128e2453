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
import java.util.function.Consumer;
import java.util.random.RandomGenerator;
import java.util.random.RandomGeneratorFactory;
import org.bytedeco.pytorch.Tensor;

/** {@code train tomography}: images from few noisy projections, by an optimisation problem that is partly learned or by a network. */
public final class TomographyApplication implements Application {
    /**
     * The state's digits at which a test or decision's solve ends: the conditions of optimality are then met to some 1e-4. For a δ
     * of .8 of the noise, ‖Ax − d‖ was up to 1.0006 δ, and 1.0012 δ with 1e-5, which is more than the check allows.
     */
    static final double INFERENCE = 5e-6;

    private static final int INFERENCE_STEPS = 20_000;
    /** Between two looks at the residual. */
    private static final int LOOK = 10;
    /**
     * Of the feasibility network: the published number of steps. Its largest step of 5e-3, about 1e-3 in the mean, would end a solve that
     * contracts by .95 a step 20 times as far from its fixed point, and training goes on from there to what inference never sees.
     */
    private static final StoppingRule FEASIBILITY = new StoppingRule(1e-4, 0, 100, 1);

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
        return ScanSettings.ALL;
    }

    @Override
    public List<Setting<?>> unused(Settings settings) {
        return ScanSettings.unused(settings);
    }

    @Override
    public List<String> checks(Settings settings) {
        return ImageChecks.names(settings.get(ScanSettings.METHOD) == ScanSettings.Kind.L2O);
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
                        + settings.get(ScanSettings.METHOD).name().toLowerCase(Locale.ROOT));
            }
        }
        TomographyData data = data(settings);
        ScanSettings.Kind kind = settings.get(ScanSettings.METHOD);
        TrainingOptions options = new TrainingOptions(
                settings.get(ScanSettings.EPOCHS),
                settings.get(ScanSettings.BATCH),
                settings.get(ScanSettings.SEED),
                Adam.Options.of(settings.get(ScanSettings.RATE).orElse(kind.rate())),
                new Schedule.Cosine(0.01),
                "validationLoss");
        double minutes = settings.get(ScanSettings.MINUTES);
        if (minutes > 0) {
            options = options.withBudget(Duration.ofNanos(Math.round(minutes * 60e9)));
        }
        double fidelity = settings.get(ScanSettings.SLACK) * settings.get(ScanSettings.NOISE);
        RandomGenerator random = random(settings.get(ScanSettings.SEED));
        return switch (kind) {
            case L2O -> {
                ConstrainedNetwork model =
                        new ConstrainedNetwork(data.scanner(), ScanSettings.constrained(settings), random);
                ImplicitNetwork<Tensor, ScanContext> any =
                        model.network(stop(settings.get(ScanSettings.DEPTH)), new JacobianFree());
                ImplicitNetwork<Tensor, ScanContext> network =
                        any.withAdjoint(settings.get(ScanSettings.ADJOINT).of(any.encoder()));
                Task task = new ConstrainedTask(model, network, stop(10 * settings.get(ScanSettings.DEPTH)), data);
                yield new TomographyExperiment(
                        new Method.Constrained(model, inference()), task, options, data, Optional.of(model), fidelity);
            }
            case UNET -> {
                Layer net = unet(settings, random);
                RampFilter filter = settings.get(ScanSettings.FILTER);
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
                        feasibility(step),
                        new FeasibilityTask(
                                step,
                                data,
                                FEASIBILITY.withMaxSteps(settings.get(ScanSettings.DEPTH)),
                                FEASIBILITY,
                                settings.get(ScanSettings.SEED)),
                        options,
                        data,
                        Optional.empty(),
                        fidelity);
            }
        };
    }

    /** The data that settings name. */
    static TomographyData data(Settings settings) {
        Path folder = DataFolder.of(settings.get(ScanSettings.FOLDER)).path().resolve("ct");
        return TomographyData.of(
                new TomographyData.Options(
                        settings.get(ScanSettings.PIXELS),
                        settings.get(ScanSettings.ANGLES),
                        settings.get(ScanSettings.NOISE),
                        settings.get(ScanSettings.IMAGES),
                        settings.get(ScanSettings.DATA_SEED)),
                ChestSlices.read(folder));
    }

    @Override
    public Predictor restore(Settings settings, SafeTensors stored, Certificates certificates) {
        Scanner scanner =
                new Scanner(ParallelBeam.of(settings.get(ScanSettings.PIXELS), settings.get(ScanSettings.ANGLES)));
        RandomGenerator random = random(settings.get(ScanSettings.SEED));
        Optional<ConstrainedNetwork> reference = Optional.empty();
        Method method;
        switch (settings.get(ScanSettings.METHOD)) {
            case L2O -> {
                ConstrainedNetwork model = new ConstrainedNetwork(scanner, ScanSettings.constrained(settings), random);
                reference = Optional.of(model);
                method = new Method.Constrained(model, inference());
            }
            case UNET -> method = unet(unet(settings, random), scanner, settings.get(ScanSettings.FILTER));
            case FFPN -> method = feasibility(new FeasibilityStep(scanner, random));
            default -> throw new AssertionError("three kinds");
        }
        stored.copyInto("", method.weights().state());
        return new TomographyPredictor(
                method,
                scanner,
                new ImageChecks(scanner, reference),
                certificates,
                settings.get(ScanSettings.NOISE),
                settings.get(ScanSettings.DATA_SEED));
    }

    @Override
    public SideBySide sideBySide(List<FinishedRun> runs, Consumer<String> progress) {
        return Comparison.of(runs, progress);
    }

    private static Layer unet(Settings settings, RandomGenerator random) {
        return settings.get(ScanSettings.PUBLISHED) ? new PublishedUNet(random) : new UNet(random);
    }

    private static Method unet(Layer net, Scanner scanner, RampFilter filter) {
        return new Method.Direct(net, d -> UNetTask.cleaned(net, scanner, filter, d));
    }

    private static Method feasibility(FeasibilityStep step) {
        return new Method.Iterated<Rows>(FeasibilityTask.network(step, FEASIBILITY));
    }

    /** Of a training solve, which goes on in the next epoch. */
    private static StoppingRule stop(int depth) {
        return new StoppingRule(0, 1e-4, depth, Math.min(depth, LOOK));
    }

    private static StoppingRule inference() {
        return new StoppingRule(0, INFERENCE, INFERENCE_STEPS, LOOK);
    }

    private static RandomGenerator random(long seed) {
        return RandomGeneratorFactory.of("L64X128MixRandom").create(seed);
    }
}
