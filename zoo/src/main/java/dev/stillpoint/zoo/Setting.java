package dev.stillpoint.zoo;

import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/**
 * One named, typed option of an application, with its default. Text from a command line or a stored run is parsed and
 * checked here.
 *
 * @param <T> the value's type
 */
public final class Setting<T> {
    private final String name;
    private final String kind;
    private final String defaultText;
    private final String description;
    private final Function<String, T> parser;

    private Setting(String name, String kind, String defaultText, String description, Function<String, T> parser) {
        this.name = name;
        this.kind = kind;
        this.defaultText = defaultText;
        this.description = description;
        this.parser = parser;
    }

    /** A whole number of at least {@code least}. */
    public static Setting<Integer> integer(String name, int defaultValue, int least, String description) {
        return integer(name, defaultValue, least, Integer.MAX_VALUE, description);
    }

    /** A whole number in [least, most]. */
    public static Setting<Integer> integer(String name, int defaultValue, int least, int most, String description) {
        return new Setting<>(name, "N", Integer.toString(defaultValue), description, text -> {
            int value = number(text, Integer::parseInt, "a whole number");
            if (value < least || value > most) {
                String range = most == Integer.MAX_VALUE ? ">= " + least : "from " + least + " to " + most;
                throw new IllegalArgumentException("need a whole number " + range + ", got " + value);
            }
            return value;
        });
    }

    /** A seed: a whole number from 0 to 2³² − 1, the range of numpy's. */
    public static Setting<Long> seed(String name, long defaultValue, String description) {
        return new Setting<>(name, "N", Long.toString(defaultValue), description, text -> {
            long value = number(text, Long::parseLong, "a whole number");
            if (value < 0 || value > 0xffffffffL) {
                throw new IllegalArgumentException("need a whole number from 0 to 4294967295, got " + value);
            }
            return value;
        });
    }

    /** A finite number in [least, most]. */
    public static Setting<Double> number(
            String name, double defaultValue, double least, double most, String description) {
        return new Setting<>(name, "X", Double.toString(defaultValue), description, text -> {
            double value = number(text, Double::parseDouble, "a number");
            if (!(value >= least && value <= most)) {
                throw new IllegalArgumentException("need a number from " + least + " to " + most + ", got " + text);
            }
            return value;
        });
    }

    /** A file that may be given. */
    public static Setting<Optional<Path>> file(String name, String description) {
        return new Setting<>(name, "FILE", "", description, text -> {
            try {
                return text.isBlank() ? Optional.empty() : Optional.of(Path.of(text));
            } catch (InvalidPathException e) {
                throw new IllegalArgumentException("need a file's name, got '" + text + "'", e);
            }
        });
    }

    /** A name that may be given. */
    public static Setting<Optional<String>> word(String name, String kind, String description) {
        return new Setting<>(
                name, kind, "", description, text -> text.isBlank() ? Optional.empty() : Optional.of(text.strip()));
    }

    /** Names that may be given, separated by commas. */
    public static Setting<List<String>> names(String name, String description) {
        return new Setting<>(
                name,
                "NAME,...",
                "",
                description,
                text -> text.isBlank()
                        ? List.of()
                        : Arrays.stream(text.split(",", -1)).map(String::strip).toList());
    }

    /**
     * A value with a notation of its own.
     *
     * @param kind what the help shows for the value: "jfb | neumann:K"
     * @param parser throws {@link IllegalArgumentException} "need X, got Y"
     */
    public static <T> Setting<T> of(
            String name, String kind, String defaultText, String description, Function<String, T> parser) {
        return new Setting<>(name, kind, defaultText, description, parser);
    }

    private static <N> N number(String text, Function<String, N> parser, String wanted) {
        try {
            return parser.apply(text.strip());
        } catch (NumberFormatException e) {
            throw new IllegalArgumentException("need " + wanted + ", got '" + text + "'", e);
        }
    }

    /** As on the command line, without the dashes. */
    public String name() {
        return name;
    }

    /** What the help shows in place of a value. */
    public String kind() {
        return kind;
    }

    /** The default, as text; empty where there is none. */
    public String defaultText() {
        return defaultText;
    }

    /** One line for the help. */
    public String description() {
        return description;
    }

    /**
     * The value of a text.
     *
     * @throws IllegalArgumentException "--name: need X, got Y"
     */
    public T parse(String text) {
        try {
            return parser.apply(text);
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException("--" + name + ": " + e.getMessage(), e);
        }
    }
}
