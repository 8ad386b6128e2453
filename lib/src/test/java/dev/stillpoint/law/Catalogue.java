package dev.stillpoint.law;

import dev.stillpoint.adjoint.ActiveSet;
import dev.stillpoint.adjoint.Adjoint;
import dev.stillpoint.adjoint.Implicit;
import dev.stillpoint.adjoint.JacobianFree;
import dev.stillpoint.adjoint.Neumann;
import dev.stillpoint.adjoint.Switching;
import dev.stillpoint.adjoint.Unrolled;
import dev.stillpoint.law.PolytopeProblem.Costs;
import dev.stillpoint.operator.Composed;
import dev.stillpoint.operator.ContextMatrix;
import dev.stillpoint.operator.Convolution;
import dev.stillpoint.operator.Covariance;
import dev.stillpoint.operator.DavisYin;
import dev.stillpoint.operator.Differences;
import dev.stillpoint.operator.DouglasRachford;
import dev.stillpoint.operator.Envelope;
import dev.stillpoint.operator.Gradient;
import dev.stillpoint.operator.GradientSum;
import dev.stillpoint.operator.LeastSquares;
import dev.stillpoint.operator.LinearOperator;
import dev.stillpoint.operator.LinearizedAdmm;
import dev.stillpoint.operator.Matrix;
import dev.stillpoint.operator.Operator;
import dev.stillpoint.operator.ProjectedGradient;
import dev.stillpoint.operator.ProximalGradient;
import dev.stillpoint.operator.Quadratic;
import dev.stillpoint.operator.Relaxed;
import dev.stillpoint.operator.Scaled;
import dev.stillpoint.operator.Sparse;
import dev.stillpoint.operator.Stacked;
import dev.stillpoint.set.AffineSet;
import dev.stillpoint.set.Ball;
import dev.stillpoint.set.Box;
import dev.stillpoint.set.HalfAveraged;
import dev.stillpoint.set.Halfspace;
import dev.stillpoint.set.Hyperplane;
import dev.stillpoint.set.Intersection;
import dev.stillpoint.set.L1Norm;
import dev.stillpoint.set.NonNegative;
import dev.stillpoint.set.Product;
import dev.stillpoint.set.Proximal;
import dev.stillpoint.set.Resolvent;
import dev.stillpoint.set.Simplex;
import dev.stillpoint.set.SquaredDistance;
import dev.stillpoint.solver.Acceleration;
import dev.stillpoint.solver.Anderson;
import dev.stillpoint.solver.Gmres;
import dev.stillpoint.solver.Picard;
import dev.stillpoint.solver.StoppingRule;
import dev.stillpoint.tensor.Learnable;
import java.util.List;
import java.util.function.BiFunction;
import java.util.function.ToDoubleBiFunction;
import java.util.function.ToDoubleFunction;
import java.util.function.UnaryOperator;
import java.util.random.RandomGenerator;
import org.bytedeco.pytorch.Tensor;

/** Every public implementation once, with an instance: the laws run over it, and ArchitectureTest fails if one is missing. */
public final class Catalogue {
    private Catalogue() {}

    /** A set by name; {@code smallest} is the least dimension that it can have. */
    public record SetEntry(Class<?> type, String name, int smallest, ConvexSetLaws.Maker maker) {
        @Override
        public String toString() {
            return name;
        }
    }

    /** A proximal map of dimension n that is no projection, with random data at the given scale. */
    public interface ProximalMaker {
        ProximalInstance make(int n, double scale, RandomGenerator random);
    }

    /** A proximal map by name. */
    public record ProximalEntry(Class<?> type, String name, ProximalMaker maker) {
        @Override
        public String toString() {
            return name;
        }
    }

    /**
     * A proximal map with what the laws hold it against.
     *
     * @param prox prox_{αg}
     * @param g the function itself
     * @param conjugate (x, α) to α·prox_{g* / α}(x/α), where it has a form of its own
     */
    public record ProximalInstance(
            Proximal<Object> prox, ToDoubleFunction<double[]> g, BiFunction<Tensor, Double, Tensor> conjugate) {
        /** Without the conjugate. */
        ProximalLaws.Instance instance() {
            return new ProximalLaws.Instance(prox, g);
        }
    }

    public static final List<SetEntry> SETS = List.of(
            new SetEntry(NonNegative.class, "NonNegative", 0, (n, scale, random) -> new NonNegative<>()),
            new SetEntry(Box.class, "Box", 0, Instances::box),
            new SetEntry(Box.class, "Box of numbers", 0, (n, scale, r) -> Box.of(-0.2 * scale, 0.7 * scale)),
            new SetEntry(AffineSet.class, "AffineSet", 1, Instances::affine),
            new SetEntry(
                    Simplex.class,
                    "Simplex",
                    1,
                    (n, scale, r) -> Simplex.of(scale * (0.1 + Math.sqrt(n) * r.nextDouble()))),
            new SetEntry(Ball.class, "Ball", 0, Instances::ball),
            new SetEntry(Ball.class, "Ball of radius 0", 0, (n, scale, r) -> Ball.of(Cases.normal(r, n, scale), 0)),
            new SetEntry(Halfspace.class, "Halfspace", 1, Instances::halfspace),
            new SetEntry(
                    Hyperplane.class,
                    "Hyperplane",
                    1,
                    (n, scale, r) -> Hyperplane.of(Cases.normal(r, n, 1), scale * r.nextGaussian())),
            new SetEntry(
                    Product.class,
                    "Product",
                    0,
                    (n, scale, r) -> new Product<>(List.of(
                            new Product.Factor<>(Instances.ball(n / 3, scale, r), n / 3),
                            new Product.Factor<>(new NonNegative<>(), n / 3),
                            new Product.Factor<>(Instances.box(n - 2 * (n / 3), scale, r), n - 2 * (n / 3))))),
            new SetEntry(Intersection.class, "Intersection of polyhedra", 1, Instances::polyhedra),
            new SetEntry(Intersection.class, "Intersection with a ball", 1, Instances::withBall));

    public static final List<ProximalEntry> PROXIMALS = List.of(
            new ProximalEntry(L1Norm.class, "L1Norm", Instances::l1),
            new ProximalEntry(SquaredDistance.class, "SquaredDistance", Instances::squaredDistance));

    /** A resolvent on n numbers, with random data at the given scale; its context is {@link Costs}. */
    public interface ResolventMaker {
        Resolvent<Costs> make(int n, double scale, RandomGenerator random);
    }

    /** A resolvent by name; {@code smallest} is the least n that it can have. */
    public record ResolventEntry(Class<?> type, String name, int smallest, ResolventMaker maker) {
        @Override
        public String toString() {
            return name;
        }
    }

    public static final List<ResolventEntry> RESOLVENTS = List.of(
            new ResolventEntry(HalfAveraged.class, "HalfAveraged, soft threshold", 0, AdmmInstances::softThreshold),
            new ResolventEntry(HalfAveraged.class, "HalfAveraged, convolutions", 1, AdmmInstances::convolutions));

    public static final List<Acceleration> ACCELERATIONS = List.of(new Picard(), Anderson.of(5));

    public static final List<Adjoint> ADJOINTS = List.of(
            new JacobianFree(),
            new Neumann(5),
            new Unrolled(20),
            Implicit.fixedPoint(StoppingRule.tolerance(1e-12).withMaxSteps(100_000)),
            Implicit.gmres(StoppingRule.tolerance(1e-12).withMaxSteps(1_000)),
            Implicit.conjugateGradient(StoppingRule.tolerance(1e-12).withMaxSteps(1_000)),
            Implicit.dense(),
            new ActiveSet(Implicit.gmres(StoppingRule.tolerance(1e-12).withMaxSteps(1_000))),
            new Switching(new Learnable() {}, new Gmres(StoppingRule.tolerance(1e-12), 30), 3, 0.1));

    // Operators, gradients and linear operators: their context is Costs of a given width.

    /** An operator on iterates of n numbers, with random data at the given scale. */
    public interface OperatorMaker {
        OperatorInstance make(int n, double scale, RandomGenerator random);
    }

    /** An operator by name; {@code smallest} is the least n that it can have. */
    public record OperatorEntry(Class<?> type, String name, int smallest, OperatorMaker maker) {
        @Override
        public String toString() {
            return name;
        }
    }

    /**
     * An operator with what the laws hold it against.
     *
     * @param operator T
     * @param width the numbers of a sample's context
     * @param solution x* from these, by other means
     */
    public record OperatorInstance(Operator<Costs> operator, int width, UnaryOperator<double[]> solution) {}

    /** A gradient in n variables, with random data at the given scale. */
    public interface GradientMaker {
        GradientInstance make(int n, double scale, RandomGenerator random);
    }

    /** A gradient by name; {@code smallest} is the least n that it can have. */
    public record GradientEntry(Class<?> type, String name, int smallest, GradientMaker maker) {
        @Override
        public String toString() {
            return name;
        }
    }

    /**
     * A gradient with what the laws hold it against.
     *
     * @param gradient ∇f
     * @param width the numbers of a sample's context
     * @param f (x, context) to f
     */
    public record GradientInstance(Gradient<Costs> gradient, int width, ToDoubleBiFunction<double[], double[]> f) {}

    /** A linear operator on n numbers, with random data at the given scale. */
    public interface LinearOperatorMaker {
        LinearOperatorInstance make(int n, double scale, RandomGenerator random);
    }

    /** A linear operator by name; {@code smallest} is the least n that it can have. */
    public record LinearOperatorEntry(Class<?> type, String name, int smallest, LinearOperatorMaker maker) {
        @Override
        public String toString() {
            return name;
        }
    }

    /**
     * A linear operator with what the laws hold it against.
     *
     * @param operator A
     * @param matrix the same as numbers
     */
    public record LinearOperatorInstance(LinearOperator<Costs> operator, double[][] matrix) {}

    public static final List<OperatorEntry> OPERATORS = List.of(
            new OperatorEntry(DavisYin.class, "DavisYin, polytope", 2, OperatorInstances::davisYin),
            new OperatorEntry(ProjectedGradient.class, "ProjectedGradient, x >= 0", 0, OperatorInstances::nonNegative),
            new OperatorEntry(ProjectedGradient.class, "ProjectedGradient, simplex", 1, OperatorInstances::simplex),
            new OperatorEntry(
                    ProjectedGradient.class,
                    "ProjectedGradient, least squares in a box",
                    1,
                    OperatorInstances::boxedLeastSquares),
            new OperatorEntry(
                    ProximalGradient.class, "ProximalGradient, quadratic and l1", 0, OperatorInstances::sparse),
            new OperatorEntry(ProximalGradient.class, "ProximalGradient, lasso", 1, OperatorInstances::lasso),
            new OperatorEntry(
                    DouglasRachford.class, "DouglasRachford, simplex", 1, OperatorInstances::nearestOnSimplex),
            new OperatorEntry(DouglasRachford.class, "DouglasRachford, l1", 0, OperatorInstances::denoising),
            new OperatorEntry(
                    Relaxed.class,
                    "Relaxed by 1.5, Davis-Yin",
                    2,
                    (n, scale, r) -> OperatorInstances.relaxed(OperatorInstances.davisYin(n, scale, r), 1.5)),
            new OperatorEntry(
                    Relaxed.class,
                    "Relaxed by 0.6, lasso",
                    1,
                    (n, scale, r) -> OperatorInstances.relaxed(OperatorInstances.lasso(n, scale, r), 0.6)),
            new OperatorEntry(LinearizedAdmm.class, "LinearizedAdmm, l1 and Ax = d", 7, AdmmInstances::equality),
            new OperatorEntry(LinearizedAdmm.class, "LinearizedAdmm, ball", 7, AdmmInstances::ball));

    public static final List<GradientEntry> GRADIENTS = List.of(
            new GradientEntry(Quadratic.class, "Quadratic", 0, (n, scale, r) -> OperatorInstances.quadratic(n, 0.7)),
            new GradientEntry(
                    Quadratic.class, "Quadratic, linear", 0, (n, scale, r) -> OperatorInstances.quadratic(n, 0)),
            new GradientEntry(
                    LeastSquares.class,
                    "LeastSquares, tall",
                    1,
                    (n, scale, r) -> OperatorInstances.leastSquares(OperatorInstances.tall(n, r))),
            new GradientEntry(
                    LeastSquares.class,
                    "LeastSquares, wide",
                    1,
                    (n, scale, r) -> OperatorInstances.leastSquares(OperatorInstances.normal((n + 1) / 2, n, 0.1, r))),
            new GradientEntry(Covariance.class, "Covariance", 1, (n, scale, r) -> OperatorInstances.covariance(n, r)),
            new GradientEntry(GradientSum.class, "GradientSum", 1, OperatorInstances::sum),
            new GradientEntry(Envelope.class, "Envelope of l1", 1, AdmmInstances::envelope));

    public static final List<LinearOperatorEntry> LINEAR_OPERATORS = List.of(
            new LinearOperatorEntry(
                    Matrix.class,
                    "Matrix, tall",
                    1,
                    (n, scale, r) -> OperatorInstances.matrix(OperatorInstances.normal(n + 3, n, scale, r))),
            new LinearOperatorEntry(
                    Matrix.class,
                    "Matrix, wide",
                    1,
                    (n, scale, r) -> OperatorInstances.matrix(OperatorInstances.normal((n + 1) / 2, n, scale, r))),
            new LinearOperatorEntry(Composed.class, "Composed", 1, OperatorInstances::composed),
            new LinearOperatorEntry(Scaled.class, "Scaled", 1, OperatorInstances::scaled),
            new LinearOperatorEntry(Sparse.class, "Sparse", 1, SparseOperatorInstances::sparse),
            new LinearOperatorEntry(Sparse.class, "Sparse, two blocks", 2, SparseOperatorInstances::blocks),
            new LinearOperatorEntry(Differences.class, "Differences", 1, SparseOperatorInstances::differences),
            new LinearOperatorEntry(Stacked.class, "Stacked", 1, OperatorInstances::stacked),
            new LinearOperatorEntry(ContextMatrix.class, "ContextMatrix", 1, AdmmInstances::contextMatrix),
            new LinearOperatorEntry(
                    Convolution.class,
                    "Convolution, 1 to 3 channels",
                    1,
                    (n, scale, r) -> AdmmInstances.convolution(1, 3, 3, n, 1, scale, r)));
}
