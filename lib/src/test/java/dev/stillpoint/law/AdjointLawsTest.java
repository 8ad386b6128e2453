package dev.stillpoint.law;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

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
import org.bytedeco.pytorch.NoGradGuard;
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

    private static final double H = 1e-6;
    private static final FixedPointSolver EXACT =
            FixedPointSolver.of(StoppingRule.tolerance(1e-14).withMaxSteps(100_000));
    private static final StoppingRule EXACT_ADJOINT =
            StoppingRule.tolerance(1e-13).withMaxSteps(100_000);

    @ParameterizedTest
    @ValueSource(strings = {"polytope", "grid"})
    void implicitEqualsUnrolledEqualsFiniteDifferences(String kind) {
        Cases.forSeeds(3, random -> {
            try (TensorScope scope = TensorScope.open()) {
                Instance instance = Instance.random(kind, random);
                assertThat(instance.n()).isGreaterThanOrEqualTo(50);
                assertThat(instance.contraction()).as("measured contraction").isBetween(0.9, 0.99);
                assertThat(instance.activeBounds()).as("active bounds").isGreaterThan(5);

                double[] differences = instance.finiteDifferences();
                double size = norm(differences);
                assertThat(size).as("gradient to compare").isGreaterThan(1e-3);
                for (Adjoint adjoint :
                        new Adjoint[] {Implicit.fixedPoint(EXACT_ADJOINT), Implicit.dense(), new Unrolled(MANY)}) {
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
            Instance instance = Instance.random("polytope", Cases.random(0));
            double[] truth = instance.finiteDifferences();
            assertThat(distance(instance.gradient(dropsTranspose), truth) / norm(truth))
                    .isGreaterThan(1e3 * SAME_GRADIENT);
        }
    }

    @Test
    void valueIsTheSolutionWhateverTheAdjoint() {
        try (TensorScope scope = TensorScope.open()) {
            Instance instance = Instance.random("grid", Cases.random(3));
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
            Instance instance = Instance.random("grid", Cases.random(3));
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
                Instance instance = Instance.random(kind, random);
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
                Attached attached =
                        adjoints[a].solve(EXACT, t, r.mul(new Scalar(0.0)), new PolytopeProblem.Costs(theta));
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

    /** x(w(θ)) with w = θ·B for a fixed random B, and the loss ½‖x − target‖² summed over a batch. */
    private record Instance(PolytopeProblem problem, Tensor mixing, Tensor theta, Tensor target) {
        static Instance random(String kind, RandomGenerator random) {
            PolytopeProblem problem = kind.equals("grid")
                    ? PolytopeProblem.grid(6, 0.5, 0.15)
                    : PolytopeProblem.random(random, 20, 60, 0.5, 0.15);
            int n = problem.n();
            int p = 5;
            int batch = 3;
            return new Instance(
                    problem,
                    Tensors.of(Cases.normal(random, p * n, 0.3), p, n),
                    Tensors.of(Cases.normal(random, batch * p, 0.7), batch, p),
                    Tensors.of(Cases.normal(random, batch * n, 0.5), batch, n));
        }

        int n() {
            return problem.n();
        }

        PolytopeProblem.Costs costs(Tensor theta) {
            return new PolytopeProblem.Costs(theta.matmul(mixing));
        }

        Attached attach(Adjoint adjoint, Tensor theta) {
            return adjoint.solve(EXACT, problem.operator(), torch.zeros_like(target), costs(theta));
        }

        Tensor loss(Tensor z, Tensor theta) {
            Tensor error = problem.operator().solution(z, costs(theta)).sub(target);
            return error.mul(error).sum().mul(new Scalar(0.5));
        }

        double[] gradient(Adjoint adjoint) {
            try (TensorScope scope = TensorScope.open()) {
                Tensor leaf = theta.detach().requires_grad_(true);
                loss(attach(adjoint, leaf).z(), leaf).backward();
                return Tensors.doubles(leaf.grad());
            }
        }

        /** The gradient with respect to the costs w themselves. */
        double[] costGradient(Adjoint adjoint) {
            try (TensorScope scope = TensorScope.open()) {
                Tensor w = costs(theta).w().detach().requires_grad_(true);
                PolytopeProblem.Costs c = new PolytopeProblem.Costs(w);
                Tensor z = adjoint.solve(EXACT, problem.operator(), torch.zeros_like(target), c)
                        .z();
                Tensor error = problem.operator().solution(z, c).sub(target);
                error.mul(error).sum().backward();
                return Tensors.doubles(w.grad());
            }
        }

        double[] value(Adjoint adjoint) {
            try (TensorScope scope = TensorScope.open()) {
                return Tensors.doubles(
                        problem.operator().solution(attach(adjoint, theta).z(), costs(theta)));
            }
        }

        double[] solution() {
            return value(new JacobianFree());
        }

        /** The loss at θ + h·e_i, by a solve alone: nothing of the adjoints is used. */
        private double lossAt(int i, double h) {
            try (NoGradGuard offTape = new NoGradGuard();
                    TensorScope scope = TensorScope.open()) {
                double[] moved = Tensors.doubles(theta);
                moved[i] += h;
                Tensor at = Tensors.of(moved, theta.shape());
                Solution solution = EXACT.solve(problem.operator(), torch.zeros_like(target), costs(at));
                return loss(solution.z(), at).item_double();
            }
        }

        double[] finiteDifferences() {
            double[] gradient = new double[(int) theta.numel()];
            for (int i = 0; i < gradient.length; i++) {
                gradient[i] = (lossAt(i, H) - lossAt(i, -H)) / (2 * H);
            }
            return gradient;
        }

        int activeBounds() {
            int active = 0;
            for (double v : solution()) {
                active += v < 1e-9 ? 1 : 0;
            }
            return active;
        }

        /** The ratio of residuals late in a solve: the factor that the iteration really contracts by. */
        double contraction() {
            double early = residualAfter(400);
            double late = residualAfter(420);
            return Math.pow(late / early, 1 / 20.0);
        }

        private double residualAfter(int steps) {
            try (TensorScope scope = TensorScope.open()) {
                Solution s = FixedPointSolver.of(StoppingRule.tolerance(1e-300).withMaxSteps(steps))
                        .solve(problem.operator(), torch.zeros_like(target), costs(theta));
                double worst = 0;
                for (double r : s.stats().residual()) {
                    worst = Math.max(worst, r);
                }
                return worst;
            }
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
