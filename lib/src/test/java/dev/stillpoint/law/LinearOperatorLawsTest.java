package dev.stillpoint.law;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.stillpoint.law.PolytopeProblem.Costs;
import dev.stillpoint.operator.LinearOperator;
import dev.stillpoint.operator.Matrix;
import dev.stillpoint.tensor.TensorScope;
import dev.stillpoint.tensor.Tensors;
import java.util.OptionalDouble;
import java.util.function.BinaryOperator;
import java.util.random.RandomGenerator;
import java.util.stream.Stream;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorVector;
import org.bytedeco.pytorch.global.torch;
import org.bytedeco.pytorch.global.torch.ScalarType;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** {@link LinearOperatorLaws} over the catalogue. */
class LinearOperatorLawsTest {
    private static final int BATCH = 4;
    private static final int N = 13;

    static Stream<Arguments> instances() {
        return Catalogue.LINEAR_OPERATORS.stream().flatMap(entry -> Stream.of(0, 1, 2, 13, 101)
                .filter(n -> n >= entry.smallest())
                .flatMap(n -> Stream.of(1.0, 1e6).map(scale -> Arguments.of(entry, n, scale))));
    }

    @ParameterizedTest(name = "{0}, n = {1}, scale {2}")
    @MethodSource("instances")
    void holds(Catalogue.LinearOperatorEntry entry, int n, double scale) {
        Cases.forSeeds(2, random -> {
            Catalogue.LinearOperatorInstance instance = entry.maker().make(n, scale, random);
            check(instance.operator(), n, random);
            try (TensorScope scope = TensorScope.open()) {
                Tensor x = Tensors.of(Cases.normal(random, BATCH * n, 1), BATCH, n);
                LinearOperatorLaws.checkMatrix(instance.operator(), instance.matrix(), x, new Costs(x));
            }
        });
    }

    /** What a stranger's may be: images in, numbers of the context in A. */
    @Test
    void imagesAndSamplesOwnMatrices() {
        LinearOperator<Costs> differences = operator(
                (x, c) -> x.narrow(3, 1, 4)
                        .sub(x.narrow(3, 0, 4))
                        .mul(c.unsqueeze(2).unsqueeze(3)),
                (y, c) -> {
                    Tensor scaled = y.mul(c.unsqueeze(2).unsqueeze(3));
                    Tensor none = scaled.narrow(3, 0, 1).mul(new Scalar(0.0));
                    return joined(none, scaled).sub(joined(scaled, none));
                });
        RandomGenerator random = Cases.random(0);
        try (TensorScope scope = TensorScope.open()) {
            Tensor x = Tensors.of(Cases.normal(random, BATCH * 3 * 2 * 5, 1), BATCH, 3, 2, 5);
            Tensor w = Tensors.of(Cases.normal(random, BATCH * 3, 1), BATCH, 3);
            LinearOperatorLaws.check(differences, Costs::new, x, w, random);
        }
    }

    @Test
    void saboteursAreCaught() {
        double[][] square = OperatorInstances.normal(N, N, 1, Cases.random(5));
        Matrix<Costs> a = Matrix.of(square);
        BinaryOperator<Tensor> apply = (x, c) -> a.apply(x, new Costs(c));
        BinaryOperator<Tensor> adjoint = (y, c) -> a.adjoint(y, new Costs(c));
        // Drops the transpose: the shapes are right.
        caught("adjoint", operator(apply, apply));
        caught("adjoint has x's shape", operator(apply, (y, c) -> adjoint.apply(y, c)
                .unsqueeze(1)));
        caught("linear", operator((x, c) -> apply.apply(x, c).add(new Scalar(1e-6)), adjoint));
        caught("linear", operator((x, c) -> apply.apply(x.abs(), c), adjoint));
        caught("adjoint is linear", operator(apply, (y, c) -> adjoint.apply(y, c)
                .add(new Scalar(1e-6))));
        caught("input untouched", operator((x, c) -> x.mul_(new Scalar(2.0)), adjoint));
        caught("precision kept", operator((x, c) -> apply.apply(x, c).to(ScalarType.Double), adjoint));
        caught("alone", operator((x, c) -> apply.apply(x.sub(x.mean(0L)), c), adjoint));
        caught("pullback", operator((x, c) -> apply.apply(x.detach(), c), adjoint));
        double norm = a.norm().orElseThrow();
        double least = a.lowerBound().orElseThrow();
        caught("declared norm", declaring(a, OptionalDouble.of(norm * (1 - 1e-9)), OptionalDouble.empty()));
        caught("declared lower bound", declaring(a, OptionalDouble.empty(), OptionalDouble.of(least * (1 + 1e-6))));
        check(declaring(a, OptionalDouble.of(norm * 2), OptionalDouble.of(least / 2)), N, Cases.random(0));

        // The transpose is linear and has an adjoint and the same norm: only the numbers tell.
        LinearOperator<Costs> transposed = operator(adjoint, apply);
        check(transposed, N, Cases.random(0));
        try (TensorScope scope = TensorScope.open()) {
            Tensor x = Tensors.of(Cases.normal(Cases.random(0), BATCH * N, 1), BATCH, N);
            assertThatThrownBy(() -> LinearOperatorLaws.checkMatrix(transposed, square, x, new Costs(x)))
                    .isInstanceOf(AssertionError.class)
                    .hasMessageContaining("product with the matrix");
        }
    }

    private static Tensor joined(Tensor left, Tensor right) {
        return torch.cat(new TensorVector(left, right), 3);
    }

    private static void caught(String law, LinearOperator<Costs> saboteur) {
        assertThatThrownBy(() -> check(saboteur, N, Cases.random(0)))
                .as(law)
                .isInstanceOf(AssertionError.class)
                .hasMessageContaining(law);
    }

    private static void check(LinearOperator<Costs> a, int n, RandomGenerator random) {
        try (TensorScope scope = TensorScope.open()) {
            Tensor x = Tensors.of(Cases.normal(random, BATCH * n, 1), BATCH, n);
            Tensor w = Tensors.of(Cases.normal(random, BATCH * n, 1), BATCH, n);
            LinearOperatorLaws.check(a, Costs::new, x, w, random);
        }
    }

    private static LinearOperator<Costs> operator(BinaryOperator<Tensor> apply, BinaryOperator<Tensor> adjoint) {
        return new LinearOperator<>() {
            @Override
            public Tensor apply(Tensor x, Costs c) {
                return apply.apply(x, c.w());
            }

            @Override
            public Tensor adjoint(Tensor y, Costs c) {
                return adjoint.apply(y, c.w());
            }
        };
    }

    private static LinearOperator<Costs> declaring(
            LinearOperator<Costs> inner, OptionalDouble norm, OptionalDouble lowerBound) {
        return new LinearOperator<>() {
            @Override
            public Tensor apply(Tensor x, Costs c) {
                return inner.apply(x, c);
            }

            @Override
            public Tensor adjoint(Tensor y, Costs c) {
                return inner.adjoint(y, c);
            }

            @Override
            public OptionalDouble norm() {
                return norm;
            }

            @Override
            public OptionalDouble lowerBound() {
                return lowerBound;
            }
        };
    }
}
