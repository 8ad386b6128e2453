package dev.stillpoint.law;

import dev.stillpoint.set.AffineSet;
import dev.stillpoint.set.Ball;
import dev.stillpoint.set.Box;
import dev.stillpoint.set.ConvexSet;
import dev.stillpoint.set.Halfspace;
import dev.stillpoint.set.Intersection;
import dev.stillpoint.set.L1Norm;
import dev.stillpoint.set.SquaredDistance;
import dev.stillpoint.tensor.Tensors;
import java.util.Arrays;
import java.util.List;
import java.util.random.RandomGenerator;
import org.bytedeco.pytorch.Scalar;

/** Random instances for the catalogue. */
final class Instances {
    private Instances() {}

    static ConvexSet<Object> box(int n, double scale, RandomGenerator random) {
        double[] lower = Cases.normal(random, n, scale);
        double[] upper = lower.clone();
        for (int j = 0; j < n; j++) {
            // Every third interval is a point, every fourth has no upper end.
            upper[j] += j % 3 == 0 ? 0 : scale * random.nextDouble();
            upper[j] = j % 4 == 3 ? Double.POSITIVE_INFINITY : upper[j];
        }
        return Box.of(lower, upper);
    }

    static ConvexSet<Object> affine(int n, double scale, RandomGenerator random) {
        double[][] a = new double[(n + 2) / 2][];
        double[] b = new double[a.length];
        double[] feasible = Cases.normal(random, n, scale);
        for (int i = 0; i < a.length; i++) {
            a[i] = Cases.normal(random, n, 1);
        }
        // The last row repeats the first: A is never of full rank.
        a[a.length - 1] = a[0].clone();
        for (int i = 0; i < a.length; i++) {
            b[i] = dot(a[i], feasible);
        }
        return AffineSet.of(a, b);
    }

    /** Random points at twice the scale are inside and outside. */
    static ConvexSet<Object> ball(int n, double scale, RandomGenerator random) {
        return Ball.of(Cases.normal(random, n, scale), scale * Math.sqrt(5 * n) * (0.5 + random.nextDouble()));
    }

    static ConvexSet<Object> halfspace(int n, double scale, RandomGenerator random) {
        return Halfspace.of(Cases.normal(random, n, 1), scale * random.nextGaussian());
    }

    /** A box cut by a halfspace through its middle. */
    static ConvexSet<Object> polyhedra(int n, double scale, RandomGenerator random) {
        double[] middle = Cases.normal(random, n, scale);
        double[] a = Cases.normal(random, n, 1);
        ConvexSet<Object> box = Box.of(shifted(middle, -scale), shifted(middle, scale));
        return tight(List.of(box, Halfspace.of(a, dot(a, middle))));
    }

    /** A ball cut by a halfspace near its middle. */
    static ConvexSet<Object> withBall(int n, double scale, RandomGenerator random) {
        double[] middle = Cases.normal(random, n, scale);
        double[] a = Cases.normal(random, n, 1);
        double b = dot(a, middle) + 0.5 * scale * Math.sqrt(dot(a, a));
        return tight(List.of(Ball.of(middle, scale * Math.sqrt(n)), Halfspace.of(a, b)));
    }

    static Catalogue.ProximalInstance l1(int n, double scale, RandomGenerator random) {
        double w = scale * (0.5 + random.nextDouble());
        return new Catalogue.ProximalInstance(
                L1Norm.of(w), x -> w * Arrays.stream(x).map(Math::abs).sum(), (x, step) -> {
                    // g* is the indicator of [−w, w]ⁿ.
                    double[] bound = new double[n];
                    Arrays.fill(bound, step * w);
                    return Box.of(shifted(bound, -2 * step * w), bound).project(x, new Object());
                });
    }

    static Catalogue.ProximalInstance squaredDistance(int n, double scale, RandomGenerator random) {
        double w = 0.5 + random.nextDouble();
        double[] centre = Cases.normal(random, n, scale);
        return new Catalogue.ProximalInstance(
                SquaredDistance.of(w, centre),
                x -> {
                    double sum = 0;
                    for (int j = 0; j < n; j++) {
                        sum += (x[j] - centre[j]) * (x[j] - centre[j]);
                    }
                    return w / 2 * sum;
                },
                // g*(y) = ‖y‖²/(2w) + yᵀq.
                (x, step) -> x.sub(Tensors.of(centre, 1, n)).mul(new Scalar(step * w / (1 + step * w))));
    }

    /** To the last roundings, as the laws ask. */
    private static ConvexSet<Object> tight(List<ConvexSet<Object>> sets) {
        return Intersection.of(sets).withTolerance(1e-15).withMaxSweeps(100_000);
    }

    private static double[] shifted(double[] x, double by) {
        return Arrays.stream(x).map(v -> v + by).toArray();
    }

    private static double dot(double[] x, double[] y) {
        double sum = 0;
        for (int j = 0; j < x.length; j++) {
            sum += x[j] * y[j];
        }
        return sum;
    }
}
