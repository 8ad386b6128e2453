package dev.stillpoint.zoo.tomography;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.stillpoint.adjoint.JacobianFree;
import dev.stillpoint.kernel.ParallelBeam;
import dev.stillpoint.solver.StoppingRule;
import dev.stillpoint.tensor.TensorScope;
import dev.stillpoint.tensor.Tensors;
import dev.stillpoint.train.Adam;
import dev.stillpoint.train.Epoch;
import dev.stillpoint.train.ReduceOnPlateau;
import dev.stillpoint.train.Task;
import dev.stillpoint.train.Training;
import dev.stillpoint.train.TrainingListener;
import dev.stillpoint.train.TrainingOptions;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;
import java.util.random.RandomGenerator;
import java.util.random.RandomGeneratorFactory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@link UNetTask}, {@link FeasibilityTask} and {@link ConstrainedTask}: they train, and a resumed run is the same. */
class TasksTest {
    private static final int N = 16;

    @TempDir
    private Path folder;

    private final TomographyData data = ellipses();

    private static TomographyData ellipses() {
        Scanner scanner = new Scanner(ParallelBeam.of(N, 8));
        List<float[]> images = new ArrayList<>();
        RandomGenerator random = random(4);
        for (int i = 0; i < 12; i++) {
            images.add(Ellipse.draw(Ellipse.random(random), N));
        }
        return new TomographyData(
                scanner,
                Scans.of(scanner, images.subList(0, 8), 0.015, 1),
                Scans.of(scanner, images.subList(8, 12), 0.015, 2),
                Scans.of(scanner, images.subList(8, 12), 0.015, 3),
                new ChestSlices.Parts(new int[0], new int[0], new int[0]));
    }

    @Test
    void unetTrains() {
        trains("unet", 1e-3, () -> new UNetTask(new UNet(random(1)), data, RampFilter.HANN));
    }

    @Test
    void feasibilityNetworkTrains() {
        trains(
                "ffpn",
                1e-3,
                () -> new FeasibilityTask(
                        new FeasibilityStep(data.scanner(), random(1)),
                        data,
                        new StoppingRule(1e-3, 0, 20, 1),
                        new StoppingRule(1e-3, 0, 20, 1),
                        7));
    }

    @Test
    void constrainedNetworkTrains() {
        trains("l2o", 3e-3, () -> {
            ConstrainedNetwork model =
                    new ConstrainedNetwork(data.scanner(), ConstrainedNetwork.Options.small(), random(1));
            StoppingRule stop = new StoppingRule(0, 1e-4, 10, 10);
            return new ConstrainedTask(model, model.network(stop, new JacobianFree()), stop, data);
        });
    }

    private void trains(String name, double rate, Supplier<Task> maker) {
        List<Epoch> whole = run(maker.get(), 6, folder.resolve(name + ".whole"), rate, false);
        assertThat(whole.get(5).loss()).isLessThan(0.95 * whole.get(0).loss());
        run(maker.get(), 3, folder.resolve(name + ".parts"), rate, false);
        List<Epoch> rest = run(maker.get(), 6, folder.resolve(name + ".parts"), rate, true);
        assertThat(rest.get(rest.size() - 1).loss()).isEqualTo(whole.get(5).loss());
        assertThat(rest.get(rest.size() - 1).metrics().get("validationLoss"))
                .isEqualTo(whole.get(5).metrics().get("validationLoss"));
    }

    private static List<Epoch> run(Task task, int epochs, Path checkpoint, double rate, boolean resumed) {
        List<Epoch> seen = new ArrayList<>();
        TrainingOptions options = new TrainingOptions(
                epochs, 4, 3, Adam.Options.of(rate), ReduceOnPlateau.Options.constant(), "validationLoss");
        Training training = new Training(task, options, new TrainingListener() {
            @Override
            public void onEpoch(Epoch epoch) {
                seen.add(epoch);
            }
        });
        if (resumed) {
            training.resume(checkpoint);
        }
        training.run(checkpoint);
        return seen;
    }

    @Test
    void reconstructsInParts() {
        UNetTask task = new UNetTask(new UNet(random(1)), data, RampFilter.HANN);
        float[][] all = task.all(data.train().data());
        assertThat(all.length).isEqualTo(8);
        try (TensorScope scope = TensorScope.open()) {
            float[][] last = task.all(data.train().data().narrow(0, 5, 3));
            for (int j = 0; j < last[2].length; j++) {
                assertThat((double) last[2][j]).isCloseTo(all[7][j], within(1e-4));
            }
            assertThat(Tensors.rows(data.train().images())[7]).hasSize(N * N);
        }
    }

    private static RandomGenerator random(long seed) {
        return RandomGeneratorFactory.of("L64X128MixRandom").create(seed);
    }
}
