package dev.stillpoint.cli;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.stillpoint.train.Provenance;
import java.io.PrintWriter;
import java.util.function.Consumer;
import java.util.function.Supplier;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Options of every command that says something, and one way to say what was measured. */
class OutputOptions {
    private static final ObjectMapper JSON = new ObjectMapper();

    @Option(
            names = "--json",
            description = "Print one JSON object on standard output, everything else on standard error.")
    boolean json;

    @Option(names = "--verbose", description = "Show where a failure happened.")
    boolean verbose;

    /** The command. */
    @Spec(Spec.Target.MIXEE)
    @SuppressWarnings("NullAway.Init")
    CommandSpec spec;

    /** Refuses a number below {@code least}. */
    final void atLeast(String option, int value, int least) {
        if (value < least) {
            throw Words.wrong(spec, option, "need a whole number >= " + least + ", got " + value);
        }
    }

    /**
     * Prints what was measured: with {@code --json} as one object, between the command and where it ran.
     *
     * @param result the object's fields
     * @param table writes it for people
     */
    final void print(Supplier<ObjectNode> result, Consumer<PrintWriter> table) {
        PrintWriter out = spec.commandLine().getOut();
        if (json) {
            out.println(stamped(result.get()));
        } else {
            table.accept(out);
        }
        out.flush();
    }

    /** A result between the command and where it ran. */
    final ObjectNode stamped(ObjectNode result) {
        ObjectNode node = JSON.createObjectNode().put("command", Words.typed(spec));
        node.setAll(result);
        node.set("provenance", JSON.valueToTree(Provenance.capture()));
        return node;
    }
}
