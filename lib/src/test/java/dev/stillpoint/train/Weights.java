package dev.stillpoint.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.stillpoint.tensor.Tensors;
import java.util.LinkedHashMap;
import java.util.Map;

/** A task's weights, copied and compared. */
final class Weights {
    /** float32 sums in another order, relative to a tensor's largest weight. */
    private static final float SAME = 1e-5f;

    private Weights() {}

    static Map<String, float[]> of(Task task) {
        Map<String, float[]> weights = new LinkedHashMap<>();
        task.model().state().forEach((name, t) -> weights.put(name, Tensors.floats(t)));
        return weights;
    }

    static void assertSame(Map<String, float[]> actual, Map<String, float[]> expected) {
        assertThat(actual).containsOnlyKeys(expected.keySet());
        expected.forEach((name, w) -> assertThat(actual.get(name)).as(name).containsExactly(w));
    }

    static void assertClose(Map<String, float[]> actual, Map<String, float[]> expected) {
        assertThat(actual).containsOnlyKeys(expected.keySet());
        expected.forEach((name, w) -> {
            float size = 0;
            for (float v : w) {
                size = Math.max(size, Math.abs(v));
            }
            assertThat(actual.get(name)).as(name).containsExactly(w, within(SAME * size));
        });
    }
}
