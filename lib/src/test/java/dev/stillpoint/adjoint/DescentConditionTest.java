package dev.stillpoint.adjoint;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.stillpoint.law.Cases;
import dev.stillpoint.tensor.TensorScope;
import dev.stillpoint.tensor.Tensors;
import java.util.List;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;
import org.bytedeco.pytorch.global.torch.ScalarType;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** {@link DescentCondition}. */
class DescentConditionTest {
    /** y = Aθ + B sin φ: Mᵀ = [A, B cos φ], whose singular values are known to another algorithm. */
    @ParameterizedTest
    @EnumSource(names = {"Float", "Double"})
    void isTheSquareOfTheSingularValuesRatio(ScalarType type) {
        try (TensorScope scope = TensorScope.open()) {
            Tensor a = random(0, 6, 4).to(type);
            Tensor b = random(1, 6, 5).to(type);
            Tensor theta = random(2, 4).to(type).requires_grad_(true);
            Tensor phi = random(3, 5).to(type).requires_grad_(true);
            Tensor y = a.matmul(theta).add(b.matmul(phi.sin()));
            DescentCondition found = DescentCondition.of(y, List.of(theta, phi));
            Tensor both = torch.cat(
                    new org.bytedeco.pytorch.TensorVector(a, b.mul(phi.detach().cos())), 1);
            double[] singular = Tensors.doubles(torch.linalg_svdvals(both.to(ScalarType.Double)));
            // Squares, and float32's seven digits.
            double digits = type == ScalarType.Float ? 1e-4 : 1e-10;
            assertThat(found.most()).isCloseTo(Math.pow(singular[0], 2), within(digits * found.most()));
            assertThat(found.least()).isCloseTo(Math.pow(singular[5], 2), within(digits * found.most()));
            assertThat(found.holds(1 / (1.01 * found.condition()))).isTrue();
            assertThat(found.holds(1 / (0.99 * found.condition()))).isFalse();
        }
    }

    @Test
    void isInfiniteWithoutFullRank() {
        try (TensorScope scope = TensorScope.open()) {
            Tensor theta = random(0, 3).requires_grad_(true);
            // More numbers than weights; and a number that depends on none.
            assertThat(DescentCondition.of(random(1, 4, 3).matmul(theta), List.of(theta))
                            .condition())
                    .isInfinite();
            Tensor y = theta.mul(Tensors.of(new double[] {1, 1, 0}, 3));
            assertThat(DescentCondition.of(y, List.of(theta)).condition()).isInfinite();
        }
    }

    @Test
    void blocksTogetherHaveTheExtremesOfBoth() {
        try (TensorScope scope = TensorScope.open()) {
            Tensor theta = random(0, 2).requires_grad_(true);
            DescentCondition small = DescentCondition.of(theta.mul(new Scalar(1.0)), List.of(theta));
            DescentCondition large = DescentCondition.of(theta.mul(new Scalar(3.0)), List.of(theta));
            assertThat(small.condition()).isEqualTo(1);
            assertThat(small.and(large).condition()).isCloseTo(9, within(1e-9));
        }
    }

    @Test
    void refusesNothingToMeasure() {
        try (TensorScope scope = TensorScope.open()) {
            assertThatThrownBy(() -> DescentCondition.of(random(0, 2), List.of()))
                    .hasMessage("DescentCondition: need numbers in y and weights, got 2 and 0");
        }
    }

    private static Tensor random(long seed, long... shape) {
        int count = 1;
        for (long s : shape) {
            count *= (int) s;
        }
        return Tensors.of(Cases.normal(Cases.random(seed), count, 1), shape);
    }
}
