package dev.stillpoint.zoo.signals;

import dev.stillpoint.ImplicitNetwork;
import dev.stillpoint.certificate.Certificates;
import dev.stillpoint.data.SafeTensors;
import dev.stillpoint.solver.StoppingRule;
import dev.stillpoint.tensor.Tensors;
import dev.stillpoint.train.Adam;
import dev.stillpoint.train.ReduceOnPlateau;
import dev.stillpoint.train.TrainingOptions;
import dev.stillpoint.zoo.Adjoints;
import dev.stillpoint.zoo.Application;
import dev.stillpoint.zoo.Experiment;
import dev.stillpoint.zoo.FinishedRun;
import dev.stillpoint.zoo.Predictor;
import dev.stillpoint.zoo.Setting;
import dev.stillpoint.zoo.Settings;
import dev.stillpoint.zoo.SideBySide;
import java.util.Arrays;
import java.util.List;
import java.util.function.Consumer;
import java.util.random.RandomGeneratorFactory;
import org.bytedeco.pytorch.Tensor;

/** {@code train signals}: learn in which dictionary signals are sparse, and recover them from too few measurements. */
public final class SignalsApplication implements Application {
    private static final Setting<Integer> SAMPLES =
            Setting.integer("samples", 10_000, 1, 1_000_000, "signals to train; 1000 more validate and 1000 more test");
    private static final Setting<Long> DATA_SEED = Setting.seed("data-seed", 2021, "seed of the generated signals");
    private static final Setting<Long> SEED = Setting.seed("seed", 0, "seed of the initial dictionary and shuffling");
    private static final Setting<Adjoints.Choice> ADJOINT = Setting.of(
            "adjoint",
            Adjoints.KIND,
            "jfb",
            "how the fixed point is differentiated; " + Adjoints.DETAIL,
            Adjoints::parse);
    private static final Setting<Integer> EPOCHS = Setting.integer("epochs", 25, 1, "passes over the training signals");
    private static final Setting<Integer> BATCH = Setting.integer("batch", 100, 1, "signals a training step");
    private static final Setting<Double> RATE = Setting.number("lr", 0.05, 1e-9, 10, "Adam's learning rate");
    private static final Setting<Integer> DEPTH = Setting.integer(
            "depth", 30, 1, "steps of a training solve at most; the next epoch's goes on from where it ended");
    private static final Setting<Integer> PATIENCE = Setting.integer(
            "patience", 1, 0, "epochs without a better validation loss before the learning rate is cut to a third");

    /** For the ServiceLoader. */
    public SignalsApplication() {}

    @Override
    public String name() {
        return "signals";
    }

    @Override
    public String summary() {
        return "signals from too few measurements, sparse in a dictionary that is learned";
    }

    @Override
    public List<Setting<?>> settings() {
        return List.of(SAMPLES, DATA_SEED, SEED, ADJOINT, EPOCHS, BATCH, RATE, DEPTH, PATIENCE);
    }

    @Override
    public List<String> checks(Settings settings) {
        return SignalPredictor.CHECKS;
    }

    @Override
    public int threads(Settings settings) {
        return 1;
    }

    @Override
    public Experiment prepare(Settings settings) {
        SignalData all = data(settings);
        TrainingOptions options = new TrainingOptions(
                settings.get(EPOCHS),
                settings.get(BATCH),
                settings.get(SEED),
                Adam.Options.of(settings.get(RATE)),
                new ReduceOnPlateau.Options(0.3, settings.get(PATIENCE), 1e-4),
                "validationLoss");
        return new SignalExperiment(network(settings, all.measurement()), options, all);
    }

    @Override
    public Predictor restore(Settings settings, SafeTensors model, Certificates certificates) {
        Tensor stored = model.tensors().get("measurement");
        if (stored == null) {
            throw new IllegalArgumentException("model: need tensor 'measurement', got none");
        }
        Tensors.check("model: measurement", stored, SignalData.MEASUREMENTS, SignalData.LENGTH);
        double[] flat = Tensors.doubles(stored);
        double[][] measurement = new double[SignalData.MEASUREMENTS][];
        Arrays.setAll(measurement, i -> Arrays.copyOfRange(flat, i * SignalData.LENGTH, (i + 1) * SignalData.LENGTH));
        ImplicitNetwork<Tensor, SignalContext> network = network(settings, measurement);
        model.copyInto("", network.state());
        return new SignalPredictor(measurement, network, certificates);
    }

    @Override
    public SideBySide sideBySide(List<FinishedRun> runs, Consumer<String> progress) {
        if (runs.size() != 1) {
            throw new IllegalArgumentException("--runs: need one run of signals, got " + runs.size());
        }
        Settings settings = runs.get(0).settings();
        SignalData all = data(settings);
        return SignalComparison.of(runs.get(0), all.rows(all.size() - SignalExperiment.TEST, all.size()), progress);
    }

    private static SignalData data(Settings settings) {
        return SignalData.generate(
                settings.get(SAMPLES) + SignalExperiment.VALIDATE + SignalExperiment.TEST, settings.get(DATA_SEED));
    }

    private static ImplicitNetwork<Tensor, SignalContext> network(Settings settings, double[][] measurement) {
        return SignalNetwork.create(
                measurement,
                new StoppingRule(0, 1e-4, settings.get(DEPTH), 10),
                settings.get(ADJOINT),
                RandomGeneratorFactory.of("L64X128MixRandom").create(settings.get(SEED)));
    }
}
