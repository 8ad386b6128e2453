package dev.stillpoint.certificate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.junit.jupiter.api.Test;

class TrustTest {
    private static final Certificate GOOD = new Certificate("constraints", 1e-6, Label.PASS, true);
    private static final Certificate BROKEN = new Certificate("constraints", 0.5, Label.FAIL, true);
    private static final Certificate ODD = new Certificate("residual", 1.25, Label.WARNING, false);
    private static final Certificate FAR = new Certificate("context", 9, Label.FAIL, false);

    @Test
    void noneAcceptsEverything() {
        assertAccepts(Trust.NONE, List.of(BROKEN, FAR));
        assertAccepts(Trust.NONE, List.of());
    }

    @Test
    void hardLooksAtHardLimitsAlone() {
        assertAccepts(Trust.HARD, List.of(GOOD, ODD, FAR));
        assertRefuses(
                Trust.HARD, List.of(BROKEN, FAR), "the inference fails 'constraints' with value 0.5; required: HARD");
    }

    @Test
    void allLooksAtEverythingAndAWarningIsNoFailure() {
        assertAccepts(Trust.ALL, List.of(GOOD, ODD));
        assertRefuses(
                Trust.ALL, List.of(GOOD, ODD, FAR), "the inference fails 'context' with value 9.0; required: ALL");
        assertRefuses(
                Trust.ALL,
                List.of(BROKEN, ODD, FAR),
                "the inference fails 'constraints' with value 0.5, 'context' with value 9.0; required: ALL");
    }

    private static void assertAccepts(Trust trust, List<Certificate> certificates) {
        assertThat(trust.accepts(certificates)).isTrue();
        assertThatCode(() -> trust.require(certificates)).doesNotThrowAnyException();
    }

    private static void assertRefuses(Trust trust, List<Certificate> certificates, String message) {
        assertThat(trust.accepts(certificates)).isFalse();
        assertThatThrownBy(() -> trust.require(certificates))
                .isInstanceOf(CertificateException.class)
                .hasMessage(message);
    }
}
