package dev.stillpoint.law;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.stillpoint.adjoint.ActiveSet;
import dev.stillpoint.adjoint.Adjoint;
import dev.stillpoint.adjoint.Implicit;
import dev.stillpoint.adjoint.JacobianFree;
import dev.stillpoint.adjoint.Neumann;
import dev.stillpoint.adjoint.Unrolled;
import dev.stillpoint.law.AdjointLaws.Subject;
import dev.stillpoint.law.Catalogue.OperatorInstance;
import dev.stillpoint.law.PolytopeProblem.Costs;
import dev.stillpoint.operator.Operator;
import dev.stillpoint.solver.ConjugateGradientNormal;
import dev.stillpoint.solver.FixedPointLinear;
import dev.stillpoint.solver.FixedPointSolver;
import dev.stillpoint.solver.Gmres;
import dev.stillpoint.solver.LinearSolver;
import dev.stillpoint.solver.StoppingRule;
import dev.stillpoint.tensor.TensorScope;
import dev.stillpoint.tensor.Tensors;
import java.util.List;
import java.util.function.Consumer;
import java.util.random.RandomGenerator;
import java.util.stream.Stream;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch.ScalarType;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** {@link AdjointLaws}: every adjoint of the catalogue on every operator of it. */
class AdjointsOnOperatorsTest {
    /** The solve's and the adjoint's 1e-13 a number, over 1 − q ≥ 1e-3 of the slowest instance. */
    private static final double SAME_GRADIENT = 1e-8;
    /** Rounding of the loss over the differences' step of 1e-6. */
    private static final double SAME_SLOPE = 1e-6;
    /** J by differences: rounding over 1e-6. */
    private static final double SAME_RESIDUAL = 1e-7;

    /** The slowest instance contracts by 0.97 a step: 0.97 to this power is rounding. */
    private static final int MANY = 1_000;

    private static final StoppingRule LOOSE = new StoppingRule(0, 1e-3, 10_000, 1);
    private static final int BATCH = 3;
    private static final int PARAMETERS = 4;

    static Stream<Arguments> instances() {
        return Catalogue.OPERATORS.stream().flatMap(entry -> Stream.of(0, 1, 13)
                .filter(n -> n >= entry.smallest())
                .flatMap(n -> Stream.of(1.0, 1e6).map(scale -> Arguments.of(entry, n, scale))));
    }

    @ParameterizedTest(name = "{0}, n = {1}, scale {2}")
    @MethodSource("instances")
    void conjugateGradientsGmresDenseAndFixedPointAgree(Catalogue.OperatorEntry entry, int n, double scale) {
        on(entry, n, scale, subject -> AdjointLaws.linearSolversAgree(subject, SAME_GRADIENT));
    }

    @ParameterizedTest(name = "{0}, n = {1}, scale {2}")
    @MethodSource("instances")
    void reportedResidualIsThatOfTheEquation(Catalogue.OperatorEntry entry, int n, double scale) {
        on(entry, n, scale, subject -> {
            for (LinearSolver linear :
                    List.of(new FixedPointLinear(LOOSE), new Gmres(LOOSE, 5), new ConjugateGradientNormal(LOOSE))) {
                double[] residual = AdjointLaws.residualIsThatOfTheEquation(linear, subject, SAME_RESIDUAL);
                assertThat(residual).hasSize(BATCH);
            }
        });
    }

    @ParameterizedTest(name = "{0}, n = {1}, scale {2}")
    @MethodSource("instances")
    void exactAdjointsHaveTheGradientOfDifferences(Catalogue.OperatorEntry entry, int n, double scale) {
        // The long tapes and series do the same arithmetic at every scale.
        Stream<Adjoint> many = scale == 1 ? Stream.of(new Unrolled(MANY), new Neumann(MANY)) : Stream.of();
        List<Adjoint> exact = Stream.concat(
                        Catalogue.ADJOINTS.stream()
                                .filter(adjoint -> adjoint instanceof Implicit || adjoint instanceof ActiveSet),
                        many)
                .toList();
        on(entry, n, scale, subject -> AdjointLaws.gradientIsThatOfDifferences(exact, subject, SAME_SLOPE));
    }

    @ParameterizedTest(name = "{0}, n = {1}, scale {2}")
    @MethodSource("instances")
    void everyAdjointHasTheSolutionAsItsValue(Catalogue.OperatorEntry entry, int n, double scale) {
        on(entry, n, scale, subject -> {
            for (Adjoint adjoint : Catalogue.ADJOINTS) {
                AdjointLaws.valueIsTheSolution(
                        adjoint instanceof Unrolled ? new Unrolled(MANY) : adjoint, subject, SAME_GRADIENT);
            }
        });
    }

    /** One step is not all of them, on any operator: none of the gradients is trivial. */
    @ParameterizedTest
    @MethodSource("entries")
    void jacobianFreeIsCaught(Catalogue.OperatorEntry entry) {
        on(entry, 13, 1, subject -> assertThatThrownBy(
                        () -> AdjointLaws.gradientIsThatOfDifferences(new JacobianFree(), subject, SAME_SLOPE))
                .isInstanceOf(AssertionError.class)
                .hasMessageContaining("JacobianFree[]: gradient"));
    }

    static Stream<Catalogue.OperatorEntry> entries() {
        return Catalogue.OPERATORS.stream();
    }

    private static void on(Catalogue.OperatorEntry entry, int n, double scale, Consumer<Subject<Costs>> law) {
        RandomGenerator random = Cases.random(0);
        try (TensorScope scope = TensorScope.open()) {
            OperatorInstance instance = entry.maker().make(n, scale, random);
            Operator<Costs> t = instance.operator();
            int width = instance.width();
            Tensor mixing = Tensors.of(
                    Cases.normal(random, PARAMETERS * BATCH * width, scale / Math.sqrt(PARAMETERS)),
                    PARAMETERS,
                    (long) BATCH * width);
            Tensor theta = Tensors.of(Cases.normal(random, PARAMETERS, 1), PARAMETERS);
            law.accept(new Subject<>(
                    t,
                    parameters ->
                            new Costs(parameters.unsqueeze(0).matmul(mixing).reshape(BATCH, width)),
                    theta,
                    Tensors.zeros(ScalarType.Double, BATCH, n),
                    FixedPointSolver.of(new StoppingRule(1e-14 * scale, 0, 100_000, 1))));
        }
    }
}
