package dev.stillpoint.cli;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.stillpoint.train.Provenance;
import java.io.PrintWriter;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.Supplier;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** What every benchmark has: two options, checks of numbers, and one way to hand out what was measured. */
final class BenchOptions {
    private static final ObjectMapper JSON = new ObjectMapper();

    /** 179,400 arcs. */
    private static final int LARGEST_GRID = 300;

    @Option(
            names = "--json",
            description = "Print one JSON object on standard output, everything else on standard error.")
    private boolean json;

    @Option(names = "--verbose", description = "Show where a failure happened.")
    boolean verbose;

    @Spec(Spec.Target.MIXEE)
    @SuppressWarnings("NullAway.Init")
    private CommandSpec spec;

    BenchOptions() {}

    /** Refuses a number below {@code least}. */
    void atLeast(String option, int value, int least) {
        if (value < least) {
            throw Words.wrong(spec, option, "need a whole number >= " + least + ", got " + value);
        }
    }

    /** Nodes on a side of several grids. */
    List<Integer> grids(String text) {
        List<Integer> grids = Words.list(spec, "--grids", text, word -> Words.whole(word, 2));
        for (int k : grids) {
            if (k > LARGEST_GRID) {
                throw Words.wrong(spec, "--grids", "need whole numbers from 2 to " + LARGEST_GRID + ", got " + k);
            }
        }
        return grids;
    }

    /**
     * Prints what was measured: with {@code --json} as one object, between the command and where it ran.
     *
     * @param result the object's fields
     * @param table writes it for people
     */
    void print(Supplier<ObjectNode> result, Consumer<PrintWriter> table) {
        PrintWriter out = spec.commandLine().getOut();
        if (json) {
            ObjectNode node = JSON.createObjectNode().put("command", Words.typed(spec));
            node.setAll(result.get());
            node.set("provenance", JSON.valueToTree(Provenance.capture()));
            out.println(node);
        } else {
            table.accept(out);
        }
        out.flush();
    }
}
