package dev.stillpoint.operator;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.stillpoint.law.Cases;
import dev.stillpoint.set.Ball;
import dev.stillpoint.set.Box;
import dev.stillpoint.set.HalfAveraged;
import dev.stillpoint.set.L1Norm;
import dev.stillpoint.set.Proximal;
import dev.stillpoint.set.Resolvent;
import dev.stillpoint.solver.FixedPointSolver;
import dev.stillpoint.solver.Solution;
import dev.stillpoint.solver.Status;
import dev.stillpoint.solver.StoppingRule;
import dev.stillpoint.tensor.Rows;
import dev.stillpoint.tensor.TensorScope;
import dev.stillpoint.tensor.Tensors;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.random.RandomGenerator;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch.ScalarType;
import org.junit.jupiter.api.Test;

class LinearizedAdmmTest {
    /** Rounding of inner products of some hundred numbers. */
    private static final double ROUNDING = 1e-10;

    private static final AdmmLayout LAYOUT = new AdmmLayout(4, 3, 6);
    private static final int BATCH = 3;

    /** T is firmly nonexpansive in the metric of its Javadoc, for functions and learned maps alike. */
    @Test
    void isAResolventInItsMetric() {
        Cases.forSeeds(5, random -> {
            for (Proximal<Rows> f : List.of(L1Norm.<Rows>of(0.7), turning(0.5))) {
                for (double lambda : new double[] {0.3, 1 / 0.8}) {
                    LinearizedAdmm<Rows> t = instance(f, 0.8, lambda, 0.99, random);
                    assertThat(margin(t, t, random)).isGreaterThan(-ROUNDING);
                }
            }
        });
    }

    /** What the metric is about: too long a step, or a map that is no resolvent, breaks it. */
    @Test
    void notAResolventWithoutTheConditions() {
        RandomGenerator random = Cases.random(0);
        LinearizedAdmm<Rows> t = instance(L1Norm.of(0.7), 0.8, 0.3, 0.99, random);
        double worst = 1;
        for (int i = 0; i < 20; i++) {
            worst = Math.min(worst, margin(t, instanceLike(t, rotation(0.99)), random));
        }
        assertThat(worst).isLessThan(-1e-3);
        Operator<Rows> withoutExtrapolation = (z, c) -> {
            Tensor tz = t.apply(z, c);
            AdmmLayout at = LAYOUT;
            Tensor r = t.k().adjoint(at.nu1(tz), c).add(t.a().adjoint(at.nu2(tz), c));
            Tensor x =
                    t.g().prox(at.x(z).sub(r.mul(t.values().beta())), t.values().beta(), c);
            return at.pack(at.p(tz), at.w(tz), at.nu1(tz), at.nu2(tz), x);
        };
        worst = 1;
        for (int i = 0; i < 20; i++) {
            worst = Math.min(worst, margin(t, withoutExtrapolation, random));
        }
        assertThat(worst).isLessThan(-1e-3);
    }

    /** A Lipschitz constant below one is not enough for R; being half averaged is. */
    @Test
    void nonexpansiveMapsMayDiverge() {
        try (TensorScope scope = TensorScope.open()) {
            Rows none = new Rows(Tensors.of(new double[BATCH], BATCH, 1));
            FixedPointSolver solver = FixedPointSolver.of(new StoppingRule(1e-9, 0, 20_000, 1));
            Tensor start = Tensors.of(Cases.normal(Cases.random(0), BATCH * 8, 1), BATCH, 8);
            Solution diverged = solver.solve(plain(rotation(0.99)), start, none);
            assertThat(diverged.status()).containsOnly(Status.DIVERGED);
            Solution found = solver.solve(plain(turning(1)), start, none);
            assertThat(found.status()).containsOnly(Status.CONVERGED);
        }
    }

    /** min f(x) without a constraint that is met: R alone decides. */
    private static LinearizedAdmm<Rows> plain(Proximal<Rows> f) {
        return new LinearizedAdmm<>(
                Matrix.of(new double[][] {{1, 0}, {0, 1}}),
                f,
                Matrix.of(new double[][] {{0.1, 0}}),
                Ball.of(new double[1], 1e6),
                Box.of(Double.NEGATIVE_INFINITY, Double.POSITIVE_INFINITY),
                new AdmmLayout(2, 1, 2),
                new AdmmSteps.Fixed(1, 1, 0.1));
    }

    /** A turn by 90° of each pair of numbers, times a factor: strictly nonexpansive, and no resolvent. */
    private static Proximal<Rows> rotation(double factor) {
        return (x, step, c) -> turned(x).mul(new Scalar(factor));
    }

    private static Resolvent<Rows> turning(double factor) {
        return new HalfAveraged<>((x, c) -> turned(x).mul(new Scalar(factor)));
    }

    private static Tensor turned(Tensor x) {
        Tensor pairs = x.reshape(x.size(0), -1, 2).flip(2);
        return pairs.mul(Tensors.of(new double[] {-1, 1}, 1, 1, 2).to(x.scalar_type()))
                .flatten(1, -1);
    }

    /** A linear program in a box, whose x is at a vertex: min ‖Kx‖₁, x ∈ [−1, 1]ⁿ, Ax = d with a sparse Kx to be found. */
    @Test
    void findsTheSparseSignalInABox() {
        Cases.forSeeds(3, random -> {
            int n = 20;
            int m = 12;
            double[][] eye = new double[n][n];
            double[] signal = new double[n];
            for (int j = 0; j < n; j++) {
                eye[j][j] = 1;
            }
            for (int j = 0; j < 3; j++) {
                signal[random.nextInt(n)] = random.nextDouble() - 0.5;
            }
            double[][] a = new double[m][];
            Arrays.setAll(a, i -> Cases.normal(random, n, 1 / Math.sqrt(m)));
            double[] d = new double[m];
            for (int i = 0; i < m; i++) {
                for (int j = 0; j < n; j++) {
                    d[i] += a[i][j] * signal[j];
                }
            }
            AdmmLayout layout = new AdmmLayout(n, m, n);
            Matrix<Rows> ofA = Matrix.of(a);
            double squared = 1 + Math.pow(ofA.norm().orElseThrow(), 2);
            LinearizedAdmm<Rows> t = new LinearizedAdmm<>(
                    Matrix.of(eye),
                    L1Norm.of(1),
                    ofA,
                    Ball.of(Rows::values, 0),
                    Box.of(-1, 1),
                    layout,
                    AdmmSteps.Fixed.of(1, 0.99, squared));
            try (TensorScope scope = TensorScope.open()) {
                Rows c = new Rows(Tensors.of(d, 1, m));
                Solution s = FixedPointSolver.of(new StoppingRule(1e-10, 0, 50_000, 10))
                        .solve(t, layout.zeros(ScalarType.Double, 1), c)
                        .orThrow();
                double[] x = Tensors.doubles(t.solution(s.z(), c));
                for (int j = 0; j < n; j++) {
                    assertThat(Math.abs(x[j] - signal[j])).isLessThan(1e-7);
                }
            }
        });
    }

    @Test
    void stepsAreChecked() {
        RandomGenerator random = Cases.random(0);
        assertThatThrownBy(() -> instance(L1Norm.of(1), 2, 0.6, 0.9, random))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("LinearizedAdmm: need 0 < lambda <= 1/alpha = 0.5, got 0.6");
        assertThatThrownBy(() -> instance(L1Norm.of(1), 2, 0.5, 1.01, random))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageStartingWith("LinearizedAdmm: need 0 < beta < 1/(alpha(|K|^2 + |A|^2)) = ");
        for (double bad : new double[] {0, -1, Double.NaN, Double.POSITIVE_INFINITY}) {
            assertThatThrownBy(() -> instance(L1Norm.of(1), bad, 0.5, 0.9, random))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageStartingWith("LinearizedAdmm: need 0 < alpha and finite, got");
        }
        instance(L1Norm.of(1), 3, 1.0 / 3, 0.999, random);
    }

    /** However far the parameters go. */
    @Test
    void learnedStepsCannotLeaveTheConditions() {
        for (double far : new double[] {-1e3, -3, 0, 3, 1e3}) {
            AdmmSteps.Learned steps = new AdmmSteps.Learned(ScalarType.Float, 0.3, 0.8, 0.9);
            try (TensorScope scope = TensorScope.open();
                    org.bytedeco.pytorch.NoGradGuard offTape = new org.bytedeco.pytorch.NoGradGuard()) {
                for (String name : List.of("lambda", "beta")) {
                    Objects.requireNonNull(steps.parameters().get(name)).fill_(new Scalar(far));
                }
                AdmmSteps.Values at = steps.at(java.util.OptionalDouble.of(2));
                double alpha = at.alpha().item_double();
                assertThat(alpha * at.lambda().item_double()).isBetween(0.0, 1 + 1e-6);
                assertThat(alpha * at.beta().item_double() * 2).isBetween(0.0, 0.9991);
            }
        }
        AdmmSteps.Learned steps = new AdmmSteps.Learned(ScalarType.Double, 0.3, 0.8, 0.9);
        LinearizedAdmm<Rows> t = instanceLike(instance(L1Norm.of(1), 1, 1, 0.9, Cases.random(0)), L1Norm.of(1), steps);
        assertThat(t.parameters()).containsOnlyKeys("steps.alpha", "steps.lambda", "steps.beta");
        assertThat(t.values().lambda().item_double() * 0.3).isCloseTo(0.8, org.assertj.core.data.Offset.offset(1e-12));
        assertThatThrownBy(() -> new AdmmSteps.Learned(ScalarType.Float, 1, 1, 0.5))
                .hasMessage("AdmmSteps: need 0 < share of lambda < 1, got 1.0");
    }

    private static LinearizedAdmm<Rows> instance(
            Proximal<Rows> f, double alpha, double lambda, double share, RandomGenerator random) {
        double[][] k = new double[LAYOUT.p()][];
        Arrays.setAll(k, i -> Cases.normal(random, LAYOUT.x(), 1));
        double[][] a = new double[LAYOUT.w()][];
        Arrays.setAll(a, i -> Cases.normal(random, LAYOUT.x(), 1));
        Matrix<Rows> ofK = Matrix.of(k);
        Matrix<Rows> ofA = Matrix.of(a);
        double squared =
                Math.pow(ofK.norm().orElseThrow(), 2) + Math.pow(ofA.norm().orElseThrow(), 2);
        return new LinearizedAdmm<>(
                ofK,
                f,
                ofA,
                Ball.of(Rows::values, 0.5),
                Box.of(-0.4, 0.6),
                LAYOUT,
                new AdmmSteps.Fixed(alpha, lambda, share / (alpha * squared)));
    }

    private static LinearizedAdmm<Rows> instanceLike(LinearizedAdmm<Rows> t, Proximal<Rows> f) {
        return instanceLike(t, f, t.steps());
    }

    private static LinearizedAdmm<Rows> instanceLike(LinearizedAdmm<Rows> t, Proximal<Rows> f, AdmmSteps steps) {
        return new LinearizedAdmm<>(t.k(), f, t.a(), t.data(), t.g(), t.layout(), steps);
    }

    /** The least ⟨Ty − Tz, (y − z) − (Ty − Tz)⟩ in the metric of {@code t}, relative to ‖y − z‖² there. */
    private static double margin(LinearizedAdmm<Rows> t, Operator<Rows> map, RandomGenerator random) {
        try (TensorScope scope = TensorScope.open()) {
            int size = (int) LAYOUT.size();
            Rows c = new Rows(Tensors.of(Cases.normal(random, BATCH * LAYOUT.w(), 1), BATCH, LAYOUT.w()));
            Tensor y = Tensors.of(Cases.normal(random, BATCH * size, 1), BATCH, size);
            Tensor z = Tensors.of(Cases.normal(random, BATCH * size, 1), BATCH, size);
            Tensor apart = y.sub(z);
            Tensor images = map.apply(y, c).sub(map.apply(z, c));
            double[] inner =
                    Tensors.doubles(images.mul(metric(t, apart.sub(images), c)).sum(1));
            double[] scale = Tensors.doubles(apart.mul(metric(t, apart, c)).sum(1));
            double worst = Double.POSITIVE_INFINITY;
            for (int i = 0; i < BATCH; i++) {
                worst = Math.min(worst, inner[i] / scale[i]);
            }
            return worst;
        }
    }

    private static Tensor metric(LinearizedAdmm<Rows> t, Tensor z, Rows c) {
        AdmmSteps.Fixed steps = (AdmmSteps.Fixed) t.steps();
        Scalar split = new Scalar(1 / steps.lambda() - steps.alpha());
        Tensor x = LAYOUT.x(z);
        Tensor nu1 = LAYOUT.nu1(z);
        Tensor nu2 = LAYOUT.nu2(z);
        return LAYOUT.pack(
                LAYOUT.p(z).mul(split),
                LAYOUT.w(z).mul(split),
                nu1.div(new Scalar(steps.alpha())).add(t.k().apply(x, c)),
                nu2.div(new Scalar(steps.alpha())).add(t.a().apply(x, c)),
                x.div(new Scalar(steps.beta())).add(t.k().adjoint(nu1, c)).add(t.a().adjoint(nu2, c)));
    }
}
