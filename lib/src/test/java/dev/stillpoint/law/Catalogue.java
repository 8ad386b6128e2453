package dev.stillpoint.law;

import dev.stillpoint.adjoint.Adjoint;
import dev.stillpoint.adjoint.Implicit;
import dev.stillpoint.adjoint.JacobianFree;
import dev.stillpoint.adjoint.Neumann;
import dev.stillpoint.adjoint.Unrolled;
import dev.stillpoint.set.AffineSet;
import dev.stillpoint.set.Box;
import dev.stillpoint.set.ConvexSet;
import dev.stillpoint.set.NonNegative;
import dev.stillpoint.solver.Acceleration;
import dev.stillpoint.solver.Anderson;
import dev.stillpoint.solver.Picard;
import dev.stillpoint.solver.StoppingRule;
import java.util.List;
import java.util.random.RandomGenerator;

/** Every public implementation once, with an instance: the laws run over it, and ArchitectureTest fails if one is missing. */
public final class Catalogue {
    private Catalogue() {}

    /** A convex set of dimension n, with random data at the given scale. */
    public interface SetMaker {
        ConvexSet<Object> make(int n, double scale, RandomGenerator random);
    }

    /** A set by name; {@code smallest} is the least dimension that it can have. */
    public record SetEntry(Class<?> type, String name, int smallest, SetMaker maker) {
        @Override
        public String toString() {
            return name;
        }
    }

    public static final List<SetEntry> SETS = List.of(
            new SetEntry(NonNegative.class, "NonNegative", 0, (n, scale, random) -> new NonNegative<>()),
            new SetEntry(Box.class, "Box", 0, (n, scale, random) -> {
                double[] lower = Cases.normal(random, n, scale);
                double[] upper = lower.clone();
                for (int j = 0; j < n; j++) {
                    // Every third interval is a point, every fourth has no upper end.
                    upper[j] += j % 3 == 0 ? 0 : scale * random.nextDouble();
                    upper[j] = j % 4 == 3 ? Double.POSITIVE_INFINITY : upper[j];
                }
                return new Box<>(lower, upper);
            }),
            new SetEntry(AffineSet.class, "AffineSet", 1, (n, scale, random) -> {
                double[][] a = new double[(n + 2) / 2][];
                double[] b = new double[a.length];
                double[] feasible = Cases.normal(random, n, scale);
                for (int i = 0; i < a.length; i++) {
                    a[i] = Cases.normal(random, n, 1);
                }
                // The last row repeats the first: A is never of full rank.
                a[a.length - 1] = a[0].clone();
                for (int i = 0; i < a.length; i++) {
                    for (int j = 0; j < n; j++) {
                        b[i] += a[i][j] * feasible[j];
                    }
                }
                return AffineSet.of(a, b);
            }));

    public static final List<Acceleration> ACCELERATIONS = List.of(new Picard(), Anderson.of(5));

    public static final List<Adjoint> ADJOINTS = List.of(
            new JacobianFree(),
            new Neumann(5),
            new Unrolled(20),
            Implicit.fixedPoint(StoppingRule.tolerance(1e-12).withMaxSteps(100_000)),
            Implicit.gmres(StoppingRule.tolerance(1e-12).withMaxSteps(1_000)),
            Implicit.conjugateGradient(StoppingRule.tolerance(1e-12).withMaxSteps(1_000)),
            Implicit.dense());
}
