package dev.stillpoint.law;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.stillpoint.adjoint.ActiveSet;
import dev.stillpoint.adjoint.Adjoint;
import dev.stillpoint.adjoint.Attached;
import dev.stillpoint.adjoint.Implicit;
import dev.stillpoint.adjoint.JacobianFree;
import dev.stillpoint.adjoint.Neumann;
import dev.stillpoint.adjoint.Unrolled;
import dev.stillpoint.operator.Operator;
import dev.stillpoint.solver.FixedPointSolver;
import dev.stillpoint.solver.Solution;
import dev.stillpoint.solver.StoppingRule;
import dev.stillpoint.tensor.Autograd;
import dev.stillpoint.tensor.Batch;
import dev.stillpoint.tensor.TensorScope;
import dev.stillpoint.tensor.Tensors;
import java.util.random.RandomGenerator;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * The gradient triangle: implicit = unrolled(many) = finite differences, on problems with at least 50 variables, a measured
 * contraction factor of at least 0.9 and active bounds; and JFB's inner product with the true gradient.
 */
class AdjointLawsTest {
    /** The three agree to the solve's 1e-13 over the finite differences' 1e-6. */
    private static final double SAME_GRADIENT = 1e-6;

    /** 0.99 to this power is 1e-11: the contraction factors of the instances are measured to stay below 0.99. */
    private static final int MANY = 2_500;

    private static final StoppingRule EXACT_ADJOINT =
            StoppingRule.tolerance(1e-13).withMaxSteps(100_000);

    @ParameterizedTest
    @ValueSource(strings = {"polytope", "grid"})
    void implicitEqualsUnrolledEqualsFiniteDifferences(String kind) {
        Cases.forSeeds(3, random -> {
            try (TensorScope scope = TensorScope.open()) {
                GradientProblem instance = GradientProblem.random(kind, random);
                assertThat(instance.n()).isGreaterThanOrEqualTo(50);
                assertThat(instance.contraction()).as("measured contraction").isBetween(0.9, 0.99);
                assertThat(instance.activeBounds()).as("active bounds").isGreaterThan(5);

                double[] differences = instance.finiteDifferences();
                double size = norm(differences);
                assertThat(size).as("gradient to compare").isGreaterThan(1e-3);
                for (Adjoint adjoint : new Adjoint[] {
                    Implicit.fixedPoint(EXACT_ADJOINT),
                    Implicit.gmres(EXACT_ADJOINT),
                    Implicit.conjugateGradient(EXACT_ADJOINT),
                    Implicit.dense(),
                    ActiveSet.alone(),
                    new Unrolled(MANY)
                }) {
                    double[] gradient = instance.gradient(adjoint);
                    assertThat(distance(gradient, differences) / size)
                            .as(adjoint.toString())
                            .isLessThan(SAME_GRADIENT);
                }
                // Neumann's series approaches the same, and one term does not reach it.
                assertThat(distance(instance.gradient(new Neumann(MANY)), differences) / size)
                        .isLessThan(SAME_GRADIENT);
                assertThat(distance(instance.gradient(new Neumann(0)), differences) / size)
                        .isGreaterThan(1e3 * SAME_GRADIENT);
            }
        });
    }

    @Test
    void saboteurIsCaught() {
        // The products of J in place of those of its transpose: right only where J is symmetric.
        Adjoint dropsTranspose = new Adjoint() {
            @Override
            public <C extends Batch<C>> Attached solve(FixedPointSolver solver, Operator<C> t, Tensor z0, C c) {
                Solution solution = solver.solve(t, z0, c);
                Tensor zStar = solution.z().detach();
                Tensor y = t.apply(zStar, c);
                Tensor hooked = Autograd.replaceGradient(y.clone(), g -> {
                    Tensor v = g;
                    double h = 1e-7;
                    for (int i = 0; i < 3_000; i++) {
                        try (TensorScope inner = TensorScope.open()) {
                            Tensor jv = t.apply(zStar.add(v, new Scalar(h)), c).sub(t.apply(zStar, c));
                            v = inner.keep(jv.div(new Scalar(h)).add(g).detach());
                        }
                    }
                    return v;
                });
                return new Attached(hooked, solution, () -> {
                    throw new IllegalStateException("saboteur");
                });
            }
        };
        try (TensorScope scope = TensorScope.open()) {
            GradientProblem instance = GradientProblem.random("polytope", Cases.random(0));
            double[] truth = instance.finiteDifferences();
            assertThat(distance(instance.gradient(dropsTranspose), truth) / norm(truth))
                    .isGreaterThan(1e3 * SAME_GRADIENT);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"polytope", "grid"})
    void thePublishedLawsHoldWhereZIsNotUnique(String kind) {
        try (TensorScope scope = TensorScope.open()) {
            GradientProblem instance = GradientProblem.random(kind, Cases.random(5));
            AdjointLaws.gradientIsThatOfDifferences(Implicit.gmres(EXACT_ADJOINT), instance.subject(), SAME_GRADIENT);
            AdjointLaws.linearSolversAgree(instance.subject(), SAME_GRADIENT);
        }
    }

    @Test
    void valueIsTheSolutionWhateverTheAdjoint() {
        try (TensorScope scope = TensorScope.open()) {
            GradientProblem instance = GradientProblem.random("grid", Cases.random(3));
            double[] expected = instance.solution();
            for (Adjoint adjoint : Catalogue.ADJOINTS) {
                double[] x = instance.value(adjoint instanceof Unrolled ? new Unrolled(MANY) : adjoint);
                assertThat(distance(x, expected)).as(adjoint.toString()).isLessThan(1e-10);
            }
        }
    }

    @Test
    void statisticsExistOnceBackwardHasRun() {
        try (TensorScope scope = TensorScope.open()) {
            GradientProblem instance = GradientProblem.random("grid", Cases.random(3));
            Tensor theta = instance.theta().detach().requires_grad_(true);
            Attached attached = instance.attach(Implicit.fixedPoint(EXACT_ADJOINT), theta);
            assertThatThrownBy(() -> attached.afterBackward().get()).hasMessageContaining("need backward() first");
            instance.loss(attached.z(), theta).backward();
            for (double r : attached.afterBackward().get().residual()) {
                assertThat(r).isLessThan(1e-11);
            }
            assertThat(attached.afterBackward().get().products()).isGreaterThan(50);
        }
    }

    /** ∂T/∂w = −α·(projection onto null A) for Davis-Yin: κ = 1 on its range, whatever the contraction factor. */
    @ParameterizedTest
    @ValueSource(strings = {"polytope", "grid"})
    void jacobianFreeDescendsOnCostsOfPolytopes(String kind) {
        Cases.forSeeds(20, random -> {
            try (TensorScope scope = TensorScope.open()) {
                GradientProblem instance = GradientProblem.random(kind, random);
                double[] free = instance.costGradient(new JacobianFree());
                double[] truth = instance.costGradient(Implicit.fixedPoint(EXACT_ADJOINT));
                double dot = 0;
                for (int j = 0; j < free.length; j++) {
                    dot += free[j] * truth[j];
                }
                assertThat(dot / (norm(free) * norm(truth))).as("cosine").isPositive();
            }
        });
    }

    @Test
    void jacobianFreeDescendsWhereTheTheoremSaysSo() {
        Cases.forSeeds(50, random -> {
            // M = I for z = Wz + θ: κ(MᵀM) = 1 ≤ 1/γ.
            assertThat(alignment(random, 0.9, 1)).isPositive();
        });
    }

    @Test
    void jacobianFreeCanAscendWhereItDoesNot() {
        int uphill = 0;
        for (long seed = 0; seed < 200; seed++) {
            // κ(MᵀM) = 10⁴ > 1/γ: outside the theorem.
            uphill += alignment(Cases.random(seed), 0.9, 100) < 0 ? 1 : 0;
        }
        assertThat(uphill).as("instances of 200 on which JFB points uphill").isPositive();
    }

    /**
     * The inner product of JFB's gradient with the true one on T(z) = Wz + Dθ, W = γ·orthogonal, D diagonal from 1 to
     * {@code spread}.
     */
    private static double alignment(RandomGenerator random, double gamma, double spread) {
        int n = 50;
        try (TensorScope scope = TensorScope.open()) {
            Tensor q = torch.linalg_qr(Tensors.of(Cases.normal(random, n * n, 1), n, n))
                    .get0();
            Tensor w = q.mul(new Scalar(gamma));
            double[] scales = new double[n];
            for (int j = 0; j < n; j++) {
                scales[j] = Math.pow(spread, j / (n - 1.0));
            }
            Tensor d = Tensors.of(scales, n);
            Operator<PolytopeProblem.Costs> t = (z, c) -> z.matmul(w.t()).add(c.w().mul(d));
            Tensor r = Tensors.of(Cases.normal(random, n, 1), 1, n);
            double[][] gradients = new double[2][];
            Adjoint[] adjoints = {new JacobianFree(), Implicit.fixedPoint(EXACT_ADJOINT)};
            for (int a = 0; a < 2; a++) {
                Tensor theta = torch.zeros_like(r).requires_grad_(true);
                Attached attached = adjoints[a].solve(
                        GradientProblem.EXACT, t, r.mul(new Scalar(0.0)), new PolytopeProblem.Costs(theta));
                attached.z().mul(r).sum().backward();
                gradients[a] = Tensors.doubles(theta.grad());
            }
            double dot = 0;
            for (int j = 0; j < n; j++) {
                dot += gradients[0][j] * gradients[1][j];
            }
            return dot;
        }
    }

    private static double norm(double[] a) {
        return distance(a, new double[a.length]);
    }

    private static double distance(double[] a, double[] b) {
        double sum = 0;
        for (int i = 0; i < a.length; i++) {
            sum += (a[i] - b[i]) * (a[i] - b[i]);
        }
        return Math.sqrt(sum);
    }
}
