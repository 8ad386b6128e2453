package dev.stillpoint.zoo.polytope;

import dev.stillpoint.data.Split;
import dev.stillpoint.train.Adam;
import dev.stillpoint.train.ReduceOnPlateau;
import dev.stillpoint.train.Schedule;
import dev.stillpoint.train.TrainingOptions;
import dev.stillpoint.zoo.Adjoints;
import dev.stillpoint.zoo.Setting;
import dev.stillpoint.zoo.Settings;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.random.RandomGenerator;
import java.util.random.RandomGeneratorFactory;

/** The settings of network and training that all models of costs share. */
public final class CostSettings {
    /** How the rows are dealt out. */
    @FunctionalInterface
    public interface Dealer {
        /** The split of so many rows into as many as are wanted of each kind. */
        Split split(int rows, int train, int validate, int test);
    }

    /** The courses that a learning rate may take. */
    private enum Course {
        PLATEAU,
        COSINE
    }

    private static final String IN_ORDER = "order";
    private static final String AUTO = "auto";

    /**
     * From so many variables on few epochs are affordable, and in them more steps and a rate that surely falls reach more:
     * 1.35 times the noise floor in place of 1.38 on a grid of 100 x 100 after 20 epochs.
     */
    private static final int LARGE = 10_000;

    private static final int BATCH_OF_MOST = 256;
    private static final int BATCH_OF_LARGE = 64;

    /** How the rows are dealt to training, validation and test. */
    public static final Setting<Dealer> SPLIT = Setting.of(
            "split",
            "N|order",
            "0",
            "permutes the rows before they are dealt to training, validation and test; order leaves them as they are",
            CostSettings::dealer);

    /** The seed. */
    public static final Setting<Long> SEED = Setting.seed("seed", 0, "seed of initial weights and shuffling");

    /** The adjoint. */
    public static final Setting<Adjoints.Choice> ADJOINT = Setting.of(
            "adjoint",
            Adjoints.KIND,
            "jfb",
            "how the fixed point is differentiated; " + Adjoints.DETAIL,
            Adjoints::parse);

    private static final Setting<Double> GAMMA =
            Setting.number("gamma", 0.5, 1e-6, 1e6, "weight of the quadratic term gamma/2 |x|^2");
    private static final Setting<Double> STEP =
            Setting.number("step", 0.5, 1e-6, 1e6, "step alpha of Davis-Yin splitting, below 2/gamma");
    private static final Setting<Double> COST_SCALE = Setting.number(
            "cost-scale", 1 / 32.0, 1e-6, 1e6, "unit of the predicted costs: they are this times the last layer");
    private static final Setting<Integer> EPOCHS = Setting.integer("epochs", 100, 1, "passes over the training rows");
    private static final Setting<OptionalInt> BATCH = Setting.of(
            "batch",
            "N|auto",
            AUTO,
            "rows a training step; auto is " + BATCH_OF_MOST + ", and " + BATCH_OF_LARGE + " where a cosine is",
            CostSettings::batch);
    private static final Setting<Double> RATE = Setting.number("lr", 0.016, 1e-9, 10, "Adam's learning rate");
    private static final Setting<Optional<Course>> SCHEDULE = Setting.of(
            "schedule",
            "plateau|cosine|auto",
            AUTO,
            "how the learning rate falls: by --patience, or as half a cosine, which auto is from " + LARGE
                    + " variables on",
            CostSettings::course);
    private static final Setting<Integer> PATIENCE = Setting.integer(
            "patience",
            10,
            0,
            "on a plateau: epochs without a better validation loss before the learning rate is cut to a tenth");

    private CostSettings() {}

    private static Dealer dealer(String text) {
        if (text.equals(IN_ORDER)) {
            return Split::inOrder;
        }
        long seed;
        try {
            seed = Long.parseLong(text.strip());
        } catch (NumberFormatException e) {
            throw new IllegalArgumentException("need a whole number or '" + IN_ORDER + "', got '" + text + "'", e);
        }
        if (seed < 0 || seed > 0xffffffffL) {
            throw new IllegalArgumentException("need a whole number from 0 to 4294967295, got " + seed);
        }
        return (rows, train, validate, test) -> Split.of(rows, train, validate, test, seed);
    }

    /** All of them, in the order of the help. */
    public static List<Setting<?>> all() {
        return List.of(SPLIT, SEED, ADJOINT, GAMMA, STEP, COST_SCALE, EPOCHS, BATCH, RATE, SCHEDULE, PATIENCE);
    }

    /** The network's. */
    public static CostNetwork.Options network(Settings settings) {
        return new CostNetwork.Options(
                settings.get(GAMMA), settings.get(STEP), settings.get(COST_SCALE), settings.get(ADJOINT));
    }

    /** The generator of the initial weights. */
    public static RandomGenerator random(Settings settings) {
        return RandomGeneratorFactory.of("L64X128MixRandom").create(settings.get(SEED));
    }

    private static OptionalInt batch(String text) {
        if (text.equals(AUTO)) {
            return OptionalInt.empty();
        }
        int rows;
        try {
            rows = Integer.parseInt(text.strip());
        } catch (NumberFormatException e) {
            throw new IllegalArgumentException("need a whole number or '" + AUTO + "', got '" + text + "'", e);
        }
        if (rows < 1) {
            throw new IllegalArgumentException("need a whole number >= 1, got " + rows);
        }
        return OptionalInt.of(rows);
    }

    private static Optional<Course> course(String text) {
        return switch (text) {
            case "plateau" -> Optional.of(Course.PLATEAU);
            case "cosine" -> Optional.of(Course.COSINE);
            case AUTO -> Optional.empty();
            default -> throw new IllegalArgumentException("need plateau|cosine|auto, got '" + text + "'");
        };
    }

    /**
     * The training's.
     *
     * @param variables n, on which depends what is automatic
     * @param mostBatch rows a step at most
     */
    public static TrainingOptions training(Settings settings, int variables, int mostBatch) {
        Course course = settings.get(SCHEDULE).orElse(variables < LARGE ? Course.PLATEAU : Course.COSINE);
        Schedule schedule = course == Course.COSINE
                ? new Schedule.Cosine(0)
                : new ReduceOnPlateau.Options(0.1, settings.get(PATIENCE), 1e-4);
        int batch = settings.get(BATCH).orElse(course == Course.COSINE ? BATCH_OF_LARGE : BATCH_OF_MOST);
        return new TrainingOptions(
                settings.get(EPOCHS),
                Math.min(batch, mostBatch),
                settings.get(SEED),
                Adam.Options.of(settings.get(RATE)),
                schedule,
                "validationLoss");
    }
}
