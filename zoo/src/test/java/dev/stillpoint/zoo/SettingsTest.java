package dev.stillpoint.zoo;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SettingsTest {
    private static final Setting<Integer> GRID = Setting.integer("grid", 10, 2, "nodes on a side");
    private static final Setting<Long> SEED = Setting.seed("seed", 7, "of the weights");
    private static final Setting<Double> STEP = Setting.number("step", 0.5, 0.1, 2, "of the operator");
    private static final Setting<String> WORD = Setting.of("word", "yes|no", "yes", "an answer", text -> {
        if (!text.equals("yes") && !text.equals("no")) {
            throw new IllegalArgumentException("need yes|no, got '" + text + "'");
        }
        return text;
    });
    private static final List<Setting<?>> KNOWN = List.of(GRID, SEED, STEP, WORD);

    @Test
    void defaultsFillWhatIsNotGiven() {
        Settings settings = Settings.of(KNOWN, Map.of("step", "1.5", "word", "no"));
        assertThat(settings.get(GRID)).isEqualTo(10);
        assertThat(settings.get(SEED)).isEqualTo(7);
        assertThat(settings.get(STEP)).isEqualTo(1.5);
        assertThat(settings.get(WORD)).isEqualTo("no");
        assertThat(settings.texts())
                .containsExactly(
                        Map.entry("grid", "10"),
                        Map.entry("seed", "7"),
                        Map.entry("step", "1.5"),
                        Map.entry("word", "no"));
    }

    /** What a run stores is enough to have the same settings again. */
    @Test
    void textsGiveTheSameSettingsAgain() {
        Settings settings = Settings.of(KNOWN, Map.of("grid", " 12 ", "seed", "4294967295"));
        Settings again = Settings.of(KNOWN, settings.texts());
        assertThat(again.texts()).isEqualTo(settings.texts());
        assertThat(again.get(GRID)).isEqualTo(12);
        assertThat(again.get(SEED)).isEqualTo(4_294_967_295L);
    }

    @ParameterizedTest
    @CsvSource({
        "grid, 2.5, 'need a whole number, got ''2.5'''",
        "grid, '', 'need a whole number, got '''''",
        "grid, ten, 'need a whole number, got ''ten'''",
        "grid, 99999999999, 'need a whole number, got ''99999999999'''",
        "grid, 1, 'need a whole number >= 2, got 1'",
        "grid, -3, 'need a whole number >= 2, got -3'",
        "seed, -1, 'need a whole number from 0 to 4294967295, got -1'",
        "seed, 4294967296, 'need a whole number from 0 to 4294967295, got 4294967296'",
        "seed, 1e3, 'need a whole number, got ''1e3'''",
        "step, half, 'need a number, got ''half'''",
        "step, 0.05, 'need a number from 0.1 to 2.0, got 0.05'",
        "step, 2.1, 'need a number from 0.1 to 2.0, got 2.1'",
        "step, NaN, 'need a number from 0.1 to 2.0, got NaN'",
        "step, Infinity, 'need a number from 0.1 to 2.0, got Infinity'",
        "word, maybe, 'need yes|no, got ''maybe'''"
    })
    void namesTheSettingAndWhatItNeeds(String name, String text, String message) {
        assertThatThrownBy(() -> Settings.of(KNOWN, Map.of(name, text)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("--" + name + ": " + message);
    }

    @Test
    void theEndsOfARangeBelongToIt() {
        assertThat(STEP.parse("0.1")).isEqualTo(0.1);
        assertThat(STEP.parse("2")).isEqualTo(2);
        assertThat(GRID.parse("2")).isEqualTo(2);
        assertThat(SEED.parse("0")).isZero();
    }

    @Test
    void anUnknownNameGetsTheKnownOnes() {
        assertThatThrownBy(() -> Settings.of(KNOWN, Map.of("gird", "10")))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("--gird: need one of [grid, seed, step, word]");
        assertThatThrownBy(() -> Settings.of(List.of(GRID), Map.of()).get(SEED))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("Settings: need one of [grid], got seed");
    }

    @Test
    void whatTheHelpShows() {
        assertThat(STEP.name()).isEqualTo("step");
        assertThat(STEP.kind()).isEqualTo("X");
        assertThat(STEP.defaultText()).isEqualTo("0.5");
        assertThat(STEP.description()).isEqualTo("of the operator");
        assertThat(GRID.kind()).isEqualTo("N");
        assertThat(WORD.kind()).isEqualTo("yes|no");
    }

    /** Every application's own defaults must parse: a run without options begins with them. */
    @Test
    void everyApplicationsDefaultsParse() {
        assertThat(Application.all()).isNotEmpty().allSatisfy(application -> {
            Settings settings = Settings.of(application.settings(), Map.of());
            assertThat(settings.texts()).hasSameSizeAs(application.settings());
            assertThat(application.summary()).isNotBlank();
            assertThat(Application.named(application.name()).name()).isEqualTo(application.name());
        });
        assertThatThrownBy(() -> Application.named("path"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("application: need one of "
                        + Application.all().stream().map(Application::name).toList() + ", got 'path'");
    }
}
