package dev.stillpoint.cli;

import java.util.Arrays;
import java.util.List;
import java.util.function.Function;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;

/** Lists among the words of a command line, and the line itself. */
final class Words {
    private Words() {}

    /**
     * The parts of "a,b,c", each parsed.
     *
     * @param parser throws {@link IllegalArgumentException} "need X, got Y"
     * @throws ParameterException "--option: need X, got Y" for a part that does not parse or comes twice, or no part
     */
    static <T> List<T> list(CommandSpec spec, String option, String text, Function<String, T> parser) {
        List<String> parts =
                Arrays.stream(text.split(",", -1)).map(String::strip).toList();
        for (int i = 0; i < parts.size(); i++) {
            if (parts.get(i).isEmpty()) {
                throw wrong(spec, option, "need a list like a,b,c, got '" + text + "'");
            }
            if (parts.indexOf(parts.get(i)) < i) {
                throw wrong(spec, option, "need different entries, got '" + parts.get(i) + "' twice");
            }
        }
        try {
            return parts.stream().map(parser).toList();
        } catch (IllegalArgumentException e) {
            throw wrong(spec, option, String.valueOf(e.getMessage()));
        }
    }

    /** A whole number of at least {@code least}. */
    static int whole(String text, int least) {
        try {
            int value = Integer.parseInt(text);
            if (value >= least) {
                return value;
            }
        } catch (NumberFormatException e) {
            // Said below, as for a number that is too small.
        }
        throw new IllegalArgumentException("need a whole number >= " + least + ", got '" + text + "'");
    }

    /** The command as it was typed, for provenance. */
    static String typed(CommandSpec spec) {
        StringBuilder line = new StringBuilder("stillpoint");
        for (String word : spec.root().commandLine().getParseResult().originalArgs()) {
            line.append(' ').append(word.matches("[-\\w=,.:/+@%]+") ? word : "'" + word.replace("'", "'\\''") + "'");
        }
        return line.toString();
    }

    static ParameterException wrong(CommandSpec spec, String option, String message) {
        return new ParameterException(spec.commandLine(), option + ": " + message);
    }
}
