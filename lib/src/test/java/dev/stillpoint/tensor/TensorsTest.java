package dev.stillpoint.tensor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.util.Arrays;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;
import org.bytedeco.pytorch.global.torch.ScalarType;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class TensorsTest {
    /** One float64 square root of small integers. */
    private static final double ROUNDING = 1e-15;

    private TensorScope scope = TensorScope.open();

    @BeforeEach
    void open() {
        scope.close();
        scope = TensorScope.open();
    }

    @AfterEach
    void close() {
        scope.close();
    }

    @Test
    void arraysGoInAndComeBack() {
        float[] floats = {1.5f, -2, Float.NaN, Float.POSITIVE_INFINITY, -0.0f, Float.MIN_VALUE};
        double[] doubles = {1.5, -2, Double.NaN, Double.NEGATIVE_INFINITY, -0.0, Double.MIN_VALUE};
        Tensor f = Tensors.of(floats, 2, 3);
        Tensor d = Tensors.of(doubles, 3, 2);
        Tensor l = Tensors.of(5L, -1L, Long.MAX_VALUE);
        assertThat(Tensors.floats(f)).isEqualTo(floats);
        assertThat(Tensors.doubles(d)).isEqualTo(doubles);
        assertThat(Tensors.longs(l)).containsExactly(5, -1, Long.MAX_VALUE);
        assertThat(Tensors.type(f)).isSameAs(ScalarType.Float);
        assertThat(Tensors.type(d)).isSameAs(ScalarType.Double);
        assertThat(Tensors.type(l)).isSameAs(ScalarType.Long);
        assertThat(f.shape()).containsExactly(2, 3);
        assertThat(d.shape()).containsExactly(3, 2);
        assertThat(l.shape()).containsExactly(3);
    }

    @Test
    void bytesGoOutAndBack() {
        Tensor t = Tensors.of(new double[] {1, -2.5, Double.NaN, 4, 5, 6}, 2, 3);
        byte[] memory = Tensors.bytes(t.t());
        assertThat(memory).hasSize(48).startsWith(0, 0, 0, 0, 0, 0, 0xf0, 0x3f);
        assertThat(Tensors.doubles(Tensors.ofBytes(ScalarType.Double, memory, 3, 2)))
                .isEqualTo(Tensors.doubles(t.t()));
        assertThat(Tensors.longs(Tensors.ofBytes(ScalarType.Byte, new byte[] {1, -1}, 2)))
                .containsExactly(1, 255);
        assertThat(Tensors.bytes(Tensors.ofBytes(ScalarType.Float, new byte[0], 0, 3)))
                .isEmpty();
        assertThatThrownBy(() -> Tensors.ofBytes(ScalarType.Float, new byte[7], 2))
                .isInstanceOf(IllegalArgumentException.class);
    }

    /** More than a piece, and not a whole number of them: no byte is lost, doubled or in another place. */
    @Test
    void largeTensorsGoOutAndBackPieceByPiece() throws IOException {
        float[] values = new float[700_001];
        for (int i = 0; i < values.length; i++) {
            values[i] = i;
        }
        Tensor t = Tensors.of(values, values.length);
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        Tensors.writeBytes(t, out);
        assertThat(out.toByteArray()).isEqualTo(Tensors.bytes(t));
        byte[] memory = Arrays.copyOf(out.toByteArray(), out.size() + 5);
        ByteArrayInputStream in = new ByteArrayInputStream(memory);
        assertThat(Tensors.floats(Tensors.readBytes(ScalarType.Float, in, out.size(), values.length)))
                .isEqualTo(values);
        assertThat(in.available()).isEqualTo(5);
        ByteArrayInputStream cut = new ByteArrayInputStream(memory, 0, out.size() - 1);
        assertThatThrownBy(() -> Tensors.readBytes(ScalarType.Float, cut, out.size(), values.length))
                .isInstanceOf(EOFException.class);
    }

    @Test
    void copiesAreCopies() {
        double[] values = {1, 2};
        Tensor t = Tensors.of(values, 2);
        values[0] = 7;
        Tensors.doubles(t)[1] = 9;
        assertThat(Tensors.doubles(t)).containsExactly(1, 2);
    }

    @Test
    void viewsComeOutInRowMajorOrder() {
        Tensor t = Tensors.of(new double[] {1, 2, 3, 4, 5, 6}, 2, 3).t();
        assertThat(Tensors.doubles(t)).containsExactly(1, 4, 2, 5, 3, 6);
        assertThat(Tensors.floats(t)).containsExactly(1, 4, 2, 5, 3, 6);
        assertThat(Tensors.longs(t.select(0, 1))).containsExactly(2, 5);
        assertThat(Tensors.doubles(Tensors.of(new double[] {1, 2}, 2).requires_grad_(true)))
                .containsExactly(1, 2);
    }

    @Test
    void rowsGoInAndComeBack() {
        float[][] rows = {{1, 2, 3}, {4, 5, 6}};
        Tensor t = Tensors.of(rows);
        assertThat(t.shape()).containsExactly(2, 3);
        assertThat(Tensors.rows(t)).isDeepEqualTo(rows);
        assertThat(Tensors.of(new float[0][]).shape()).containsExactly(0, 0);
        assertThatThrownBy(() -> Tensors.of(new float[][] {{1, 2}, {3}}))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("Tensors: need rows of length 2, got 1 in row 1");
        assertThatThrownBy(() -> Tensors.rows(Tensors.of(1L))).hasMessage("Tensors.rows: expected [any, any], got [1]");
    }

    @Test
    void emptyTensorsKeepTheirShape() {
        assertThat(Tensors.of(new double[0], 0, 7).shape()).containsExactly(0, 7);
        assertThat(Tensors.of(new float[0], 3, 0).shape()).containsExactly(3, 0);
        assertThat(Tensors.of(new long[0]).shape()).containsExactly(0);
        assertThat(Tensors.doubles(Tensors.of(new double[0], 0, 7))).isEmpty();
        assertThat(Tensors.floats(Tensors.of(new float[0], 0))).isEmpty();
        assertThat(Tensors.longs(Tensors.of(new long[0]))).isEmpty();
        assertThat(Tensors.doubles(Tensors.rowNorm(Tensors.of(new double[0], 3, 0))))
                .containsExactly(0, 0, 0);
        assertThat(Tensors.doubles(Tensors.rowNorm(Tensors.of(new double[0], 0, 3))))
                .isEmpty();
    }

    @Test
    void countAndShapeMustAgree() {
        assertThatThrownBy(() -> Tensors.of(new double[5], 2, 3))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("Tensors: need 6 values for shape [2, 3], got 5");
        assertThatThrownBy(() -> Tensors.of(new float[0])).hasMessage("Tensors: need 1 values for shape [], got 0");
        assertThatThrownBy(() -> Tensors.of(new double[1], Long.MAX_VALUE, 2))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> Tensors.of(new double[1], -1)).hasMessage("Tensors: need sizes >= 0, got shape [-1]");
    }

    @Test
    void scalarTakesTheTypeOfTheOther() {
        Tensor half = Tensors.scalar(0.5);
        assertThat(half.shape()).isEmpty();
        assertThat(half.item_double()).isEqualTo(0.5);
        assertThat(Tensors.type(Tensors.of(new float[] {1, 2}, 2).mul(half))).isSameAs(ScalarType.Float);
        assertThat(Tensors.type(Tensors.of(new double[] {1, 2}, 2).mul(half))).isSameAs(ScalarType.Double);
    }

    @Test
    void rowNormIsTheEuclideanOneOfEachRow() {
        double[] values = {3, 4, 0, 0, 1, 1};
        assertThat(Tensors.doubles(Tensors.rowNorm(Tensors.of(values, 3, 2))))
                .containsExactly(new double[] {5, 0, Math.sqrt(2)}, within(ROUNDING));
        assertThat(Tensors.doubles(Tensors.rowNorm(Tensors.of(values, 1, 3, 2))))
                .containsExactly(new double[] {Math.sqrt(27)}, within(ROUNDING * 10));
        assertThat(Tensors.doubles(Tensors.rowNorm(Tensors.of(values, 6)))).containsExactly(values);
        Tensor spoilt = Tensors.of(new double[] {3, 4, Double.NaN, 0}, 2, 2);
        assertThat(Tensors.doubles(Tensors.rowNorm(spoilt))).containsExactly(5, Double.NaN);
    }

    @Test
    void imagesKeepTheirChannelsSideBySide() {
        double[] values = new double[4 * 3 * 2 * 5];
        Arrays.setAll(values, i -> i % 7 - 3);
        Tensor planes = Tensors.of(values, 4, 3, 2, 5);
        Tensor beside = planes.contiguous(torch.MemoryFormat.ChannelsLast);
        assertThat(Tensors.doubles(Tensors.rowNorm(beside)))
                .containsExactly(Tensors.doubles(Tensors.rowNorm(planes)), within(1e-6));
        Tensor rows = Tensors.of(new long[] {2, 0});
        Tensor chosen = Tensors.select(beside, rows);
        assertThat(Tensors.doubles(chosen)).isEqualTo(Tensors.doubles(planes.index_select(0, rows)));
        assertThat(chosen.is_contiguous(torch.MemoryFormat.ChannelsLast)).isTrue();
        // What it is for: selecting as usual gives planes.
        assertThat(beside.index_select(0, rows).is_contiguous(torch.MemoryFormat.ChannelsLast))
                .isFalse();
        assertThat(Tensors.select(planes, rows).is_contiguous()).isTrue();
    }

    @Test
    void shapeMessagesSayExpectedAndGot() {
        Tensor z = Tensors.zeros(ScalarType.Float, 32, 99);
        assertThatThrownBy(() -> Tensors.check("z", z, 32, 100))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("z: expected [32, 100], got [32, 99]");
        assertThatThrownBy(() -> Tensors.check("z", z, -1, 100)).hasMessage("z: expected [any, 100], got [32, 99]");
        assertThatThrownBy(() -> Tensors.check("z", z, 32)).hasMessage("z: expected [32], got [32, 99]");
        assertThatThrownBy(() -> Tensors.check("z", z)).hasMessage("z: expected [], got [32, 99]");
        Tensors.check("z", z, 32, 99);
        Tensors.check("z", z, -1, -1);
    }
}
