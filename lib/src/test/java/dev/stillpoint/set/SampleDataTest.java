package dev.stillpoint.set;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.stillpoint.law.Cases;
import dev.stillpoint.law.Pullbacks;
import dev.stillpoint.tensor.TensorScope;
import dev.stillpoint.tensor.Tensors;
import java.util.Arrays;
import java.util.List;
import java.util.function.Function;
import java.util.random.RandomGenerator;
import java.util.stream.Stream;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Data read from the context: each sample gets what its own data would give it alone, and gradients reach them. */
class SampleDataTest {
    /** Rounding: sums may be taken in another order for another batch. */
    private static final double ROUNDING = 1e-12;
    /** Central differences with h = 1e-6: rounding over h. */
    private static final double DIFFERENCE = 1e-6;

    private static final int N = 7;
    private static final int BATCH = 5;
    private static final double STEP = 0.3;

    /** A vector, [batch, n], and a positive number, [batch, 1], a sample. */
    private record Data(Tensor vector, Tensor number) {}

    /** A map that reads its data, and the one that has those of a single sample. */
    private record Entry(String name, Proximal<Data> reading, Fixed fixed) {
        @Override
        public String toString() {
            return name;
        }
    }

    private interface Fixed {
        Proximal<Data> of(double[] vector, double number);
    }

    static Stream<Entry> entries() {
        double[] v = Cases.normal(Cases.random(7), N, 1);
        Function<Data, Tensor> vector = Data::vector;
        Function<Data, Tensor> number = Data::number;
        return Stream.of(
                new Entry("Simplex", Simplex.of(number), (q, r) -> Simplex.of(r)),
                new Entry("Ball, radius", Ball.of(v, number), (q, r) -> Ball.of(v, r)),
                new Entry("Ball, centre", Ball.of(vector, 1.2), (q, r) -> Ball.of(q, 1.2)),
                new Entry("Ball", Ball.of(vector, number), (q, r) -> Ball.of(q, r)),
                new Entry("Halfspace, b", Halfspace.of(v, number), (q, r) -> Halfspace.of(v, r)),
                new Entry("Halfspace", Halfspace.of(vector, number), (q, r) -> Halfspace.of(q, r)),
                new Entry("Hyperplane, b", Hyperplane.of(v, number), (q, r) -> Hyperplane.of(v, r)),
                new Entry("Hyperplane", Hyperplane.of(vector, number), (q, r) -> Hyperplane.of(q, r)),
                new Entry(
                        "Box",
                        Box.of(vector, d -> d.vector().add(d.number())),
                        (q, r) -> Box.of(q, Arrays.stream(q).map(l -> l + r).toArray())),
                new Entry(
                        "Product",
                        new Product<>(List.of(
                                new Product.Factor<>(Simplex.of(number), 3),
                                new Product.Factor<>(new NonNegative<>(), N - 3))),
                        (q, r) -> new Product<>(List.of(
                                new Product.Factor<>(Simplex.of(r), 3),
                                new Product.Factor<>(new NonNegative<>(), N - 3)))),
                new Entry(
                        "Intersection",
                        tight(Ball.of(vector, 1.2), Simplex.of(number)),
                        (q, r) -> tight(Ball.of(q, 1.2), Simplex.of(r))),
                new Entry("L1Norm", L1Norm.of(number), (q, r) -> L1Norm.of(r)),
                new Entry(
                        "SquaredDistance, centre",
                        SquaredDistance.of(1.2, vector),
                        (q, r) -> SquaredDistance.of(1.2, q)),
                new Entry("SquaredDistance", SquaredDistance.of(number, vector), (q, r) -> SquaredDistance.of(r, q)));
    }

    @ParameterizedTest
    @MethodSource("entries")
    void eachSampleIsAsIfAlone(Entry entry) {
        Cases.forSeeds(5, random -> alone(entry.reading(), entry.fixed(), random));
    }

    @ParameterizedTest
    @MethodSource("entries")
    void gradientsReachTheData(Entry entry) {
        Cases.forSeeds(3, random -> gradients(entry.reading(), random));
    }

    @Test
    void saboteursAreCaught() {
        // The first sample's radius for all.
        Ball<Data> first = Ball.of(
                Data::vector, d -> d.number().narrow(0, 0, 1).expand(d.number().shape()));
        assertThatThrownBy(() -> alone(first, (q, r) -> Ball.of(q, r), Cases.random(0)))
                .isInstanceOf(AssertionError.class)
                .hasMessageContaining("prox of sample");
        Ball<Data> cut = Ball.of(d -> d.vector().detach(), d -> d.number().detach());
        assertThatThrownBy(() -> gradients(cut, Cases.random(0)))
                .isInstanceOf(AssertionError.class)
                .hasMessageContaining("pullback");
    }

    /** What is no set makes NaN of its own row, in the projection and the violation, and of no other. */
    @Test
    void badSamplesAreNotFiniteAndHarmNoOther() {
        List<ConvexSet<Data>> sets = List.of(
                Simplex.of(Data::number),
                Ball.of(Data::vector, Data::number),
                Halfspace.of(d -> d.vector().mul(d.number().relu()), Data::number),
                Hyperplane.of(d -> d.vector().mul(d.number().relu()), Data::number),
                Box.of(Data::vector, d -> d.vector().add(d.number())));
        List<Proximal<Data>> functions =
                List.of(L1Norm.of(Data::number), SquaredDistance.of(Data::number, Data::vector));
        try (TensorScope scope = TensorScope.open()) {
            for (double bad : List.of(-1.0, Double.NaN)) {
                Data data = new Data(
                        Tensors.of(Cases.normal(Cases.random(1), 3 * N, 1), 3, N),
                        Tensors.of(new double[] {1, bad, 2}, 3, 1));
                Tensor x = Tensors.of(Cases.normal(Cases.random(2), 3 * N, 3), 3, N);
                for (ConvexSet<Data> set : sets) {
                    assertOnlyTheMiddleIsNan(set.project(x, data).sum(1));
                    assertOnlyTheMiddleIsNan(set.violation(x, data));
                    Intersection<Data> both =
                            Intersection.of(List.of(set, Box.of(d -> d.vector().sub(new Scalar(9.0)), d -> d.vector()
                                    .add(new Scalar(9.0)))));
                    assertOnlyTheMiddleIsNan(
                            both.withMaxSweeps(50).project(x, data).sum(1));
                }
                for (Proximal<Data> function : functions) {
                    assertOnlyTheMiddleIsNan(
                            function.prox(x, Tensors.scalar(STEP), data).sum(1));
                }
            }
        }
    }

    @Test
    void shapesOfTheDataAreChecked() {
        try (TensorScope scope = TensorScope.open()) {
            Tensor x = Tensors.of(new double[6], 2, 3);
            Data data = new Data(Tensors.of(new double[8], 2, 4), Tensors.of(new double[3], 3, 1));
            assertThatThrownBy(() -> Simplex.<Data>of(Data::number).project(x, data))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessage("Simplex: sum: expected [2, 1], got [3, 1]");
            assertThatThrownBy(() -> Ball.<Data>of(Data::vector, 1).project(x, data))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessage("Ball: centre: expected [2, 3], got [2, 4]");
        }
    }

    private static void assertOnlyTheMiddleIsNan(Tensor rows) {
        double[] values = Tensors.doubles(rows);
        assertThat(values[0]).isFinite();
        assertThat(values[1]).isNaN();
        assertThat(values[2]).isFinite();
    }

    private static void alone(Proximal<Data> reading, Fixed fixed, RandomGenerator random) {
        try (TensorScope scope = TensorScope.open()) {
            Data data = data(random);
            Tensor x = Tensors.of(Cases.normal(random, BATCH * N, 2), BATCH, N);
            Tensor alpha = Tensors.scalar(STEP);
            Tensor together = reading.prox(x, alpha, data);
            for (int i = 0; i < BATCH; i++) {
                Tensor row = x.narrow(0, i, 1);
                Proximal<Data> own =
                        fixed.of(Tensors.doubles(data.vector().narrow(0, i, 1)), Tensors.doubles(data.number())[i]);
                assertThat(Tensors.doubles(together.narrow(0, i, 1)))
                        .as("prox of sample " + i)
                        .containsExactly(Tensors.doubles(own.prox(row, alpha, data)), within(ROUNDING));
                if (reading instanceof ConvexSet<Data> set && own instanceof ConvexSet<Data> ownSet) {
                    assertThat(Tensors.doubles(set.violation(x, data))[i])
                            .as("violation of sample " + i)
                            .isCloseTo(Tensors.doubles(ownSet.violation(row, data))[0], within(ROUNDING));
                }
            }
        }
    }

    private static void gradients(Proximal<Data> map, RandomGenerator random) {
        try (TensorScope scope = TensorScope.open()) {
            Data data = data(random);
            Tensor x = Tensors.of(Cases.normal(random, BATCH * N, 2), BATCH, N);
            Tensor alpha = Tensors.scalar(STEP);
            Pullbacks.check(
                    v -> map.prox(x, alpha, new Data(v, data.number())), data.vector(), 1e-6, DIFFERENCE, random);
            Pullbacks.check(
                    r -> map.prox(x, alpha, new Data(data.vector(), r)), data.number(), 1e-6, DIFFERENCE, random);
            Pullbacks.check(y -> map.prox(y, alpha, data), x, 1e-6, DIFFERENCE, random);
        }
    }

    private static Data data(RandomGenerator random) {
        double[] numbers = random.doubles(BATCH, 1, 3).toArray();
        // Small vectors of positive sum: a ball around one meets each simplex.
        double[] vectors = Arrays.stream(Cases.normal(random, BATCH * N, 0.2))
                .map(v -> v + 0.25)
                .toArray();
        return new Data(Tensors.of(vectors, BATCH, N), Tensors.of(numbers, BATCH, 1));
    }

    private static Intersection<Data> tight(ConvexSet<Data> first, ConvexSet<Data> second) {
        return Intersection.<Data>of(List.of(first, second))
                .withTolerance(1e-15)
                .withMaxSweeps(100_000);
    }
}
