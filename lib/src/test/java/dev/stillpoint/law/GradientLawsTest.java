package dev.stillpoint.law;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.stillpoint.law.PolytopeProblem.Costs;
import dev.stillpoint.operator.Gradient;
import dev.stillpoint.tensor.TensorScope;
import dev.stillpoint.tensor.Tensors;
import java.util.OptionalDouble;
import java.util.function.ToDoubleBiFunction;
import java.util.random.RandomGenerator;
import java.util.stream.Stream;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorVector;
import org.bytedeco.pytorch.global.torch;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** {@link GradientLaws} over the catalogue. */
class GradientLawsTest {
    private static final int BATCH = 4;

    static Stream<Arguments> instances() {
        return Catalogue.GRADIENTS.stream().flatMap(entry -> Stream.of(0, 1, 2, 13, 101)
                .filter(n -> n >= entry.smallest())
                .flatMap(n -> Stream.of(1.0, 1e6).map(scale -> Arguments.of(entry, n, scale))));
    }

    @ParameterizedTest(name = "{0}, n = {1}, scale {2}")
    @MethodSource("instances")
    void holds(Catalogue.GradientEntry entry, int n, double scale) {
        Cases.forSeeds(3, random -> {
            Catalogue.GradientInstance instance = entry.maker().make(n, scale, random);
            check(instance.gradient(), instance.f(), n, instance.width(), scale, random);
        });
    }

    @Test
    void saboteursAreCaught() {
        Catalogue.GradientInstance quadratic = OperatorInstances.quadratic(13, 0.7);
        Gradient<Costs> honest = quadratic.gradient();
        caught("input untouched", quadratic, (x, c) -> x.add_(c.w()));
        caught("context untouched", quadratic, (x, c) -> c.w().detach().add_(x));
        caught("shape kept", quadratic, (x, c) -> honest.at(x, c).unsqueeze(1));
        caught("alone", quadratic, (x, c) -> honest.at(x, c).sub(x.mean(0L)));
        caught("pullback", quadratic, (x, c) -> honest.at(x.detach(), c));
        caught("gradient of f", quadratic, (x, c) -> honest.at(x, c).add(x, new Scalar(1e-5)));
        caught("Lipschitz constant", quadratic, declaring(honest, OptionalDouble.of(0.69), OptionalDouble.empty()));
        caught("strong convexity", quadratic, declaring(honest, OptionalDouble.empty(), OptionalDouble.of(0.71)));
        // Close on random pairs, and wrong in one direction of thirteen alone.
        Gradient<Costs> steep = (x, c) -> honest.at(x, c).add(first(x, 0.07));
        caught("Lipschitz constant", quadratic, declaring(steep, OptionalDouble.of(0.75), OptionalDouble.empty()));
        Gradient<Costs> flat = (x, c) -> honest.at(x, c).sub(first(x, 0.07));
        caught("strong convexity", quadratic, declaring(flat, OptionalDouble.of(0.7), OptionalDouble.of(0.65)));
        // A rotation is monotone and 1-Lipschitz, not cocoercive: projected gradient steps go round for ever.
        Gradient<Costs> rotation =
                (x, c) -> torch.cat(new TensorVector(x.narrow(1, 1, 1).neg(), x.narrow(1, 0, 1)), 1);
        caught(
                "cocoercivity",
                OperatorInstances.quadratic(2, 1),
                declaring(rotation, OptionalDouble.of(1), OptionalDouble.empty()),
                2);
        check(honest, quadratic.f(), 13, 13, 1, Cases.random(0));
    }

    /** (s·x₁, 0, …, 0). */
    private static Tensor first(Tensor x, double s) {
        Tensor rest = x.narrow(1, 1, x.size(1) - 1).mul(new Scalar(0.0));
        return torch.cat(new TensorVector(x.narrow(1, 0, 1).mul(new Scalar(s)), rest), 1);
    }

    private static void caught(String law, Catalogue.GradientInstance honest, Gradient<Costs> saboteur) {
        caught(law, honest, saboteur, 13);
    }

    private static void caught(String law, Catalogue.GradientInstance honest, Gradient<Costs> saboteur, int n) {
        assertThatThrownBy(() -> check(saboteur, honest.f(), n, n, 1, Cases.random(0)))
                .as(law)
                .isInstanceOf(AssertionError.class)
                .hasMessageContaining(law);
    }

    private static void check(
            Gradient<Costs> gradient,
            ToDoubleBiFunction<double[], double[]> f,
            int n,
            int width,
            double scale,
            RandomGenerator random) {
        try (TensorScope scope = TensorScope.open()) {
            Tensor x = Tensors.of(Cases.normal(random, BATCH * n, scale), BATCH, n);
            Tensor w = Tensors.of(Cases.normal(random, BATCH * width, scale), BATCH, width);
            GradientLaws.check(gradient, Costs::new, x, w, random);
            GradientLaws.checkFunction(gradient, f, Costs::new, x, w, random);
        }
    }

    private static Gradient<Costs> declaring(Gradient<Costs> inner, OptionalDouble lipschitz, OptionalDouble strong) {
        return new Gradient<>() {
            @Override
            public Tensor at(Tensor x, Costs c) {
                return inner.at(x, c);
            }

            @Override
            public OptionalDouble lipschitz() {
                return lipschitz;
            }

            @Override
            public OptionalDouble strongConvexity() {
                return strong;
            }
        };
    }
}
