package dev.stillpoint.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.List;
import picocli.CommandLine;

/**
 * What one command came to.
 *
 * @param code it exits with
 * @param out standard output
 * @param err standard error
 */
record Ran(int code, String out, String err) {
    private static final ObjectMapper JSON = new ObjectMapper().enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS);

    /** Runs the command in this process. */
    static Ran of(Object... words) {
        String[] args = new String[words.length];
        for (int i = 0; i < args.length; i++) {
            args[i] = words[i].toString();
        }
        StringWriter out = new StringWriter();
        StringWriter err = new StringWriter();
        CommandLine command = Main.commandLine();
        command.setOut(new PrintWriter(out));
        command.setErr(new PrintWriter(err));
        int code = command.execute(args);
        command.getOut().flush();
        command.getErr().flush();
        return new Ran(code, out.toString(), err.toString());
    }

    /** The same, where the command must succeed. */
    static Ran done(Object... words) {
        Ran ran = of(words);
        assertThat(ran.code).as(ran.err).isEqualTo(Main.DONE);
        return ran;
    }

    /** Checks that this is the code, with one line on standard error that names the place and nothing on standard output. */
    Ran refused(int expected, String... places) {
        assertThat(code).as("exit code of: %s", err).isEqualTo(expected);
        assertThat(out).isEmpty();
        assertThat(err).startsWith("stillpoint: ").contains(places);
        assertThat(err.lines()).as(err).hasSize(1);
        return this;
    }

    /** Standard output, which must be one JSON object and nothing else. */
    JsonNode json() {
        try {
            JsonNode node = JSON.readTree(out);
            assertThat(node.isObject()).as(out).isTrue();
            return node;
        } catch (JsonProcessingException e) {
            throw new AssertionError("need one JSON object, got: " + out, e);
        }
    }

    /** The lines of standard error. */
    List<String> errors() {
        return err.lines().toList();
    }
}
