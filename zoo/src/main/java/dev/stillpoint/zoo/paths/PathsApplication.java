package dev.stillpoint.zoo.paths;

import dev.stillpoint.ImplicitNetwork;
import dev.stillpoint.certificate.Certificates;
import dev.stillpoint.certificate.NearestContext;
import dev.stillpoint.data.SafeTensors;
import dev.stillpoint.tensor.Rows;
import dev.stillpoint.tensor.Tensors;
import dev.stillpoint.train.Adam;
import dev.stillpoint.train.ReduceOnPlateau;
import dev.stillpoint.train.TrainingOptions;
import dev.stillpoint.zoo.Adjoints;
import dev.stillpoint.zoo.Application;
import dev.stillpoint.zoo.Experiment;
import dev.stillpoint.zoo.Predictor;
import dev.stillpoint.zoo.Setting;
import dev.stillpoint.zoo.Settings;
import java.util.List;
import java.util.random.RandomGeneratorFactory;
import org.bytedeco.pytorch.Tensor;

/** {@code train paths}: learn a grid's arc costs from contexts and optimal paths, decide by the exact shortest path. */
public final class PathsApplication implements Application {
    /** 179,400 arcs: a tensor of 1,000 rows takes 718 MB. */
    private static final int LARGEST = 300;

    /** At 10 x 10 the costs of so many rows take 720 MB. */
    private static final int MOST_SAMPLES = 1_000_000;

    private static final int FEATURES = 5;
    private static final int HIDDEN = 50;
    /** Up to this many arcs one thread is fastest for the encoder; the kernels have threads of their own. */
    private static final int ARCS_FOR_ONE_THREAD = 500;

    private static final Setting<Integer> GRID =
            Setting.integer("grid", 10, 2, LARGEST, "nodes on a side: k x k nodes, arcs right and down");
    private static final Setting<Integer> SAMPLES =
            Setting.integer("samples", 1_000, 1, MOST_SAMPLES, "rows to train; 200 more validate and 200 more test");
    private static final Setting<Long> DATA_SEED = Setting.seed("data-seed", 135, "seed of the generated rows");
    private static final Setting<Integer> DEGREE =
            Setting.integer("degree", 4, 1, "degree of the polynomial from contexts to costs");
    private static final Setting<Double> NOISE =
            Setting.number("noise", 0.5, 0, 1, "half-width of the costs' multiplicative noise");
    private static final Setting<Long> SPLIT =
            Setting.seed("split", 0, "permutes the rows before they are dealt to training, validation and test");
    private static final Setting<Long> SEED = Setting.seed("seed", 0, "seed of initial weights and shuffling");
    private static final Setting<Adjoints.Choice> ADJOINT = Setting.of(
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
    private static final Setting<Integer> BATCH = Setting.integer("batch", 256, 1, "rows a training step");
    private static final Setting<Double> RATE = Setting.number("lr", 0.016, 1e-9, 10, "Adam's learning rate");
    private static final Setting<Integer> PATIENCE = Setting.integer(
            "patience", 10, 0, "epochs without a better validation loss before the learning rate is cut to a tenth");

    /** For the ServiceLoader. */
    public PathsApplication() {}

    @Override
    public String name() {
        return "paths";
    }

    @Override
    public String summary() {
        return "shortest paths on a grid whose arc costs depend on a context";
    }

    @Override
    public List<Setting<?>> settings() {
        return List.of(
                GRID,
                SAMPLES,
                DATA_SEED,
                DEGREE,
                NOISE,
                SPLIT,
                SEED,
                ADJOINT,
                GAMMA,
                STEP,
                COST_SCALE,
                EPOCHS,
                BATCH,
                RATE,
                PATIENCE);
    }

    @Override
    public List<String> checks() {
        return PathPredictor.CHECKS;
    }

    @Override
    public int threads(Settings settings) {
        return new Grid(settings.get(GRID)).arcs() < ARCS_FOR_ONE_THREAD
                ? 1
                : Runtime.getRuntime().availableProcessors();
    }

    @Override
    public Experiment prepare(Settings settings) {
        PathGenerator generator = new PathGenerator(
                settings.get(GRID),
                settings.get(SAMPLES) + PathExperiment.VALIDATE + PathExperiment.TEST,
                FEATURES,
                settings.get(DEGREE),
                settings.get(NOISE),
                settings.get(DATA_SEED));
        TrainingOptions options = new TrainingOptions(
                settings.get(EPOCHS),
                settings.get(BATCH),
                settings.get(SEED),
                Adam.Options.of(settings.get(RATE)),
                new ReduceOnPlateau.Options(0.1, settings.get(PATIENCE), 1e-4),
                "validationLoss");
        return new PathExperiment(network(settings), options, generator, settings.get(SPLIT));
    }

    @Override
    public Predictor restore(Settings settings, SafeTensors model, Certificates certificates) {
        ImplicitNetwork<Tensor, Rows> network = network(settings);
        Tensor contexts = model.tensors().get("trainingContexts");
        if (contexts == null) {
            throw new IllegalArgumentException("model: need tensor 'trainingContexts', got none");
        }
        model.copyInto("", network.state());
        return new PathPredictor(
                new Grid(settings.get(GRID)), network, new NearestContext(Tensors.rows(contexts)), certificates);
    }

    /** The untrained network of these settings. */
    static ImplicitNetwork<Tensor, Rows> network(Settings settings) {
        return PathNetwork.create(
                new Grid(settings.get(GRID)),
                FEATURES,
                HIDDEN,
                settings.get(GAMMA),
                settings.get(STEP),
                settings.get(COST_SCALE),
                settings.get(ADJOINT),
                RandomGeneratorFactory.of("L64X128MixRandom").create(settings.get(SEED)));
    }
}
