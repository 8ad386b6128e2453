package dev.stillpoint.law;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.stillpoint.law.PolytopeProblem.Costs;
import dev.stillpoint.operator.Operator;
import dev.stillpoint.tensor.TensorScope;
import dev.stillpoint.tensor.Tensors;
import java.util.random.RandomGenerator;
import org.bytedeco.pytorch.NoGradGuard;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch.ScalarType;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What every operator promises beside its fixed point, which {@code DavisYinTest} holds against an independent solver. */
class OperatorLawsTest {
    /** A row of a matrix product changes in its last bits with the batch size: roundings of 60 numbers of size 1. */
    private static double rowRounding(ScalarType type) {
        return type == ScalarType.Float ? 1e-5 : 1e-13;
    }

    @ParameterizedTest
    @EnumSource(
            value = ScalarType.class,
            names = {"Float", "Double"})
    void davisYinKeepsThem(ScalarType type) {
        Cases.forSeeds(3, random -> {
            check(PolytopeProblem.random(random, 20, 60, 0.5, 0.5).operator(), 60, type, random);
            PolytopeProblem grid = PolytopeProblem.grid(5, 0.5, 0.5);
            check(grid.operator(), grid.n(), type, random);
        });
    }

    @Test
    void saboteursAreCaught() {
        PolytopeProblem problem = PolytopeProblem.grid(5, 0.5, 0.5);
        Operator<Costs> honest = problem.operator();
        Operator<Costs> writesIntoZ = (z, c) -> z.sub_(z.sub(honest.apply(z, c)));
        Operator<Costs> writesIntoContext = (z, c) -> {
            Tensor tz = honest.apply(z, c);
            c.w().detach().add_(new Scalar(1.0));
            return tz;
        };
        Operator<Costs> knowsTheTape = (z, c) -> {
            Tensor tz = honest.apply(z, c);
            return tz.requires_grad() ? tz.add(new Scalar(1e-3)) : tz;
        };
        Operator<Costs> mixesSamples = (z, c) -> honest.apply(z.sub(z.mean(0L)), c);
        Operator<Costs> remembers = new Operator<>() {
            private int calls;

            @Override
            public Tensor apply(Tensor z, Costs c) {
                return honest.apply(z, c).add(new Scalar(1e-3 * calls++));
            }
        };
        for (Operator<Costs> saboteur :
                java.util.List.of(writesIntoZ, writesIntoContext, knowsTheTape, mixesSamples, remembers)) {
            assertThatThrownBy(() -> check(saboteur, problem.n(), ScalarType.Double, Cases.random(0)))
                    .isInstanceOf(AssertionError.class);
        }
        check(honest, problem.n(), ScalarType.Double, Cases.random(0));
    }

    private static void check(Operator<Costs> t, int n, ScalarType type, RandomGenerator random) {
        int batch = 5;
        try (TensorScope scope = TensorScope.open()) {
            Tensor z = Tensors.of(Cases.normal(random, batch * n, 1), batch, n).to(type);
            Tensor w = Tensors.of(Cases.normal(random, batch * n, 1), batch, n).to(type);
            double[] zBefore = Tensors.doubles(z);
            double[] wBefore = Tensors.doubles(w);
            double[] off;
            try (NoGradGuard offTape = new NoGradGuard()) {
                Tensor tz = t.apply(z, new Costs(w));
                assertThat(tz.requires_grad()).as("taped with the tape off").isFalse();
                assertThat(Tensors.type(tz)).as("precision").isEqualTo(type);
                assertThat(tz.shape()).as("shape").isEqualTo(z.shape());
                off = Tensors.doubles(tz);
            }
            assertThat(Tensors.doubles(z)).as("z untouched").isEqualTo(zBefore);
            assertThat(Tensors.doubles(w)).as("context untouched").isEqualTo(wBefore);

            Tensor taped = w.detach().clone().requires_grad_(true);
            Tensor onTape = t.apply(z, new Costs(taped));
            assertThat(onTape.requires_grad()).as("taped").isTrue();
            assertThat(Tensors.doubles(onTape)).as("same value on the tape").isEqualTo(off);
            assertThat(Tensors.doubles(z)).as("z untouched on the tape").isEqualTo(zBefore);
            assertThat(Tensors.doubles(taped))
                    .as("context untouched on the tape")
                    .isEqualTo(wBefore);

            for (int i = 0; i < batch; i++) {
                Tensor row = Tensors.of((long) i);
                double[] alone = Tensors.doubles(t.apply(z.index_select(0, row), new Costs(w).select(row)));
                assertThat(Distances.between(alone, Distances.row(off, i, n)))
                        .as("sample " + i + " alone")
                        .isLessThan(rowRounding(type));
            }
        }
    }
}
