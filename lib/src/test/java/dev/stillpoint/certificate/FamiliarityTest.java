package dev.stillpoint.certificate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.Random;
import org.junit.jupiter.api.Test;

class FamiliarityTest {
    private static final int ROWS = 4_000;
    private static final double PASS = 0.96;
    /** Of a share of ROWS draws near PASS, against a threshold from as many: some four deviations. */
    private static final double SAMPLING = 0.018;

    private final Random random = new Random(8);
    private final Familiarity familiarity = familiarity();

    @Test
    void oneQuantileOfBothHasTheRateOfFalseAlarmsThatItSays() {
        Quantile check = new Quantile("unfamiliar", values(0, 9), PASS, 1);
        double[] usual = values(0, 9);
        assertThat(flagged(check, usual)).isCloseTo(1 - PASS, within(SAMPLING));
        // Far features with certain scores, and near features with scores that commit to nothing: each measure alone
        // would miss one.
        assertThat(flagged(check, values(12, 9))).isGreaterThan(0.99);
        assertThat(flagged(check, values(0, 2))).isGreaterThan(0.99);
    }

    @Test
    void storedNumbersGiveTheSame() {
        Familiarity again = Familiarity.of(familiarity.classes(), familiarity.centre(), familiarity.scale());
        float[] features = {1, 2};
        float[] scores = {3, 4, 5};
        assertThat(again.unfamiliarity(features, scores)).isEqualTo(familiarity.unfamiliarity(features, scores));
    }

    @Test
    void energyIsThatOfAllScores() {
        assertThat(Familiarity.energy(new float[] {0, 0})).isCloseTo(-Math.log(2), within(1e-12));
        assertThat(Familiarity.energy(new float[] {1000, 1000})).isCloseTo(-1000 - Math.log(2), within(1e-9));
        assertThat(Familiarity.energy(new float[] {Float.NaN, 0})).isNaN();
    }

    @Test
    void nanNeverPasses() {
        Quantile check = new Quantile("unfamiliar", values(0, 9), PASS, 1);
        assertThat(check.label(familiarity.unfamiliarity(new float[] {Float.NaN, 0}, new float[] {9, 0})))
                .isEqualTo(Label.FAIL);
        assertThat(check.label(familiarity.unfamiliarity(new float[] {0, 0}, new float[] {Float.NaN, 0})))
                .isEqualTo(Label.FAIL);
    }

    @Test
    void refusals() {
        assertThatThrownBy(() -> Familiarity.calibrated(familiarity.classes(), new float[1][2], new float[2][2]))
                .hasMessage("Familiarity: need as many rows of scores as of features, at least one, got 2 and 1");
        assertThatThrownBy(() -> Familiarity.of(familiarity.classes(), new double[2], new double[2]))
                .hasMessage("Familiarity: need finite centres and positive scales, got 0.0 and 0.0");
    }

    private Familiarity familiarity() {
        float[][] features = new float[ROWS][];
        int[] labels = new int[ROWS];
        float[][] scores = new float[ROWS][];
        for (int i = 0; i < ROWS; i++) {
            labels[i] = i % 2;
            features[i] = features(labels[i], 0);
            scores[i] = scores(9);
        }
        return Familiarity.calibrated(ClassDistance.fit(features, labels, 2), features, scores);
    }

    private double[] values(double shift, double certainty) {
        double[] values = new double[ROWS];
        for (int i = 0; i < ROWS; i++) {
            values[i] = familiarity.unfamiliarity(features(i % 2, shift), scores(certainty));
        }
        return values;
    }

    private static double flagged(Quantile check, double[] values) {
        int flagged = 0;
        for (double value : values) {
            flagged += check.label(value) == Label.PASS ? 0 : 1;
        }
        return flagged / (double) values.length;
    }

    private float[] features(int label, double shift) {
        return new float[] {(float) (30 * label + random.nextGaussian()), (float) (shift + random.nextGaussian())};
    }

    private float[] scores(double certainty) {
        return new float[] {(float) (certainty + random.nextGaussian()), 0, 0};
    }
}
