package dev.stillpoint.cli.measure;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.function.ToDoubleFunction;

/**
 * Adjoints side by side: the same trainings, but for how the fixed point is differentiated.
 *
 * @param plan what was asked for
 * @param origin provenance of the first run and checksums of the data, which are the same for all
 * @param runs seed by seed, within a seed adjoint by adjoint
 */
public record Comparison(ComparisonPlan plan, Origin origin, List<TrainedRun> runs) {
    private static final ObjectMapper JSON = new ObjectMapper();

    /** The adjoint that times are held against, where it is compared. */
    private static final String USUAL = "jfb";

    /**
     * Where runs came from.
     *
     * @param provenance as in run.json
     * @param data checksums as in run.json
     * @param probeRows training rows that the gradients were compared on
     */
    public record Origin(JsonNode provenance, JsonNode data, int probeRows) {}

    /**
     * One adjoint's runs together.
     *
     * @param adjoint as in the settings
     * @param test means over the seeds
     * @param deviation sample deviations over the seeds, NaN for one seed
     * @param seconds median
     * @param ratio median over the seeds of its seconds over the reference's
     * @param cpuRatio the same of processor time, which other work on the machine hardly changes
     * @param initialCosine median
     * @param trainedCosine median
     * @param memory median bytes, NaN where the system does not tell
     */
    public record Row(
            String adjoint,
            Map<String, Double> test,
            Map<String, Double> deviation,
            double seconds,
            double ratio,
            double cpuRatio,
            double initialCosine,
            double trainedCosine,
            double memory) {}

    /** The adjoint that times are held against: jfb, or the first one where it is not compared. */
    public String reference() {
        return plan.adjoints().contains(USUAL) ? USUAL : plan.adjoints().get(0);
    }

    /** The runs of one adjoint, seed by seed. */
    public List<TrainedRun> of(String adjoint) {
        return runs.stream().filter(run -> run.adjoint().equals(adjoint)).toList();
    }

    /** One an adjoint, in the order asked for. */
    public List<Row> rows() {
        return plan.adjoints().stream().map(this::row).toList();
    }

    /** The test metrics that are the same in every run: those of the data and of baselines, mostly. */
    public Map<String, Double> common() {
        Map<String, Double> common = new LinkedHashMap<>(runs.get(0).test());
        common.entrySet().removeIf(e -> !runs.stream()
                .allMatch(run -> e.getValue().equals(run.test().get(e.getKey()))));
        return common;
    }

    private Row row(String adjoint) {
        List<TrainedRun> mine = of(adjoint);
        List<TrainedRun> others = of(reference());
        double[] ratios = new double[mine.size()];
        double[] cpuRatios = new double[mine.size()];
        for (int i = 0; i < ratios.length; i++) {
            ratios[i] = mine.get(i).seconds() / others.get(i).seconds();
            cpuRatios[i] = mine.get(i).cpuSeconds() / others.get(i).cpuSeconds();
        }
        Map<String, Double> test = new LinkedHashMap<>();
        Map<String, Double> deviation = new LinkedHashMap<>();
        for (String metric : mine.get(0).test().keySet()) {
            double[] values = values(mine, run -> run.test().getOrDefault(metric, Double.NaN));
            test.put(metric, Statistics.mean(values));
            deviation.put(metric, Statistics.deviation(values));
        }
        return new Row(
                adjoint,
                test,
                deviation,
                Statistics.median(values(mine, TrainedRun::seconds)),
                Statistics.median(ratios),
                Statistics.median(cpuRatios),
                Statistics.median(values(mine, TrainedRun::initialCosine)),
                Statistics.median(values(mine, TrainedRun::trainedCosine)),
                Statistics.median(values(mine, run -> bytes(run.memory()))));
    }

    private static double bytes(OptionalLong memory) {
        return memory.isPresent() ? memory.getAsLong() : Double.NaN;
    }

    private static double[] values(List<TrainedRun> runs, ToDoubleFunction<TrainedRun> value) {
        return runs.stream().mapToDouble(value).toArray();
    }

    /** {command, application, settings, seeds, reference, adjoints: [...], common, probeRows, provenance, data, runs: [...]}. */
    public ObjectNode toJson() {
        ObjectNode node = JSON.createObjectNode();
        node.put("command", plan.command()).put("application", plan.application());
        plan.settings().forEach(node.putObject("settings")::put);
        plan.seeds().forEach(node.putArray("seeds")::add);
        node.put("reference", reference());
        ArrayNode adjoints = node.putArray("adjoints");
        for (Row row : rows()) {
            ObjectNode entry = adjoints.addObject().put("adjoint", row.adjoint());
            ObjectNode test = entry.putObject("test");
            row.test().forEach((name, value) -> TrainedRun.put(test, name, value));
            ObjectNode deviation = entry.putObject("deviation");
            row.deviation().forEach((name, value) -> TrainedRun.put(deviation, name, value));
            TrainedRun.put(entry, "seconds", row.seconds());
            TrainedRun.put(entry, "secondsRatio", row.ratio());
            TrainedRun.put(entry, "cpuRatio", row.cpuRatio());
            ObjectNode cosine = entry.putObject("cosine");
            TrainedRun.put(cosine, "initial", row.initialCosine());
            TrainedRun.put(cosine, "trained", row.trainedCosine());
            TrainedRun.put(entry, "memoryBytes", row.memory());
        }
        ObjectNode common = node.putObject("common");
        common().forEach((name, value) -> TrainedRun.put(common, name, value));
        node.put("probeRows", origin.probeRows());
        node.set("provenance", origin.provenance());
        node.set("data", origin.data());
        ArrayNode all = node.putArray("runs");
        runs.forEach(run -> all.add(run.toJson()));
        return node;
    }
}
