package dev.stillpoint.zoo.paths;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.within;

import dev.stillpoint.adjoint.Implicit;
import dev.stillpoint.adjoint.JacobianFree;
import dev.stillpoint.adjoint.Neumann;
import dev.stillpoint.adjoint.Unrolled;
import dev.stillpoint.solver.StoppingRule;
import dev.stillpoint.tensor.Learnable;
import dev.stillpoint.tensor.ParameterVisitor;
import dev.stillpoint.tensor.Tensors;
import dev.stillpoint.train.Training;
import dev.stillpoint.train.TrainingListener;
import dev.stillpoint.zoo.Experiment;
import dev.stillpoint.zoo.GradientProbe;
import dev.stillpoint.zoo.Settings;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.bytedeco.pytorch.NoGradGuard;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The gradients that {@code compare} holds against each other, at weights where JFB's is no longer the exact one. */
class PathProbeTest {
    /** Dense and Krylov solve the same equation, to four and six digits. */
    private static final double TWO_WAYS = 1e-4;

    /** The fixed point of training is known to 2e-4 a number. */
    private static final double TRAINING = 1e-3;

    @TempDir
    static Path folder;

    private static Experiment experiment = untrained();
    private static PathProbe probe = probe(experiment);

    @BeforeAll
    static void train() {
        experiment = untrained();
        new Training(experiment.task(), experiment.training(), TrainingListener.NONE).run(folder.resolve("checkpoint"));
        probe = probe(experiment);
    }

    private static Experiment untrained() {
        PathsApplication paths = new PathsApplication();
        return paths.prepare(Settings.of(paths.settings(), Map.of("grid", "5", "epochs", "10")));
    }

    private static PathProbe probe(Experiment experiment) {
        return (PathProbe) experiment.probe().orElseThrow();
    }

    @Test
    void theExactGradientIsTheSameInTwoWays() {
        double[] dense = probe.exact(Implicit.dense());
        double[] krylov = probe.exact(Implicit.gmres(new StoppingRule(0, 1e-6, 5_000, 1)));
        assertThat(distance(dense, krylov)).isLessThan(TWO_WAYS * norm(dense));
        assertThat(probe.exact()).isEqualTo(dense);
        assertThat(norm(dense)).isPositive();
    }

    @Test
    void longTapesAndSeriesComeToTheExactGradientAndJfbDoesNot() {
        double[] exact = probe.exact();
        assertThat(distance(probe.gradient(encoder -> new Unrolled(500)), exact))
                .isLessThan(TRAINING * norm(exact));
        assertThat(GradientProbe.cosine(probe.gradient(encoder -> new Neumann(200)), exact))
                .isGreaterThan(1 - TRAINING);
        double jfb = GradientProbe.cosine(probe.gradient(encoder -> new JacobianFree()), exact);
        assertThat(jfb).isBetween(0.9, 1 - 2 * TRAINING);
    }

    @Test
    void nothingIsLeftBehind() {
        float[] before = state();
        double[] first = probe.gradient(encoder -> new JacobianFree());
        assertThat(probe.gradient(encoder -> new JacobianFree())).isEqualTo(first);
        assertThat(state()).isEqualTo(before);
        experiment.task().model().parameters().forEach((name, weight) -> assertThat(Tensors.floats(weight.grad()))
                .as(name)
                .containsOnly(0));
    }

    @Test
    void weightsThatMakeNoNumberGiveNone() {
        Experiment broken = untrained();
        Tensor weight = broken.task().model().parameters().values().iterator().next();
        try (NoGradGuard offTape = new NoGradGuard()) {
            weight.fill_(new Scalar(Double.NaN));
        }
        assertThat(probe(broken).gradient(encoder -> new JacobianFree())).containsOnly(Double.NaN);
    }

    @Test
    void cosineOfVectors() {
        assertThat(GradientProbe.cosine(new double[] {1, 1}, new double[] {2, 2}))
                .isCloseTo(1, within(1e-15));
        assertThat(GradientProbe.cosine(new double[] {1, 0}, new double[] {0, 3}))
                .isZero();
        assertThat(GradientProbe.cosine(new double[] {1, 0}, new double[] {-4, 3}))
                .isCloseTo(-0.8, within(1e-15));
        assertThat(GradientProbe.cosine(new double[] {0, 0}, new double[] {0, 3}))
                .isNaN();
        assertThatIllegalArgumentException()
                .isThrownBy(() -> GradientProbe.cosine(new double[1], new double[2]))
                .withMessageContaining("got 1 and 2");
    }

    /** Weights and warm starts, one after the other. */
    private static float[] state() {
        StringBuilder names = new StringBuilder();
        List<float[]> parts = new ArrayList<>();
        new Learnable() {
            @Override
            public void visit(ParameterVisitor visitor) {
                visitor.part("model", experiment.task().model());
                experiment.task().visitState(visitor);
            }
        }.state().forEach((name, t) -> {
            names.append(name);
            parts.add(Tensors.floats(t));
        });
        assertThat(names).contains("trainingWarmStart");
        float[] all = new float[parts.stream().mapToInt(part -> part.length).sum()];
        int place = 0;
        for (float[] part : parts) {
            System.arraycopy(part, 0, all, place, part.length);
            place += part.length;
        }
        return all;
    }

    private static double distance(double[] a, double[] b) {
        double[] difference = new double[a.length];
        for (int i = 0; i < a.length; i++) {
            difference[i] = a[i] - b[i];
        }
        return norm(difference);
    }

    private static double norm(double[] a) {
        double sum = 0;
        for (double v : a) {
            sum += v * v;
        }
        return Math.sqrt(sum);
    }
}
