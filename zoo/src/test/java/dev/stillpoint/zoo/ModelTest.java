package dev.stillpoint.zoo;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.stillpoint.certificate.Certificate;
import dev.stillpoint.certificate.CertificateException;
import dev.stillpoint.certificate.Label;
import dev.stillpoint.certificate.Trust;
import dev.stillpoint.data.DataException;
import dev.stillpoint.data.SafeTensors;
import dev.stillpoint.law.MemoryLaws;
import dev.stillpoint.solver.Status;
import dev.stillpoint.tensor.TensorScope;
import dev.stillpoint.tensor.Tensors;
import dev.stillpoint.train.TrainingListener;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch.ScalarType;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** A stored run that serves decisions. */
class ModelTest {
    /** BLAS results depend on the batch size; flows and the arcs' costs are of size one. */
    private static final double SAME = 1e-5;

    /** Residuals and violations near 1e-5 are differences of 40 numbers of size one in float32, a dozen roundings of 6e-8 each. */
    private static final double SAME_RESIDUAL = 5e-6;

    private static final int CALLS = 2_000;

    /** 16 KB a call; less may hide behind what the heaps and the compiler's threads take and give back meanwhile. */
    private static final long FLAT = CALLS * (16L << 10);

    /** What a bad call keeps: in all more than the compiler's threads were seen to give back within the test, 130 MB. */
    private static final int LEAK = 256 << 10;

    @TempDir
    static Path folder;

    private static Path run;
    private static Model model;
    private static float[][] contexts;

    @BeforeAll
    static void train() {
        run = folder.resolve("run");
        TrainingRun.create(Runs.paths(), Runs.settings("epochs", "3"), run, 0).train(TrainingListener.NONE);
        model = Model.load(run);
        contexts = Runs.test().contexts();
    }

    @Test
    void saysWhatItNeeds() {
        assertThat(model.inputs()).containsExactly("x0", "x1", "x2", "x3", "x4");
        assertThat(model.application().name()).isEqualTo("paths");
        assertThat(model.infer(new float[0][])).isEmpty();
        assertThatThrownBy(() -> model.infer(1, 2, 3, 4))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("Model: need 5 features [x0, x1, x2, x3, x4], got 4 in row 0");
        assertThatThrownBy(() -> model.infer(new float[][] {new float[5], new float[6]}))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("Model: need 5 features [x0, x1, x2, x3, x4], got 6 in row 1");
    }

    @Test
    void aDecisionIsAPathWithItsNodesAndItsCertificates() {
        Decision d = model.infer(contexts[0]);
        assertThat(Runs.test().grid().isPath(d.chosen())).isTrue();
        StringBuilder nodes = new StringBuilder();
        for (int node : Runs.test().grid().nodes(d.chosen())) {
            nodes.append(nodes.isEmpty() ? "" : "-").append(node);
        }
        assertThat(d.decision()).isEqualTo(nodes.toString()).startsWith("0-").endsWith("-24");
        assertThat(d.relaxed()).hasSize(40);
        assertThat(d.objective()).isFinite();
        assertThat(d.status()).isEqualTo(Status.CONVERGED);
        assertThat(d.steps()).isPositive();
        assertThat(d.violation()).isLessThan(1e-4);
        assertThat(d.certificates())
                .extracting(Certificate::name)
                .containsExactly("constraints", "residual", "context");
        assertThat(d.certificates()).extracting(Certificate::hard).containsExactly(true, false, false);
    }

    @Test
    void oneByOneIsAsTogether() {
        List<Decision> together = model.infer(contexts);
        for (int i = 0; i < 50; i++) {
            assertSame(model.infer(contexts[i]), together.get(i));
        }
        assertThat(together.stream().map(Decision::decision).distinct().count()).isGreaterThan(5);
    }

    /** Relaxed solutions to 1e-5 relative to a unit flow; text, path, status and labels the same. */
    private static void assertSame(Decision actual, Decision expected) {
        assertThat(actual.decision()).isEqualTo(expected.decision());
        assertThat(actual.chosen()).containsExactly(expected.chosen());
        assertThat(actual.status()).isEqualTo(expected.status());
        double size = 0;
        double error = 0;
        for (int e = 0; e < expected.relaxed().length; e++) {
            size = Math.max(size, Math.abs(expected.relaxed()[e]));
            error = Math.max(error, Math.abs(actual.relaxed()[e] - expected.relaxed()[e]));
        }
        assertThat(error).as("relaxed").isLessThanOrEqualTo(SAME * size);
        assertThat(actual.objective()).isEqualTo(expected.objective(), within(SAME));
        assertThat(actual.residual()).isEqualTo(expected.residual(), within(SAME_RESIDUAL));
        assertThat(actual.violation()).isEqualTo(expected.violation(), within(SAME_RESIDUAL));
        assertThat(actual.certificates())
                .extracting(Certificate::label)
                .isEqualTo(
                        expected.certificates().stream().map(Certificate::label).toList());
    }

    @Test
    void eightThreadsGetTheSameAnswers() throws InterruptedException, ExecutionException {
        List<Decision> alone = new ArrayList<>();
        for (int i = 0; i < 50; i++) {
            alone.add(model.infer(contexts[i]));
        }
        ExecutorService threads = Executors.newFixedThreadPool(8);
        try {
            List<Callable<List<Decision>>> work = new ArrayList<>();
            for (int thread = 0; thread < 8; thread++) {
                int first = 7 * thread;
                work.add(() -> {
                    Decision[] decisions = new Decision[50];
                    for (int i = 0; i < 50; i++) {
                        int at = (first + i) % 50;
                        decisions[at] = model.infer(contexts[at]);
                    }
                    return Arrays.asList(decisions);
                });
            }
            for (Future<List<Decision>> result : threads.invokeAll(work)) {
                for (int i = 0; i < 50; i++) {
                    assertSame(result.get().get(i), alone.get(i));
                }
            }
        } finally {
            threads.shutdown();
        }
    }

    @Test
    void servingKeepsNoNativeMemory() {
        MemoryLaws.checkFlat(CALLS / 2, CALLS, FLAT, () -> infer(1));
        MemoryLaws.checkNothingIsLeft(() -> infer(20));
    }

    @Test
    void aCallThatKeepsMemoryIsCaught() {
        List<Tensor> kept = new ArrayList<>();
        Runnable leak = () -> {
            infer(1);
            try (TensorScope scope = TensorScope.open()) {
                kept.add(TensorScope.persist(
                        Tensors.zeros(ScalarType.Float, LEAK / Float.BYTES).add_(new Scalar(1))));
            }
        };
        assertThat(MemoryLaws.growth(0, CALLS, leak)).isGreaterThan(FLAT);
        assertThat(MemoryLaws.leftovers(leak)).isPositive();
        kept.forEach(Tensor::close);
    }

    private static void infer(int calls) {
        for (int i = 0; i < calls; i++) {
            model.infer(contexts[i % contexts.length]);
        }
    }

    @ParameterizedTest
    @ValueSource(floats = {Float.NaN, Float.POSITIVE_INFINITY, Float.NEGATIVE_INFINITY})
    void aContextThatIsNotFiniteIsReportedAndHarmsNoOther(float bad) {
        float[][] some = new float[7][];
        for (int i = 0; i < some.length; i++) {
            some[i] = contexts[i].clone();
        }
        List<Decision> clean = model.infer(some);
        some[3][2] = bad;
        List<Decision> decisions = model.infer(some);
        for (int i = 0; i < some.length; i++) {
            if (i != 3) {
                assertSame(decisions.get(i), clean.get(i));
            }
        }
        Decision d = decisions.get(3);
        assertThat(d.status()).isEqualTo(Status.NON_FINITE);
        assertThat(d.decision()).isEmpty();
        assertThat(d.objective()).isNaN();
        assertThat(d.certificates()).extracting(Certificate::label).containsOnly(Label.FAIL);
        assertThatThrownBy(() -> Trust.HARD.require(d.certificates()))
                .isInstanceOf(CertificateException.class)
                .hasMessageContaining("'constraints'");
    }

    /** Every check is seen to fail: on far contexts, and where float32 cannot reach the tolerance any more. */
    @ParameterizedTest
    @CsvSource({"100, PASS, PASS, FAIL", "1e6, FAIL, FAIL, FAIL"})
    void everyCertificateCanFail(float scale, Label constraints, Label residual, Label context) {
        Decision d = model.infer(scale, scale, -scale, scale, scale);
        assertThat(d.certificates()).extracting(Certificate::label).containsExactly(constraints, residual, context);
        assertThat(d.status() == Status.CONVERGED).isEqualTo(residual == Label.PASS);
        assertThat(Trust.HARD.accepts(d.certificates())).isEqualTo(constraints == Label.PASS);
        assertThat(Trust.ALL.accepts(d.certificates())).isFalse();
    }

    @Test
    void contextsOfTheTrainingDataAreNear() {
        float[][] training = Runs.generator().generate().contexts();
        int row = Runs.split().train()[0];
        assertThat(model.infer(training[row]).certificates().get(2))
                .isEqualTo(new Certificate("context", 0, Label.PASS, false));
    }

    @Test
    void refusesWhatIsNoFinishedRun() throws IOException {
        Path missing = folder.resolve("missing");
        assertThatThrownBy(() -> Model.load(missing))
                .isInstanceOf(DataException.class)
                .hasMessage(missing + ": need a run folder (with run.json), got nothing there");
        Path changed = copy("no certificates");
        Files.delete(changed.resolve("certificates.json"));
        assertRefused(changed, "certificates.json: need a readable file, got NoSuchFileException");
        changed = copy("no model");
        Files.delete(changed.resolve("model.safetensors"));
        assertRefused(changed, "need a finished run, got one without a model; go on with train --resume");
        changed = copy("other checks");
        Files.writeString(
                changed.resolve("certificates.json"),
                "[{\"name\": \"constraints\", \"kind\": \"hard\", \"tolerance\": 1e-4}]");
        assertRefused(changed, "certificates.json: need checks [constraints, residual, context], got [constraints]");
        changed = copy("bad certificates");
        Files.writeString(changed.resolve("certificates.json"), "[{}]");
        assertRefused(changed, "certificates.json: Certificates: need a name for every check");
    }

    @Test
    void refusesTheModelOfOtherSettings() throws IOException {
        Path changed = copy("other");
        RunFolder other = RunFolder.open(changed);
        Path stored = other.model();
        try (TensorScope scope = TensorScope.open()) {
            SafeTensors whole = SafeTensors.read(stored);
            Map<String, Tensor> tensors = new LinkedHashMap<>(whole.tensors());
            tensors.put("encoder.0.bias", Tensors.of(new float[49], 49));
            new SafeTensors(tensors, whole.metadata()).write(stored);
            assertRefused(changed, "need tensor 'encoder.0.bias' of shape [50], got [49]");
            tensors = new LinkedHashMap<>(whole.tensors());
            tensors.remove("trainingContexts");
            new SafeTensors(tensors, whole.metadata()).write(stored);
            assertRefused(changed, "model: need tensor 'trainingContexts', got none");
        }
    }

    private static Path copy(String name) throws IOException {
        Path copy = Files.createDirectory(folder.resolve(name));
        for (String file : List.of("run.json", "model.safetensors", "certificates.json")) {
            Files.copy(run.resolve(file), copy.resolve(file));
        }
        return copy;
    }

    private static void assertRefused(Path path, String reason) {
        assertThatThrownBy(() -> Model.load(path))
                .isInstanceOf(DataException.class)
                .hasMessageStartingWith(path.toString())
                .hasMessageContaining(reason);
    }
}
