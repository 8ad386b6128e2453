package dev.stillpoint.tensor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;
import org.bytedeco.pytorch.global.torch.ScalarType;
import org.junit.jupiter.api.Test;

class EngineTest {
    @Test
    void threadsReachBothPools() {
        // Ends with one thread, where small models are fastest; no test depends on the count.
        for (int count : new int[] {2, 1}) {
            Engine.threads(count);
            assertThat(Engine.threads()).isEqualTo(count);
            assertThat(Engine.blasThreads()).isEqualTo(count);
        }
        assertThatThrownBy(() -> Engine.threads(0))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("Engine: need threads >= 1, got 0");
        assertThat(Engine.threads()).isEqualTo(1);
    }

    @Test
    void seedRepeatsTheDraws() {
        try (TensorScope scope = TensorScope.open()) {
            Engine.seed(7);
            double[] first = draw();
            double[] second = draw();
            Engine.seed(7);
            assertThat(draw()).isEqualTo(first);
            Engine.seed(8);
            assertThat(draw()).isNotEqualTo(first).isNotEqualTo(second);
        }
    }

    @Test
    void randomStateGoesOutAndBack() {
        try (TensorScope scope = TensorScope.open()) {
            Engine.seed(7);
            draw();
            Tensor state = Engine.randomState();
            byte[] stored = bytes(state);
            double[] expected = draw();
            assertThat(bytes(state)).as("a copy, not the generator's own").isEqualTo(stored);
            assertThat(draw()).isNotEqualTo(expected);
            Engine.randomState(state);
            assertThat(draw()).isEqualTo(expected);
            Engine.seed(99);
            Engine.randomState(state);
            assertThat(draw()).isEqualTo(expected);
        }
    }

    @Test
    void saysWhatItIs() {
        assertThat(Engine.version()).matches("\\d+\\.\\d+\\.\\d+-\\d+\\.\\d+\\.\\d+");
        assertThat(Engine.build()).contains("PyTorch built with");
        assertThat(Engine.cuda()).as("asked twice").isEqualTo(Engine.cuda());
        assertThat(Engine.residentBytes()).isBetween(10_000_000L, Engine.residentLimit());
    }

    @Test
    void nativeObjectsAreCounted() {
        try (TensorScope outer = TensorScope.open()) {
            long before = Engine.nativeObjects();
            try (TensorScope scope = TensorScope.open()) {
                Tensors.zeros(ScalarType.Float, 3);
                assertThat(Engine.nativeObjects()).isGreaterThan(before);
            }
            assertThat(Engine.nativeObjects()).isLessThanOrEqualTo(before + 1);
        }
    }

    @Test
    void firstLineDropsNativeFrames() {
        try (TensorScope scope = TensorScope.open()) {
            Tensor a = Tensors.zeros(ScalarType.Double, 2, 3);
            assertThatThrownBy(() -> a.matmul(a)).satisfies(e -> {
                assertThat(e).hasMessageContaining("\n");
                assertThat(Engine.firstLine(e)).contains("(2x3 and 2x3)").doesNotContain("\n");
            });
        }
        assertThat(Engine.firstLine(new IllegalStateException("one line"))).isEqualTo("one line");
        assertThat(Engine.firstLine(new IllegalStateException())).isEqualTo("null");
    }

    private static double[] draw() {
        return Tensors.doubles(torch.rand(5));
    }

    private static byte[] bytes(Tensor t) {
        long[] values = Tensors.longs(t);
        byte[] bytes = new byte[values.length];
        for (int i = 0; i < bytes.length; i++) {
            bytes[i] = (byte) values[i];
        }
        return bytes;
    }
}
