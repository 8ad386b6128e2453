package dev.stillpoint.train;

import static org.assertj.core.api.Assertions.assertThat;

import dev.stillpoint.tensor.Engine;
import java.time.Duration;
import java.time.Instant;
import java.util.HashSet;
import java.util.Set;
import org.junit.jupiter.api.Test;

class ProvenanceTest {
    @Test
    void saysWhereThisProcessRuns() {
        Instant before = Instant.now();
        Provenance here = Provenance.capture();
        assertThat(here.version()).isNotBlank();
        assertThat(here.commit()).matches("unknown|[0-9a-f]{7,40}(-dirty)?");
        assertThat(here.java()).startsWith(Runtime.version().toString()).endsWith(")");
        assertThat(here.libtorch()).matches("[0-9]+\\.[0-9]+\\.[0-9]+-.+").isEqualTo(Engine.version());
        assertThat(here.system()).contains(System.getProperty("os.name"), System.getProperty("os.arch"));
        assertThat(here.threads()).isEqualTo(Engine.threads()).isPositive();
        assertThat(here.device()).isEqualTo("cpu");
        // Cut to seconds.
        assertThat(Instant.parse(here.started())).isBetween(before.minus(Duration.ofSeconds(1)), Instant.now());
    }

    /** 1.5f is 0000c03f in memory; the digests were computed with sha256sum. */
    @Test
    void sha256OfKnownBytes() {
        assertThat(Provenance.sha256()).isEqualTo("e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
        assertThat(Provenance.sha256(new float[][] {{1.5f, -2}}))
                .isEqualTo("252b3318179cc24998f3670913d52d39085cf65b0dfa98fa523ffeab4b6683fe");
        assertThat(Provenance.sha256(new float[][] {{1.5f}}, new float[][] {{-2}}))
                .isEqualTo("252b3318179cc24998f3670913d52d39085cf65b0dfa98fa523ffeab4b6683fe");
    }

    @Test
    void sha256ChangesWithAnyBit() {
        Set<String> seen = new HashSet<>();
        seen.add(Provenance.sha256(table(0, 0, 0)));
        for (int row = 0; row < 2; row++) {
            for (int column = 0; column < 2; column++) {
                for (int bit = 0; bit < 32; bit++) {
                    assertThat(seen.add(Provenance.sha256(table(row, column, 1 << bit))))
                            .as("row " + row + ", column " + column + ", bit " + bit)
                            .isTrue();
                }
            }
        }
        assertThat(Provenance.sha256(new float[][] {{0}})).isNotEqualTo(Provenance.sha256(new float[][] {{-0f}}));
        assertThat(Provenance.sha256(new float[][] {{1, 2}})).isNotEqualTo(Provenance.sha256(new float[][] {{2, 1}}));
    }

    private static float[][] table(int row, int column, int flip) {
        float[][] table = {{1, 0.1f}, {-3, 1e30f}};
        table[row][column] = Float.intBitsToFloat(Float.floatToRawIntBits(table[row][column]) ^ flip);
        return table;
    }
}
