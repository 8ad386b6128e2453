package dev.stillpoint.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.stillpoint.tensor.Engine;
import org.junit.jupiter.api.Test;

/** With one thread: whether several stall depends on what else the machine does. */
class DoctorTest {
    @Test
    void namesWhatItRunsOn() {
        Ran ran = Ran.done("doctor", "--threads", 1);
        assertThat(ran.err()).isEmpty();
        assertThat(ran.out())
                .containsPattern("libtorch +[0-9]+\\.[0-9]+\\.[0-9]+")
                .containsPattern("java +" + Runtime.version().feature())
                .containsPattern("threads at start +[1-9]")
                .containsPattern("verdict +all is well");
    }

    @Test
    void jsonIsOneObject() {
        Ran ran = Ran.done("doctor", "--threads", 1, "--json");
        JsonNode facts = ran.json();
        assertThat(ran.err()).isEmpty();
        assertThat(facts.path("libtorch").asText()).isEqualTo(Engine.version());
        assertThat(facts.path("threads at start").asInt()).isGreaterThanOrEqualTo(1);
        assertThat(facts.fieldNames())
                .toIterable()
                .contains("stillpoint", "java", "system", "blas", "device", "data folder", "native cache")
                .contains("memory limit", "verdict");
    }
}
