package dev.stillpoint.zoo.images;

import dev.stillpoint.certificate.Certificates;
import dev.stillpoint.data.Augmentation;
import dev.stillpoint.data.DataException;
import dev.stillpoint.data.DataFolder;
import dev.stillpoint.data.Normalisation;
import dev.stillpoint.data.SafeTensors;
import dev.stillpoint.solver.Acceleration;
import dev.stillpoint.solver.Anderson;
import dev.stillpoint.solver.Compaction;
import dev.stillpoint.solver.FixedPointSolver;
import dev.stillpoint.solver.Picard;
import dev.stillpoint.solver.StoppingRule;
import dev.stillpoint.train.Adam;
import dev.stillpoint.train.ReduceOnPlateau;
import dev.stillpoint.train.Schedule;
import dev.stillpoint.train.TrainingOptions;
import dev.stillpoint.zoo.Adjoints;
import dev.stillpoint.zoo.Application;
import dev.stillpoint.zoo.Experiment;
import dev.stillpoint.zoo.Predictor;
import dev.stillpoint.zoo.Setting;
import dev.stillpoint.zoo.Settings;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.random.RandomGenerator;
import java.util.random.RandomGeneratorFactory;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** What the applications of this package have in common: their settings, and how an experiment is put together. */
abstract class ImagesApplication implements Application {
    /** Training images held out to select the model. */
    static final int HELD_OUT = 5_000;

    /** Convolutions of a hundred small images gain little from more. */
    private static final int THREADS = 4;

    /** Of an adjoint solve: where R contracts by 0.95, a fixed-point iteration takes 90 for two digits. */
    private static final int ADJOINT_STEPS = 200;

    /** Differences that an accelerated iteration keeps: each costs a pass over all of u. */
    private static final int ANDERSON_MEMORY = 3;

    private static final String USUAL = "usual";

    private static final Pattern STEPS = Pattern.compile("steps:([0-9]{1,6}):([0-9]*\\.?[0-9]+)");
    private static final Pattern PLATEAU = Pattern.compile("plateau:([0-9]{1,6}):([0-9]*\\.?[0-9]+)");

    /** The defaults that differ between data sets. */
    record Defaults(
            double gamma, double tolerance, int maxSteps, int epochs, double learningRate, double weightDecay) {}

    private final Setting<Integer> rows =
            Setting.integer("rows", 0, 0, "training images to use, the first ones; 0 for all that are not held out");
    private final Setting<Optional<Path>> folder = Setting.of(
            "data",
            "DIR",
            USUAL,
            "folder of the data sets; the usual one is named by STILLPOINT_DATA, or lies in the user's cache folder",
            text -> text.equals(USUAL) ? Optional.empty() : Optional.of(Path.of(text)));
    private final Setting<Long> seed = Setting.seed("seed", 0, "seed of initial weights, shuffling and dropout");
    private final Setting<Adjoints.Choice> adjoint = Setting.of(
            "adjoint",
            Adjoints.KIND,
            "jfb",
            "how the fixed point is differentiated, or explicit for one step instead; " + Adjoints.DETAIL,
            text -> adjoint(text, StoppingRule.tolerance(1)));
    private final Setting<String> adjointText = Setting.of("adjoint", "", "jfb", "", text -> text);
    private final Setting<Double> adjointTolerance = Setting.number(
            "adjoint-tolerance",
            0,
            0,
            1,
            "of the adjoint equation, relative to its solution; 0 for the fixed point's own, of numbers of size one");
    private final Setting<LatentChoice> norm = Setting.of(
            "latent-norm",
            "auto|batch|none",
            "auto",
            "batch norm within R; auto has none for implicit adjoints, as the published networks",
            LatentChoice::parse);
    private final Setting<Contraction.Choice> contraction = Setting.of(
            "contraction",
            Contraction.KIND,
            "auto",
            "what keeps R a contraction; " + Contraction.DETAIL,
            Contraction::parse);
    private final Setting<Integer> blocks;
    private final Setting<Double> gamma;
    private final Setting<Double> tolerance;
    private final Setting<Integer> maxSteps;
    private final Setting<Integer> epochs;
    private final Setting<Integer> batch = Setting.integer("batch", 100, 2, "images a training step");
    private final Setting<Double> rate;
    private final Setting<Double> decay;
    private final Setting<Adam.Decay> decayKind = Setting.of(
            "decay-kind",
            "l2|decoupled",
            "l2",
            "what the weight decay does: part of the gradient as the published code has it, or beside the step",
            text -> switch (text) {
                case "l2" -> Adam.Decay.L2;
                case "decoupled" -> Adam.Decay.DECOUPLED;
                default -> throw new IllegalArgumentException("need l2|decoupled, got '" + text + "'");
            });
    private final Setting<Compaction> freezing = Setting.of(
            "freezing",
            "on|off",
            "on",
            "whether images whose solve has ended leave the batch; not where batch norm couples them, in training",
            text -> switch (text) {
                case "on" -> Compaction.HALVING;
                case "off" -> Compaction.OFF;
                default -> throw new IllegalArgumentException("need on|off, got '" + text + "'");
            });
    private final Setting<Acceleration> acceleration = Setting.of(
            "acceleration",
            "none|anderson",
            "none",
            "of the fixed-point iteration; anderson pays where R has no batch norm and so contracts alike in all directions",
            text -> switch (text) {
                case "none" -> new Picard();
                case "anderson" -> Anderson.of(ANDERSON_MEMORY);
                default -> throw new IllegalArgumentException("need none|anderson, got '" + text + "'");
            });
    private final Setting<Augmentation> augmentation = Setting.of(
            "augmentation",
            "none|shift|mirror|paper",
            "none",
            "of training images: shift moves them by up to two pixels, mirror also exchanges left and right of half of them,"
                    + " paper also erases a part, as the published code does to CIFAR-10",
            this::augmentation);
    private final Setting<Schedule> schedule = Setting.of(
            "schedule",
            "constant|steps:N:F|cosine|one-cycle|plateau:N:F",
            "cosine",
            "learning rate: steps multiplies it by F every N epochs, plateau after N without a better validation error",
            ImagesApplication::schedule);

    ImagesApplication(int blocks, Defaults d) {
        this.blocks = Setting.integer("blocks", blocks, 1, 100, "latent blocks of R");
        this.gamma = Setting.number("gamma", d.gamma(), 1e-3, 0.999, "contraction factor within R");
        this.tolerance = Setting.number(
                "tolerance", d.tolerance(), 1e-7, 1, "of the fixed point while training, per number of u");
        this.maxSteps = Setting.integer("max-steps", d.maxSteps(), 1, "steps of the fixed-point iteration at most");
        this.epochs = Setting.integer("epochs", d.epochs(), 1, "passes over the training images");
        this.rate = Setting.number("lr", d.learningRate(), 1e-9, 10, "Adam's learning rate");
        this.decay = Setting.number("weight-decay", d.weightDecay(), 0, 10, "weight decay");
    }

    private Augmentation augmentation(String text) {
        return switch (text) {
            case "none" -> Augmentation.NONE;
            case "shift" -> new Augmentation(0, 2, background(), Augmentation.Erasing.NEVER);
            case "mirror" -> new Augmentation(0.5, 2, background(), Augmentation.Erasing.NEVER);
            case "paper" -> Augmentation.CIFAR10;
            default -> throw new IllegalArgumentException("need none|shift|mirror|paper, got '" + text + "'");
        };
    }

    /** When auto, by the adjoint. */
    private enum LatentChoice {
        AUTO,
        BATCH,
        NONE;

        static LatentChoice parse(String text) {
            return switch (text) {
                case "auto" -> AUTO;
                case "batch" -> BATCH;
                case "none" -> NONE;
                default -> throw new IllegalArgumentException("need auto|batch|none, got '" + text + "'");
            };
        }
    }

    private static Schedule schedule(String text) {
        return switch (text) {
            case "constant" -> Schedule.constant();
            case "cosine" -> new Schedule.Cosine(0);
            case "one-cycle" -> Schedule.OneCycle.standard();
            default -> counted(text);
        };
    }

    private static Schedule counted(String text) {
        Matcher steps = STEPS.matcher(text);
        if (steps.matches()) {
            return new Schedule.Steps(Integer.parseInt(steps.group(1)), Double.parseDouble(steps.group(2)));
        }
        Matcher plateau = PLATEAU.matcher(text);
        if (plateau.matches()) {
            return new ReduceOnPlateau.Options(
                    Double.parseDouble(plateau.group(2)), Integer.parseInt(plateau.group(1)), 1e-4);
        }
        throw new IllegalArgumentException("need constant|steps:N:F|cosine|one-cycle|plateau:N:F, got '" + text + "'");
    }

    @Override
    public List<Setting<?>> settings() {
        return List.of(
                folder,
                rows,
                seed,
                adjoint,
                adjointTolerance,
                norm,
                contraction,
                blocks,
                gamma,
                tolerance,
                maxSteps,
                epochs,
                batch,
                rate,
                decay,
                decayKind,
                schedule,
                freezing,
                acceleration,
                augmentation);
    }

    @Override
    public List<String> checks(Settings settings) {
        return Certified.CHECKS;
    }

    @Override
    public int threads(Settings settings) {
        return Math.min(THREADS, Runtime.getRuntime().availableProcessors());
    }

    /** Of the images. */
    abstract Normalisation normalisation();

    /** What lies around them, in [0, 1]. */
    double background() {
        return 0.449;
    }

    /** Their pixels on a side. */
    abstract int side();

    /**
     * All images, in the order of the files.
     *
     * @param training some of which will be held out
     * @param test seen by no choice
     */
    record Parts(ImageSet training, ImageSet test) {}

    abstract Parts parts(DataFolder folder);

    abstract ImageNetwork network(Settings settings, double gamma, int blocks, LatentNorm norm, RandomGenerator random);

    @Override
    public Experiment prepare(Settings settings) {
        ImageModel model = model(settings);
        Parts parts = parts(DataFolder.of(settings.get(folder)));
        ImageSet all = parts.training();
        int heldOut = Math.min(HELD_OUT, all.size() / 2);
        int available = all.size() - heldOut;
        int used = settings.get(rows) == 0 ? available : Math.min(available, settings.get(rows));
        Adam.Options adam = Adam.Options.of(settings.get(rate));
        TrainingOptions options = new TrainingOptions(
                settings.get(epochs),
                settings.get(batch),
                settings.get(seed),
                settings.get(decayKind) == Adam.Decay.L2
                        ? adam.withL2(settings.get(decay))
                        : adam.withWeightDecay(settings.get(decay)),
                settings.get(schedule),
                "validationError");
        return new ImageExperiment(
                model,
                options,
                settings.get(contraction).of(model.network()),
                new ImageTask.Batches(settings.get(augmentation), settings.get(seed)),
                all.range(0, used),
                all.range(available, all.size()),
                parts.test());
    }

    private ImageModel model(Settings settings) {
        boolean implicit = settings.get(adjointText).startsWith("implicit");
        LatentNorm latent =
                switch (settings.get(norm)) {
                    case AUTO -> implicit ? LatentNorm.NONE : LatentNorm.BATCH;
                    case BATCH -> LatentNorm.BATCH;
                    case NONE -> LatentNorm.NONE;
                };
        ImageNetwork network = network(
                settings,
                settings.get(gamma),
                settings.get(blocks),
                latent,
                RandomGeneratorFactory.of("L64X128MixRandom").create(settings.get(seed)));
        StoppingRule stop = StoppingRule.tolerance(settings.get(tolerance)).withMaxSteps(settings.get(maxSteps));
        double relative = settings.get(adjointTolerance) > 0 ? settings.get(adjointTolerance) : stop.absTol();
        StoppingRule adjointStop = new StoppingRule(0, relative, ADJOINT_STEPS, 1);
        return new ImageModel(
                network,
                FixedPointSolver.of(stop)
                        .withCompaction(settings.get(freezing))
                        .withAcceleration(settings.get(acceleration)),
                adjoint(settings.get(adjointText), adjointStop).of(network.encoder()));
    }

    private static Adjoints.Choice adjoint(String text, StoppingRule stop) {
        return Adjoints.parse(text.equals("explicit") ? "unrolled:1" : text, stop);
    }

    @Override
    public Predictor restore(Settings settings, SafeTensors stored, Certificates certificates) {
        ImageModel model = model(settings);
        stored.copyInto("", model.network().state());
        Reference reference = new Reference(model.network());
        stored.copyInto(Reference.NAME + ".", reference.state());
        return new ImagePredictor(model, reference, normalisation(), side(), certificates);
    }

    /** Refuses images of another size. */
    static ImageSet checked(ImageSet set, Path file, int channels, int side) {
        var images = set.images().images();
        if (images.channels() != channels || images.height() != side || images.width() != side) {
            throw new DataException(
                    file,
                    "need images of " + channels + " x " + side + " x " + side + ", got " + images.channels() + " x "
                            + images.height() + " x " + images.width());
        }
        return set;
    }
}
