package dev.stillpoint.law;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.stillpoint.law.Catalogue.OperatorInstance;
import dev.stillpoint.law.PolytopeProblem.Costs;
import dev.stillpoint.operator.Coupling;
import dev.stillpoint.operator.Operator;
import dev.stillpoint.operator.ProjectedGradient;
import dev.stillpoint.operator.Quadratic;
import dev.stillpoint.set.ConvexSet;
import dev.stillpoint.set.NonNegative;
import dev.stillpoint.set.Simplex;
import dev.stillpoint.tensor.TensorScope;
import dev.stillpoint.tensor.Tensors;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.function.BinaryOperator;
import java.util.random.RandomGenerator;
import java.util.stream.Stream;
import org.bytedeco.pytorch.AutoGradMode;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch.ScalarType;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** {@link OperatorLaws} over the catalogue. */
class OperatorLawsTest {
    /** ojAlgo stops near 1e-9. */
    private static final double SAME_SOLUTION = 1e-6;

    private static final int BATCH = 4;
    /** The independent solver takes a second for a large one. */
    private static final int SOLVED = 2;

    static Stream<Arguments> instances() {
        return Catalogue.OPERATORS.stream().flatMap(entry -> Stream.of(0, 1, 2, 13, 101)
                .filter(n -> n >= entry.smallest())
                .flatMap(n -> Stream.of(1.0, 1e6).map(scale -> Arguments.of(entry, n, scale))));
    }

    @ParameterizedTest(name = "{0}, n = {1}, scale {2}")
    @MethodSource("instances")
    void holds(Catalogue.OperatorEntry entry, int n, double scale) {
        Cases.forSeeds(n > 100 ? 1 : 2, random -> check(entry.maker().make(n, scale, random), n, scale, random));
    }

    @Test
    void dependentRowsDoNoHarm() {
        PolytopeProblem grid = PolytopeProblem.grid(5, 0.5, 0.5);
        Cases.forSeeds(
                2,
                random -> check(
                        new OperatorInstance(grid.operator(), grid.n(), grid::independentSolution),
                        grid.n(),
                        0.3,
                        random));
    }

    /** What a stranger's may be: iterates that are images, a context of another shape, and a curved map. */
    @Test
    void imagesAndCurves() {
        Operator<Costs> curved =
                new Wrapped((z, c) ->
                        z.tanh().mul(new Scalar(0.5)).add(c.w().unsqueeze(2).unsqueeze(3))) {
                    @Override
                    public OptionalDouble contractionFactor() {
                        return OptionalDouble.of(0.5);
                    }
                };
        RandomGenerator random = Cases.random(0);
        try (TensorScope scope = TensorScope.open()) {
            Tensor z = Tensors.of(Cases.normal(random, BATCH * 3 * 2 * 5, 1), BATCH, 3, 2, 5);
            Tensor w = Tensors.of(Cases.normal(random, BATCH * 3, 1), BATCH, 3);
            OperatorLaws.check(curved, Costs::new, z, w, random);
        }
    }

    /** Maps that break the law that they are named after, and no law before it. */
    @Test
    void saboteursAreCaught() {
        Operator<Costs> honest = projected(0.5);
        Map<String, Operator<Costs>> saboteurs = new LinkedHashMap<>();
        saboteurs.put("input untouched", (z, c) -> z.copy_(honest.apply(z, c)));
        saboteurs.put("context untouched", (z, c) -> {
            Tensor tz = honest.apply(z, c);
            c.w().detach().add_(new Scalar(1.0));
            return tz;
        });
        saboteurs.put("taped with the tape off", (z, c) -> {
            try (AutoGradMode on = new AutoGradMode(true)) {
                return honest.apply(z.detach().requires_grad_(true), c);
            }
        });
        saboteurs.put("precision kept", (z, c) -> honest.apply(z, c).to(ScalarType.Double));
        saboteurs.put("shape kept", (z, c) -> honest.apply(z, c).unsqueeze(2));
        saboteurs.put("finite", (z, c) -> honest.apply(z, c).log());
        saboteurs.put("the same when asked again", new Operator<>() {
            private int calls;

            @Override
            public Tensor apply(Tensor z, Costs c) {
                return honest.apply(z, c).add(new Scalar(1e-9 * calls++));
            }
        });
        saboteurs.put("same value on the tape", (z, c) -> {
            Tensor tz = honest.apply(z, c);
            return tz.requires_grad() ? tz.add(new Scalar(1e-9)) : tz;
        });
        saboteurs.put("alone", (z, c) -> honest.apply(z.sub(z.mean(0L)), c));
        saboteurs.put("float32 agrees with float64", (z, c) -> honest.apply(z, c)
                .add(new Scalar(Tensors.type(z) == ScalarType.Float ? 1e-2 : 0)));
        // A gradient for the context, and none for z; and the other way round.
        saboteurs.put("pullback", (z, c) -> honest.apply(z.detach(), c));
        saboteurs.put("pullback ", (z, c) -> honest.apply(z, new Costs(c.w().detach())));
        saboteurs.put("contraction factor", declaring(0.74, OptionalDouble.empty()));
        saboteurs.put("contraction factor ", declaring(1, OptionalDouble.empty()));
        // 1 − 0.5·0.5 = 0.75 and γα = 0.25: the true constant is 2/(4 − 0.25).
        saboteurs.put("averagedness", projected(0.5, OptionalDouble.of(0.99 * 0.125)));
        saboteurs.put("averagedness ", projected(0.5, OptionalDouble.of(1)));
        saboteurs.forEach((law, saboteur) -> assertThatThrownBy(() -> laws(saboteur, 13, 13, 1, Cases.random(0)))
                .as(law)
                .isInstanceOf(AssertionError.class)
                .hasMessageContaining(law.strip()));
        // S is held to the same, but for the shape.
        BinaryOperator<Tensor> oneRow = (z, w) -> z.narrow(0, 0, 1);
        BinaryOperator<Tensor> inPlace = Tensor::sub_;
        Map.of("a row a sample", oneRow, "input untouched", inPlace)
                .forEach((law, solution) -> assertThatThrownBy(() -> laws(
                                new Wrapped(honest) {
                                    @Override
                                    public Tensor solution(Tensor z, Costs c) {
                                        return solution.apply(z, c.w());
                                    }
                                },
                                13,
                                13,
                                1,
                                Cases.random(0)))
                        .as(law)
                        .hasMessageContaining(law));
        laws(honest, 13, 13, 1, Cases.random(0));
        // What couples samples must say so.
        Operator<Costs> coupled = new Wrapped((z, c) -> honest.apply(z.sub(z.mean(0L)), c)) {
            @Override
            public Coupling coupling() {
                return Coupling.BATCH;
            }
        };
        assertThatThrownBy(() -> laws(coupled, 13, 13, 1, Cases.random(0))).hasMessageContaining("pullback");
    }

    @Test
    void wrongSolutionsAreCaught() {
        OperatorInstance honest = OperatorInstances.nonNegative(13, 1, Cases.random(0));
        // Half the curvature: feasible, sparse and convergent.
        assertThatThrownBy(() ->
                        solves(new OperatorInstance(projected(0.25), 13, honest.solution()), 13, 1, Cases.random(0)))
                .isInstanceOf(AssertionError.class)
                .hasMessageContaining("fixed point is the solution");
        // Constrains more than it keeps to.
        Operator<Costs> unkept = new Wrapped(honest.operator()) {
            @Override
            public List<ConvexSet<Costs>> constraints() {
                return List.of(Simplex.of(1));
            }
        };
        assertThatThrownBy(() -> solves(new OperatorInstance(unkept, 13, honest.solution()), 13, 1, Cases.random(0)))
                .hasMessageContaining("meets the constraints");
        solves(honest, 13, 1, Cases.random(0));
    }

    private static void check(OperatorInstance instance, int n, double scale, RandomGenerator random) {
        laws(instance.operator(), n, instance.width(), scale, random);
        solves(instance, n, scale, random);
    }

    private static void laws(Operator<Costs> t, int n, int width, double scale, RandomGenerator random) {
        try (TensorScope scope = TensorScope.open()) {
            Tensor z = Tensors.of(Cases.normal(random, BATCH * n, scale), BATCH, n);
            Tensor w = Tensors.of(Cases.normal(random, BATCH * width, scale), BATCH, width);
            OperatorLaws.check(t, Costs::new, z, w, random);
        }
    }

    private static void solves(OperatorInstance instance, int n, double scale, RandomGenerator random) {
        try (TensorScope scope = TensorScope.open()) {
            int width = instance.width();
            Tensor z = Tensors.zeros(ScalarType.Double, SOLVED, n);
            Tensor w = Tensors.of(Cases.normal(random, SOLVED * width, scale), SOLVED, width);
            OperatorLaws.checkSolution(
                    instance.operator(), Costs::new, z, w, instance.solution(), SAME_SOLUTION * scale);
        }
    }

    /** γ = 0.5 and α = 0.5 where not told otherwise: a contraction by 0.75. */
    private static Operator<Costs> projected(double gamma) {
        return new ProjectedGradient<>(new Quadratic<>(Costs::w, gamma), new NonNegative<>(), 0.5);
    }

    private static Operator<Costs> declaring(double contractionFactor, OptionalDouble averagedness) {
        return new Wrapped(projected(0.5)) {
            @Override
            public OptionalDouble contractionFactor() {
                return OptionalDouble.of(contractionFactor);
            }

            @Override
            public OptionalDouble averagedness() {
                return averagedness;
            }
        };
    }

    private static Operator<Costs> projected(double gamma, OptionalDouble averagedness) {
        return new Wrapped(projected(gamma)) {
            @Override
            public OptionalDouble averagedness() {
                return averagedness;
            }
        };
    }

    /** An operator that declares nothing but its map. */
    private static class Wrapped implements Operator<Costs> {
        private final Operator<Costs> inner;

        Wrapped(Operator<Costs> inner) {
            this.inner = inner;
        }

        @Override
        public Tensor apply(Tensor z, Costs c) {
            return inner.apply(z, c);
        }

        @Override
        public Tensor solution(Tensor z, Costs c) {
            return inner.solution(z, c);
        }
    }
}
