package dev.stillpoint.law;

import static org.assertj.core.api.Assertions.assertThat;

import dev.stillpoint.adjoint.Attached;
import dev.stillpoint.adjoint.Implicit;
import dev.stillpoint.solver.ConjugateGradientNormal;
import dev.stillpoint.solver.Gmres;
import dev.stillpoint.solver.LinearMap;
import dev.stillpoint.solver.LinearSolver;
import dev.stillpoint.solver.StoppingRule;
import dev.stillpoint.tensor.TensorScope;
import java.util.List;
import org.bytedeco.pytorch.Tensor;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** CG = GMRES = dense = fixed point on the gradient of x, though I − J is singular; and their residual is the true one. */
class KrylovAdjointTest {
    /** The adjoints' 1e-12 a number, over the smallest nonzero singular value of I − J, some 1e-2. */
    private static final double SAME_GRADIENT = 1e-8;

    /** J by differences of a piecewise linear T: rounding 1e-16 over h = 1e-6, times ‖v‖. */
    private static final double SAME_RESIDUAL = 1e-7;

    private static final StoppingRule RULE = StoppingRule.tolerance(1e-12).withMaxSteps(20_000);

    @ParameterizedTest
    @ValueSource(strings = {"polytope", "grid"})
    void allSolversGiveTheSameGradient(String kind) {
        Cases.forSeeds(5, random -> {
            try (TensorScope scope = TensorScope.open()) {
                GradientProblem instance = GradientProblem.random(kind, random);
                double[] dense = instance.gradient(Implicit.dense());
                assertThat(Distances.norm(dense)).isGreaterThan(1e-3);
                for (Implicit implicit :
                        List.of(Implicit.fixedPoint(RULE), Implicit.gmres(RULE), Implicit.conjugateGradient(RULE))) {
                    assertThat(Distances.relative(instance.gradient(implicit), dense))
                            .as(implicit.toString())
                            .isLessThan(SAME_GRADIENT);
                }
                // Saboteur: the system of J in place of that of its transpose.
                LinearSolver transposes = (m, g) -> new Gmres(RULE, 30).solve(LinearMap.of(m::transposed, m::apply), g);
                assertThat(Distances.relative(instance.gradient(new Implicit(transposes)), dense))
                        .isGreaterThan(1e3 * SAME_GRADIENT);
            }
        });
    }

    @ParameterizedTest
    @ValueSource(strings = {"polytope", "grid"})
    void gmresNeedsAFractionOfTheProducts(String kind) {
        try (TensorScope scope = TensorScope.open()) {
            GradientProblem instance = GradientProblem.random(kind, Cases.random(1));
            int fixedPoint = products(instance, Implicit.fixedPoint(RULE));
            int gmres = products(instance, Implicit.gmres(RULE));
            assertThat(3 * gmres).as(gmres + " for " + fixedPoint).isLessThan(fixedPoint);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"polytope", "grid"})
    void reportedResidualIsThatOfTheAdjointEquation(String kind) {
        // Loose, so that there is a residual to compare.
        StoppingRule loose = StoppingRule.tolerance(1e-3);
        for (LinearSolver solver : List.of(new Gmres(loose, 5), new ConjugateGradientNormal(loose))) {
            try (TensorScope scope = TensorScope.open()) {
                GradientProblem instance = GradientProblem.random(kind, Cases.random(2));
                for (double r : AdjointLaws.residualIsThatOfTheEquation(solver, instance.subject(), SAME_RESIDUAL)) {
                    assertThat(r).isGreaterThan(1e3 * SAME_RESIDUAL);
                }
            }
        }
    }

    private static int products(GradientProblem instance, Implicit implicit) {
        Tensor theta = instance.theta().detach().requires_grad_(true);
        Attached attached = instance.attach(implicit, theta);
        instance.loss(attached.z(), theta).backward();
        return attached.afterBackward().get().products();
    }
}
