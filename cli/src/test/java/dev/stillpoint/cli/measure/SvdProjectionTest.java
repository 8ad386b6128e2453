package dev.stillpoint.cli.measure;

import static org.assertj.core.api.Assertions.assertThat;

import dev.stillpoint.set.AffineSet;
import dev.stillpoint.tensor.TensorScope;
import dev.stillpoint.tensor.Tensors;
import dev.stillpoint.zoo.paths.Grid;
import java.util.Random;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch.ScalarType;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The dense factors, by decomposition and in closed form, project onto the flows. */
class SvdProjectionTest {
    private static final int ROWS = 7;

    /**
     * Entries of the order of one, in float32: products of up to 242 numbers round by some 20 units of 6e-8, and the smallest
     * singular value in use, 2 sin(pi/22) = 0.28, makes at most four times as much of it.
     */
    private static final double ROUNDING = 1e-5;

    @ParameterizedTest
    @ValueSource(ints = {2, 3, 5, 8, 11})
    void closedFormAndDecompositionProjectAsTheExactSetDoes(int k) {
        try (TensorScope scope = TensorScope.open()) {
            Grid grid = new Grid(k);
            assertThat(error(grid, SvdProjection.decomposed(grid))).isLessThan(ROUNDING);
            assertThat(error(grid, SvdProjection.closedForm(grid))).isLessThan(ROUNDING);
        }
    }

    @Test
    void wrongFactorsAreSeen() {
        try (TensorScope scope = TensorScope.open()) {
            Grid grid = new Grid(5);
            SvdProjection right = SvdProjection.closedForm(grid);
            SvdProjection otherOrder = new SvdProjection(
                    right.a(), right.minusB(), right.u(), right.v().flip(1));
            SvdProjection otherFlow =
                    new SvdProjection(right.a(), right.minusB().neg(), right.u(), right.v());
            SvdProjection scaledTwice =
                    new SvdProjection(right.a(), right.minusB(), right.u().mul(new Scalar(1.001)), right.v());
            assertThat(error(grid, otherOrder)).isGreaterThan(ROUNDING);
            assertThat(error(grid, otherFlow)).isGreaterThan(ROUNDING);
            assertThat(error(grid, scaledTwice)).isGreaterThan(ROUNDING);
        }
    }

    @Test
    void sizesOfTheLargestGridAreKnownBeforehand() {
        Grid grid = new Grid(3);
        try (TensorScope scope = TensorScope.open()) {
            SvdProjection factors = SvdProjection.closedForm(grid);
            long numbers = factors.a().numel()
                    + factors.minusB().numel()
                    + factors.u().numel()
                    + factors.v().numel();
            assertThat(SvdProjection.bytes(grid)).isEqualTo(4 * numbers);
        }
        // 10,000 x 19,800 twice and 10,000^2, four bytes each.
        assertThat(SvdProjection.bytes(new Grid(100))).isEqualTo(1_984_040_000L);
    }

    /** The largest difference of an entry to the projection in float64 by the pseudo-inverse. */
    private static double error(Grid grid, SvdProjection factors) {
        Random random = new Random(grid.k());
        double[] values = random.doubles((long) ROWS * grid.arcs(), -1, 2).toArray();
        Tensor z = Tensors.of(values, ROWS, grid.arcs());
        AffineSet<Tensor> flows = AffineSet.of(grid.incidence(), grid.supply());
        Tensor projected = factors.projectInPlace(z.to(ScalarType.Float));
        return flows.project(z, z).sub(projected).abs().max().item_double();
    }
}
