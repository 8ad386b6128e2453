package dev.stillpoint.zoo.signals;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.stillpoint.certificate.Certificate;
import dev.stillpoint.certificate.Label;
import dev.stillpoint.zoo.FinishedRun;
import dev.stillpoint.zoo.SideBySide;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Consumer;

/** The four signals of every test row with their labels, and of one row as a picture. */
final class SignalComparison {
    private static final ObjectMapper JSON = new ObjectMapper();
    /** The row that is drawn. */
    private static final int SHOWN = 0;

    private SignalComparison() {}

    /**
     * Labels all.
     *
     * @param run a trained dictionary
     * @param data its test rows
     * @param progress told what is being done
     */
    static SideBySide of(FinishedRun run, SignalData data, Consumer<String> progress) {
        SignalPredictor predictor = (SignalPredictor) run.predictor();
        float[][] recovered = new float[data.size()][];
        int[] next = {0};
        progress.accept("recovering " + data.size() + " signals");
        predictor.infer(data.measured(), decision -> recovered[next[0]++] = decision.relaxed());
        Map<String, float[][]> all = FourSignals.all(data, recovered);
        ObjectNode json = JSON.createObjectNode();
        json.set("run", run.run());
        json.put("testSignals", data.size()).put("shown", SHOWN);
        ArrayNode four = json.putArray("signals");
        List<List<String>> rows = new ArrayList<>();
        Map<String, List<Certificate>> shown = new LinkedHashMap<>();
        all.forEach((name, signals) -> {
            List<List<Certificate>> labels = predictor.judge(signals, data.measured());
            shown.put(name, labels.get(SHOWN));
            ObjectNode node = four.addObject().put("signal", name);
            List<String> row = new ArrayList<>(List.of(name));
            for (int k = 0; k < SignalPredictor.CHECKS.size(); k++) {
                int check = k;
                double[] values = labels.stream()
                        .mapToDouble(each -> each.get(check).value())
                        .filter(Double::isFinite)
                        .sorted()
                        .toArray();
                double median = values[values.length / 2];
                double passing = share(labels, check, Label.PASS);
                double failing = share(labels, check, Label.FAIL);
                Certificate one = labels.get(SHOWN).get(check);
                ObjectNode part = node.putObject(SignalPredictor.CHECKS.get(k));
                part.put("median", median).put("largest", values[values.length - 1]);
                part.put("passing", passing).put("failing", failing);
                part.putObject("shown")
                        .put("value", one.value())
                        .put("label", one.label().name());
                row.add(String.format(Locale.ROOT, "%.3g", median));
                row.add(String.format(Locale.ROOT, "%.1f", 100 * passing));
                row.add(String.format(Locale.ROOT, "%.1f", 100 * failing));
            }
            rows.add(row);
        });
        List<String> columns = new ArrayList<>(List.of("signal"));
        for (String check : SignalPredictor.CHECKS) {
            columns.addAll(List.of(check + "\nmedian", check + "\npasses, %", check + "\nfails, %"));
        }
        Map<String, float[]> drawn = new LinkedHashMap<>();
        all.forEach((name, signals) -> drawn.put(name, signals[SHOWN]));
        return new SideBySide(
                json,
                Map.of("signals.png", SignalPicture.png(drawn, data.signals()[SHOWN], shown)),
                List.of(new SideBySide.Table("Test signals and their checks", columns, rows)));
    }

    private static double share(List<List<Certificate>> labels, int check, Label label) {
        return labels.stream().filter(row -> row.get(check).label() == label).count() / (double) labels.size();
    }
}
