package dev.stillpoint.zoo.polytope;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.stillpoint.adjoint.JacobianFree;
import dev.stillpoint.certificate.Certificate;
import dev.stillpoint.certificate.Label;
import dev.stillpoint.certificate.NearestContext;
import dev.stillpoint.data.CsvText;
import dev.stillpoint.kernel.SparseMatrix;
import dev.stillpoint.zoo.Decision;
import dev.stillpoint.zoo.problem.InfeasibleException;
import dev.stillpoint.zoo.problem.Optimum;
import dev.stillpoint.zoo.problem.Problem;
import dev.stillpoint.zoo.table.ContextColumns;
import dev.stillpoint.zoo.table.ContextRow;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.random.RandomGeneratorFactory;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** One of two things has to be taken, x + y = b: what an oracle gets wrong, a certificate says. */
class CostPredictorTest {
    @TempDir
    Path folder;

    private ContextColumns columns = ContextColumns.fromJson(new ObjectMapper().createArrayNode());
    private float[][] contexts = {};
    private final List<String> calls = new ArrayList<>();

    @BeforeEach
    void readContexts() throws IOException {
        CsvText table = CsvText.read(Files.writeString(folder.resolve("c.csv"), "d\n1\n2\n3\n4\n"));
        columns = ContextColumns.fit(table, List.of("d"), Set.of(), new int[] {0, 1, 2, 3});
        contexts = new float[4][];
        Arrays.setAll(contexts, i -> columns.encode(ContextRow.of(table, i)));
    }

    private Decision decide(Oracle oracle, double d, double b) {
        Choice choice = new Choice(oracle, calls);
        CostModel<Double> model = CostModel.create(
                choice,
                columns,
                1,
                new CostNetwork.Options(0.5, 0.5, 1, encoder -> new JacobianFree()),
                RandomGeneratorFactory.of("L64X128MixRandom").create(3));
        NearestContext nearest = new NearestContext(contexts);
        CostData<Double> rows = new CostData<>(
                contexts,
                List.of(1.0, 1.0, 1.0, 1.0),
                new float[][] {{1, 0}, {1, 0}, {0, 1}, {0, 1}},
                Optional.empty());
        CostPredictor<Double> predictor =
                new CostPredictor<>(model, nearest, CostPredictor.calibrate(model, nearest, rows));
        List<Decision> decisions = new ArrayList<>();
        calls.clear();
        predictor
                .inquire(List.of(Map.of("d", 2, "b", 1), Map.of("d", d, "b", b)))
                .answer(decisions::add);
        // Whatever comes of the second row, the first one is not harmed.
        assertThat(labels(decisions.get(0)).get("residual")).isEqualTo(Label.PASS);
        return decisions.get(1);
    }

    private static Map<String, Label> labels(Decision decision) {
        Map<String, Label> labels = new LinkedHashMap<>();
        for (Certificate c : decision.certificates()) {
            labels.put(c.name(), c.label());
        }
        return labels;
    }

    @Test
    void anExactOraclePassesAllChecks() {
        Decision decision = decide(Oracle.EXACT, 3, 1);
        assertThat(labels(decision).values()).containsOnly(Label.PASS);
        assertThat(labels(decision).keySet()).containsExactlyElementsOf(CostPredictor.CHECKS);
        assertThat(decision.details()).containsEntry("gap", "0.0").containsEntry(Decision.NOTE, "");
    }

    /** Saboteurs: the dearer of the two, both halves of nothing, and one that promises what it cannot know. */
    @Test
    void whatAnOracleGetsWrongIsSeen() {
        Decision dearer = decide(Oracle.DEARER, 3, 1);
        assertThat(labels(dearer)).containsEntry("optimality", Label.FAIL).containsEntry("constraints", Label.PASS);
        assertThat(Double.parseDouble(dearer.details().getOrDefault("gap", ""))).isPositive();
        assertThat(labels(decide(Oracle.NOTHING, 3, 1))).containsEntry("constraints", Label.FAIL);
        assertThat(labels(decide(Oracle.WITHOUT_BOUND, 3, 1))).containsEntry("optimality", Label.FAIL);
    }

    @Test
    void theOtherChecksFailOnTheirInputs() {
        assertThat(labels(decide(Oracle.EXACT, 50, 1)))
                .containsEntry("context", Label.FAIL)
                .containsEntry("optimality", Label.PASS);
        Decision overflow = decide(Oracle.EXACT, 1e300, 1);
        assertThat(labels(overflow).values()).containsOnly(Label.FAIL);
        assertThat(overflow.decision()).isEmpty();
        // x + y = 5 within [0, 1]² has no solution: the decision cannot hide that.
        assertThat(labels(decide(Oracle.EXACT, 3, 5)))
                .containsEntry("constraints", Label.FAIL)
                .containsEntry("residual", Label.FAIL);
        Decision refused = decide(Oracle.EXACT, 3, -1);
        assertThat(refused.details()).containsEntry(Decision.NOTE, "context 1: need b >= 0, got -1.0");
        assertThat(labels(refused)).containsEntry("constraints", Label.FAIL).containsEntry("optimality", Label.FAIL);
    }

    /** For a polytope it is a linear program: one a row is enough, and a second one where the first finds nothing. */
    @Test
    void theOracleIsAskedOnceARow() {
        decide(Oracle.EXACT, 3, 1);
        assertThat(calls).containsExactly("minimise 1.0", "minimise 1.0");
        decide(Oracle.EXACT, 3, -1);
        assertThat(calls).containsExactly("minimise 1.0", "minimise -1.0", "feasible -1.0");
    }

    @Test
    void aBoundThatIsMetProvesADecisionDespiteAWarning() {
        double[] x = {1, 0};
        float[] w = {2, 3};
        assertThat(CostPredictor.proved(new Optimum(x, 2, 2, "some negative costs counted as 0"), w))
                .isTrue();
        assertThat(CostPredictor.proved(new Optimum(x, 2, 2 - 1e-5, "costs up to 1e-5 more"), w))
                .isFalse();
        assertThat(CostPredictor.proved(new Optimum(x, 2, Double.NaN), w)).isFalse();
    }

    private enum Oracle {
        EXACT,
        DEARER,
        NOTHING,
        WITHOUT_BOUND
    }

    /** x + y = b, 0 ≤ x, y ≤ 1; the query is b. */
    private record Choice(Oracle oracle, List<String> calls) implements Posing<Double>, Problem<Double> {
        @Override
        public Problem<Double> problem() {
            return this;
        }

        @Override
        public List<String> variables() {
            return List.of("x", "y");
        }

        @Override
        public SparseMatrix matrix() {
            return SparseMatrix.of(new double[][] {{1, 1}});
        }

        @Override
        public double[] rightHandSide(Double b) {
            if (b < 0) {
                throw new InfeasibleException("need b >= 0, got " + b);
            }
            return new double[] {b};
        }

        @Override
        public double[] lower(Double b) {
            return lower();
        }

        @Override
        public double[] upper(Double b) {
            return upper();
        }

        @Override
        public Optimum minimise(double[] w, Double b) {
            calls.add("minimise " + b);
            rightHandSide(b);
            boolean first = w[0] < w[1] == (oracle != Oracle.DEARER);
            double[] x = oracle == Oracle.NOTHING ? new double[2] : new double[] {first ? b : 0, first ? 0 : b};
            double value = w[0] * x[0] + w[1] * x[1];
            double bound = oracle == Oracle.WITHOUT_BOUND ? Double.NEGATIVE_INFINITY : Math.min(w[0], w[1]) * b;
            return new Optimum(x, value, bound);
        }

        @Override
        public String variable() {
            return "a thing";
        }

        @Override
        public List<String> columns() {
            return List.of("b");
        }

        @Override
        public Double query(ContextRow row) {
            return row.number("b");
        }

        @Override
        public void requireFeasible(Double b) {
            calls.add("feasible " + b);
            rightHandSide(b);
        }

        @Override
        public boolean ownRightHandSide() {
            return true;
        }

        @Override
        public double[] rightHandSide() {
            return new double[] {1};
        }

        @Override
        public boolean ownBounds() {
            return false;
        }

        @Override
        public double[] lower() {
            return new double[2];
        }

        @Override
        public double[] upper() {
            return new double[] {1, 1};
        }

        @Override
        public boolean quickOracle() {
            return true;
        }

        @Override
        public List<String> decisionColumns(List<String> found) {
            return variables();
        }

        @Override
        public double[] decision(ContextRow row, Double b) {
            return new double[] {row.number("x"), row.number("y")};
        }

        @Override
        public Optional<String> refusal(double[] x, Double b) {
            return Optional.empty();
        }

        @Override
        public double unit(float[][] decisions) {
            return 1;
        }

        @Override
        public String text(double[] x, Double b) {
            return Arrays.toString(x);
        }

        @Override
        public List<String> detailColumns() {
            return List.of();
        }

        @Override
        public List<String> details(double[] x, Double b) {
            return List.of();
        }

        @Override
        public void requireBest(int count) {
            throw new IllegalArgumentException("--k-best: got " + count);
        }

        @Override
        public List<Optimum> best(int count, double[] costs, Double b) {
            return List.of(minimise(costs, b));
        }

        @Override
        public JsonNode toJson() {
            return new ObjectMapper().createObjectNode();
        }
    }
}
