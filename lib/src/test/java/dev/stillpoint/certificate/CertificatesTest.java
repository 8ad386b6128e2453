package dev.stillpoint.certificate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.stillpoint.law.Cases;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class CertificatesTest {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final Certificates BOTH =
            new Certificates(List.of(new HardLimit("constraints", 1e-4), Quantile.of("residual", new double[] {1, 2})));

    @Test
    void judgesEveryValueByItsOwnCheck() {
        assertThat(BOTH.judge(2e-4, 1))
                .containsExactly(
                        new Certificate("constraints", 2e-4, Label.FAIL, true),
                        new Certificate("residual", 1, Label.PASS, false));
        assertThat(BOTH.judge(0, Double.NaN))
                .containsExactly(
                        new Certificate("constraints", 0, Label.PASS, true),
                        new Certificate("residual", Double.NaN, Label.FAIL, false));
    }

    @Test
    void needsAValueForEveryCheck() {
        assertThatThrownBy(() -> BOTH.judge(1))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("Certificates: need 2 values, got 1");
        assertThatThrownBy(() -> BOTH.judge(1, 2, 3))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("Certificates: need 2 values, got 3");
    }

    @Test
    void keepsACopyOfTheList() {
        List<Check> checks = new ArrayList<>(BOTH.checks());
        Certificates certificates = new Certificates(checks);
        checks.clear();
        assertThat(certificates.checks()).hasSize(2);
    }

    @Test
    void comesBackFromJsonToTheLastBit() {
        Cases.forSeeds(5, random -> {
            double[] values = new double[100];
            for (int i = 0; i < values.length; i++) {
                values[i] = random.nextGaussian() * Math.pow(10, random.nextInt(600) - 300);
            }
            values[0] = Double.MIN_VALUE;
            values[1] = -0.0;
            values[2] = 1.0 / 3;
            HardLimit limit = new HardLimit("a \"quoted\"\nname", Math.nextUp(0.1));
            Quantile quantile = new Quantile("größe", values, Math.nextDown(0.95), Math.nextUp(0.95));
            Certificates back = reread(new Certificates(List.of(limit, quantile)));
            assertThat(back.checks()).hasSize(2);
            assertThat(back.checks().get(0)).isEqualTo(limit);
            assertThat(back.checks().get(1)).isInstanceOfSatisfying(Quantile.class, q -> {
                assertThat(q.name()).isEqualTo("größe");
                assertThat(q.pass()).isEqualTo(quantile.pass());
                assertThat(q.fail()).isEqualTo(quantile.fail());
                assertThat(q.calibration()).containsExactly(quantile.calibration());
            });
        });
    }

    private static Certificates reread(Certificates certificates) {
        try {
            return Certificates.fromJson(JSON.readTree(JSON.writeValueAsString(certificates.toJson())));
        } catch (JsonProcessingException e) {
            throw new AssertionError(e);
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "null",
                "3",
                "{}",
                "[]",
                "[3]",
                "[{}]",
                "[{'name': 'a'}]",
                "[{'name': 'a', 'kind': 'soft', 'tolerance': 1}]",
                "[{'name': 'a', 'kind': 'hard'}]",
                "[{'name': 'a', 'kind': 'hard', 'tolerance': null}]",
                "[{'name': 'a', 'kind': 'hard', 'tolerance': 'much'}]",
                "[{'name': 'a', 'kind': 'hard', 'tolerance': -1}]",
                "[{'name': 'a', 'kind': 'quantile', 'pass': 0.9, 'fail': 0.95}]",
                "[{'name': 'a', 'kind': 'quantile', 'pass': 0.9, 'fail': 0.95, 'calibration': []}]",
                "[{'name': 'a', 'kind': 'quantile', 'pass': 0.9, 'fail': 0.95, 'calibration': 5}]",
                "[{'name': 'a', 'kind': 'quantile', 'pass': 0.9, 'fail': 0.95, 'calibration': [1, null]}]",
                "[{'name': 'a', 'kind': 'quantile', 'pass': 0.9, 'fail': 0.95, 'calibration': [1, [2]]}]",
                "[{'name': 'a', 'kind': 'quantile', 'fail': 0.95, 'calibration': [1]}]",
                "[{'name': 'a', 'kind': 'quantile', 'pass': 0.9, 'calibration': [1]}]",
                "[{'name': 'a', 'kind': 'quantile', 'pass': 0.9, 'fail': 0.8, 'calibration': [1]}]"
            })
    void refusesWhatItDidNotWrite(String json) throws JsonProcessingException {
        var tree = JSON.readTree(json.replace('\'', '"'));
        assertThatThrownBy(() -> Certificates.fromJson(tree))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining(": need ");
    }
}
