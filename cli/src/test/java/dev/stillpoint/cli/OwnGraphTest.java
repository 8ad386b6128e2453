package dev.stillpoint.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import dev.stillpoint.certificate.Certificate;
import dev.stillpoint.certificate.Label;
import dev.stillpoint.zoo.Decision;
import dev.stillpoint.zoo.Model;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A graph of the user's, from files to decisions. */
class OwnGraphTest {
    /** Costs are float32 of order 1. */
    private static final double SAME_COST = 1e-4;

    @TempDir
    static Path folder;

    private static Path run = Path.of("");

    @BeforeAll
    static void train() {
        OwnProblem.write(folder, OwnProblem.graph());
        run = folder.resolve("run");
        trained("run", "--decisions paths.csv --from A --to D");
    }

    private static JsonNode trained(String name, String words) {
        String command =
                "train paths --edges edges.csv --contexts contexts.csv --ignore start,closed --epochs 40 --json "
                        + words;
        List<Object> all = new ArrayList<>(Arrays.asList(OwnProblem.words(folder, command)));
        all.add("--run");
        all.add(folder.resolve(name));
        return Ran.done(all.toArray()).json();
    }

    private static List<Map<String, String>> infer(String contexts, Object... words) throws IOException {
        Path input = Files.writeString(folder.resolve("tomorrow.csv"), contexts);
        Path output = folder.resolve("decided.csv");
        List<Object> all = new ArrayList<>(List.of("infer", run, "--input", input, "--output", output));
        all.addAll(Arrays.asList(words));
        Ran.done(all.toArray());
        List<String> lines = Files.readAllLines(output);
        String[] header = lines.get(0).split(",", -1);
        List<Map<String, String>> rows = new ArrayList<>();
        for (String line : lines.subList(1, lines.size())) {
            String[] cells = line.split(",", -1);
            Map<String, String> row = new LinkedHashMap<>();
            for (int i = 0; i < header.length; i++) {
                row.put(header[i], cells[i]);
            }
            rows.add(row);
        }
        return rows;
    }

    @Test
    void learnsWhichWayIsBest() throws IOException {
        List<Map<String, String>> rows = infer("rain,extra,day\n9,x,Mon\n0,x,Sat\n0,x,Mon\n9,x,Tue\n");
        assertThat(rows).extracting(r -> r.get("decision")).containsExactly("A>B>D", "A>C>D", "A>B>D", "A>B>D");
        assertThat(rows.get(0).get("edges")).isEqualTo("A>B;B>D");
        for (Map<String, String> row : rows) {
            assertThat(row.get("status")).isEqualTo("CONVERGED");
            assertThat(Double.parseDouble(row.get("gap"))).isBetween(0.0, SAME_COST);
            assertThat(row.get("note")).isEmpty();
            assertThat(row.get("certificate_optimality")).isEqualTo("PASS");
            assertThat(row.get("certificate_constraints")).isEqualTo("PASS");
        }
    }

    /** Paths, indicators of edges and costs are three ways to say the same. */
    @Test
    void decisionsInEveryFormTrainTheSameModel() {
        JsonNode paths = trained("paths", "--decisions paths.csv --from A --to D");
        JsonNode edges = trained("edges", "--decisions decisions.csv --from A --to D");
        JsonNode costs = trained("costs", "--costs costs.csv --from A --to D");
        JsonNode column = trained("column", "--costs costs.csv --from-column start --to D");
        assertThat(edges.path("test")).isEqualTo(paths.path("test"));
        assertThat(folder.resolve("edges/model.safetensors"))
                .hasSameBinaryContentAs(folder.resolve("paths/model.safetensors"));
        for (JsonNode each : List.of(costs, column)) {
            assertThat(each.path("test").path("normalizedRegret").asDouble()).isBetween(0.0, 0.01);
            assertThat(each.path("test").path("meanCostRegret").asDouble()).isGreaterThan(0.01);
        }
        assertThat(costs.path("test").path("relaxedDistance").asDouble())
                .isEqualTo(paths.path("test").path("relaxedDistance").asDouble());
    }

    @Test
    void theBestPathsComeInTheOrderOfTheirCosts() throws IOException {
        Map<String, String> row = infer("rain,day\n9,Mon\n", "--k-best", "5").get(0);
        assertThat(List.of(row.get("decision"), row.get("decision_2"), row.get("decision_3"), row.get("decision_4")))
                .doesNotHaveDuplicates()
                .containsExactlyInAnyOrder("A>B>D", "A>C>D", "A>B>C>D", "A>C>B>D");
        double last = Double.parseDouble(row.get("objective"));
        for (int k = 2; k <= 4; k++) {
            double next = Double.parseDouble(row.get("objective_" + k));
            assertThat(next).isGreaterThanOrEqualTo(last);
            last = next;
        }
        assertThat(row.get("decision_5")).isEmpty();
        assertThat(row.get("objective_5")).isEmpty();
    }

    @Test
    void aRowWithoutAWayHarmsNoOther() throws IOException {
        trained("ends", "--costs costs.csv --from-column start --to D --closed-column closed");
        Path before = run;
        run = folder.resolve("ends");
        try {
            Path input = Files.writeString(
                    folder.resolve("ways.csv"),
                    "rain,start,closed,day\n1,A,A>C,Mon\n2,A,A>C;A>B,Mon\n3,B,,Tue\n4,D,,Sat\n");
            Path output = folder.resolve("ways-decided.csv");
            Ran ran = Ran.of("infer", run, "--input", input, "--output", output, "--require-trust", "hard");
            assertThat(ran.code()).isEqualTo(Main.UNTRUSTED);
            assertThat(ran.errors().get(0)).contains(input + ", line 3: no way from A to D with A>C, A>B closed");
            assertThat(ran.errors().get(1)).contains(input + ", line 5: need two nodes, got D");
            List<String> lines = Files.readAllLines(output);
            assertThat(lines).hasSize(5);
            assertThat(lines.get(1)).startsWith("A>B>");
            assertThat(lines.get(2)).startsWith(",NaN,").contains("NON_FINITE");
            assertThat(lines.get(3)).matches("B(>C)?>D,.*CONVERGED.*");
        } finally {
            run = before;
        }
    }

    /** Five lines from a run folder to a decision. */
    @Test
    void decidesFromJava() throws IOException {
        Model model = Model.load(run);
        assertThat(model.inputs()).containsExactly("day", "rain");
        Decision decision = model.infer(Map.of("day", "Mon", "rain", 9));
        Map<String, String> row = infer("rain,day\n9,Mon\n").get(0);
        assertThat(decision.decision()).isEqualTo(row.get("decision"));
        assertThat(decision.objective()).isCloseTo(Double.parseDouble(row.get("objective")), within(SAME_COST));
        assertThat(decision.details()).containsEntry("edges", "A>B;B>D");
        assertThatThrownBy(() -> model.infer(Map.of("day", "Mon")))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("context 0, column \"rain\": need a value, got none");
        assertThatThrownBy(() -> model.infer(1, 2)).hasMessageContaining("need contexts by name");
    }

    /** Each on an input made to fail it; the last one, which the oracle keeps, has a test of its own in zoo. */
    @Test
    void everyCertificateFailsWhereItMust() {
        Model model = Model.load(run);
        assertThat(labels(model.infer(Map.of("day", "Mon", "rain", 7)))).containsOnly(Label.PASS);
        Map<String, Label> unseen = byName(model.infer(Map.of("day", "Sunday", "rain", 7)));
        assertThat(unseen).containsEntry("context", Label.FAIL).containsEntry("optimality", Label.PASS);
        Map<String, Label> far = byName(model.infer(Map.of("day", "Mon", "rain", 70)));
        assertThat(far).containsEntry("context", Label.FAIL);
        Map<String, Label> extreme = byName(model.infer(Map.of("day", "Mon", "rain", 1e30)));
        assertThat(extreme)
                .containsEntry("constraints", Label.FAIL)
                .containsEntry("residual", Label.FAIL)
                .containsEntry("context", Label.FAIL);
        Map<String, Label> overflow = byName(model.infer(Map.of("day", "Mon", "rain", 1e300)));
        assertThat(overflow.values()).containsOnly(Label.FAIL);
    }

    private static List<Label> labels(Decision decision) {
        return decision.certificates().stream().map(Certificate::label).toList();
    }

    private static Map<String, Label> byName(Decision decision) {
        Map<String, Label> labels = new LinkedHashMap<>();
        decision.certificates().forEach(c -> labels.put(c.name(), c.label()));
        return labels;
    }

    /** The run folder is enough: its user's files may be gone. */
    @Test
    void decidesWithoutTheFiles() throws IOException {
        Files.delete(folder.resolve("edges.csv"));
        try {
            assertThat(infer("rain,day\n9,Mon\n").get(0).get("decision")).isEqualTo("A>B>D");
            Ran.of("evaluate", run).refused(Main.FAILED, folder.resolve("edges.csv") + ": need a CSV file, got none");
        } finally {
            OwnProblem.write(folder, OwnProblem.graph());
        }
        Files.writeString(folder.resolve("edges.csv"), "from,to\nA,B\nA,C\nB,C\nC,B\nB,D\nC,D\nD,A\n");
        try {
            Ran.of("evaluate", run).refused(Main.FAILED, "need data 'edges' with SHA-256");
        } finally {
            OwnProblem.write(folder, OwnProblem.graph());
        }
        assertThat(Ran.done("evaluate", run, "--json")
                        .json()
                        .path("test")
                        .path("accuracy")
                        .asDouble())
                .isBetween(0.5, 1.0);
    }
}
