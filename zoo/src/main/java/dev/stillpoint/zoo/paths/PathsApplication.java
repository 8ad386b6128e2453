package dev.stillpoint.zoo.paths;

import dev.stillpoint.ImplicitNetwork;
import dev.stillpoint.certificate.Certificates;
import dev.stillpoint.certificate.NearestContext;
import dev.stillpoint.data.SafeTensors;
import dev.stillpoint.tensor.Rows;
import dev.stillpoint.tensor.Tensors;
import dev.stillpoint.zoo.Application;
import dev.stillpoint.zoo.Experiment;
import dev.stillpoint.zoo.Predictor;
import dev.stillpoint.zoo.Setting;
import dev.stillpoint.zoo.Settings;
import dev.stillpoint.zoo.polytope.CostFiles;
import dev.stillpoint.zoo.polytope.CostNetwork;
import dev.stillpoint.zoo.polytope.CostSettings;
import java.util.ArrayList;
import java.util.List;
import org.bytedeco.pytorch.Tensor;

/**
 * {@code train paths}: learn arc costs from contexts and optimal paths, decide by the exact shortest path; on a generated grid,
 * or with {@code --edges} on a graph of the user's.
 */
public final class PathsApplication implements Application {
    /** 179,400 arcs: a tensor of 1,000 rows takes 718 MB. */
    private static final int LARGEST = 300;

    /** At 10 x 10 the costs of so many rows take 720 MB. */
    private static final int MOST_SAMPLES = 1_000_000;

    private static final int FEATURES = 5;
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

    /** What makes the grid and its rows. */
    private static final List<Setting<?>> GENERATED = List.of(GRID, SAMPLES, DATA_SEED, DEGREE, NOISE);

    /** For the ServiceLoader. */
    public PathsApplication() {}

    @Override
    public String name() {
        return "paths";
    }

    @Override
    public String summary() {
        return "shortest paths on a grid, or in a graph of your own, whose arc costs depend on a context";
    }

    @Override
    public List<Setting<?>> settings() {
        List<Setting<?>> settings = new ArrayList<>(GENERATED);
        settings.addAll(CostSettings.all());
        settings.addAll(PathFiles.settings());
        return List.copyOf(settings);
    }

    private static boolean fromFiles(Settings settings) {
        return settings.get(PathFiles.EDGES).isPresent();
    }

    @Override
    public List<Setting<?>> unused(Settings settings) {
        return fromFiles(settings) ? GENERATED : PathFiles.settings();
    }

    @Override
    public List<String> checks(Settings settings) {
        return fromFiles(settings) ? CostFiles.checks() : PathPredictor.CHECKS;
    }

    @Override
    public int threads(Settings settings) {
        return fromFiles(settings) || new Grid(settings.get(GRID)).arcs() < ARCS_FOR_ONE_THREAD
                ? 1
                : Runtime.getRuntime().availableProcessors();
    }

    @Override
    public Experiment prepare(Settings settings) {
        boolean files = fromFiles(settings);
        for (Setting<?> setting : unused(settings)) {
            if (!settings.isDefault(setting)) {
                throw new IllegalArgumentException(
                        "--" + setting.name() + ": need " + (files ? "no --edges" : "--edges") + " beside it");
            }
        }
        if (files) {
            return PathFiles.prepare(settings);
        }
        PathGenerator generator = new PathGenerator(
                settings.get(GRID),
                settings.get(SAMPLES) + PathExperiment.VALIDATE + PathExperiment.TEST,
                FEATURES,
                settings.get(DEGREE),
                settings.get(NOISE),
                settings.get(DATA_SEED));
        return new PathExperiment(
                network(settings),
                CostSettings.training(settings, new Grid(settings.get(GRID)).arcs(), Integer.MAX_VALUE),
                generator,
                settings.get(CostSettings.SPLIT));
    }

    @Override
    public Predictor restore(Settings settings, SafeTensors model, Certificates certificates) {
        if (fromFiles(settings)) {
            return CostFiles.restore(settings, model, certificates, PathPosing::fromJson);
        }
        ImplicitNetwork<Tensor, Rows> network = network(settings);
        Tensor contexts = model.tensors().get("trainingContexts");
        if (contexts == null) {
            throw new IllegalArgumentException("model: need tensor 'trainingContexts', got none");
        }
        model.copyInto("", network.state());
        return new PathPredictor(
                new Grid(settings.get(GRID)), network, new NearestContext(Tensors.rows(contexts)), certificates);
    }

    /** The untrained network of a grid with these settings. */
    static ImplicitNetwork<Tensor, Rows> network(Settings settings) {
        CostNetwork.Options options = CostSettings.network(settings);
        return PathNetwork.create(
                new Grid(settings.get(GRID)),
                FEATURES,
                CostNetwork.HIDDEN,
                options.gamma(),
                options.step(),
                options.costScale(),
                options.adjoint(),
                CostSettings.random(settings));
    }
}
