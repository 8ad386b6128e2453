package dev.stillpoint.law;

import static org.assertj.core.api.Assertions.assertThat;

import dev.stillpoint.law.MapLaws.Shape;
import dev.stillpoint.operator.Operator;
import dev.stillpoint.set.Constraint;
import dev.stillpoint.solver.FixedPointSolver;
import dev.stillpoint.solver.Solution;
import dev.stillpoint.solver.StoppingRule;
import dev.stillpoint.tensor.Batch;
import dev.stillpoint.tensor.TensorScope;
import dev.stillpoint.tensor.Tensors;
import java.util.function.Function;
import java.util.function.UnaryOperator;
import java.util.random.RandomGenerator;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;

/** What every {@link Operator} promises. For your own: call these from a test, with points away from kinks. */
public final class OperatorLaws {
    /** The residual of the solve, relative to the data's size: far below every tolerance asked of x*. */
    private static final double RESIDUAL = 1e-13;

    private static final int STEPS = 20_000;

    private OperatorLaws() {}

    /**
     * T and S leave their inputs as they are, remember nothing, have the same value on the tape and off it, keep float32 and
     * float64, do for a sample alone what they do for it in a batch, and have the gradients that central differences have, in
     * z and in the context. T keeps the shape. The contraction factor and the averagedness that T declares hold.
     *
     * @param t the operator
     * @param context makes the context from its numbers, in either precision
     * @param z iterates, float64, [batch, ...], with batch at least 2
     * @param data the context's numbers, float64, [batch, ...]
     * @param random draws directions and second points
     * @throws AssertionError naming the law that does not hold
     */
    public static <C extends Batch<C>> void check(
            Operator<C> t, Function<Tensor, C> context, Tensor z, Tensor data, RandomGenerator random) {
        try (TensorScope scope = TensorScope.open()) {
            MapLaws<C> laws = new MapLaws<>(context, z, data, random);
            laws.check(t::apply, Shape.KEPT, t.coupling());
            laws.check(t::solution, Shape.FREE, t.coupling());
            C c = context.apply(data);
            t.contractionFactor().ifPresent(q -> {
                assertThat(q).as("contraction factor").isGreaterThanOrEqualTo(0).isLessThan(1);
                laws.lipschitz("contraction factor", y -> t.apply(y, c), q);
            });
            t.averagedness().ifPresent(a -> {
                assertThat(a).as("averagedness").isGreaterThan(0).isLessThan(1);
                // N = (T − (1 − a)I)/a is nonexpansive, which is the inequality of averaged maps.
                laws.lipschitz(
                        "averagedness",
                        y -> t.apply(y, c).sub(y, new Scalar(1 - a)).div(new Scalar(a)),
                        1);
            });
        }
    }

    /**
     * The fixed point reached from 0 carries the solution of the problem, and that lies in the constraints.
     *
     * @param t the operator
     * @param context makes the context from its numbers
     * @param z any iterates, float64, whose shape is used
     * @param data the context's numbers, float64, [batch, ...]
     * @param solution x*, from a sample's own numbers, by other means
     * @param tolerance of ‖x − x*‖∞, and of the violation, in the unit of the data
     * @throws AssertionError naming the law that does not hold
     */
    public static <C extends Batch<C>> void checkSolution(
            Operator<C> t,
            Function<Tensor, C> context,
            Tensor z,
            Tensor data,
            UnaryOperator<double[]> solution,
            double tolerance) {
        try (TensorScope scope = TensorScope.open()) {
            C c = context.apply(data);
            double size = new MapLaws<>(context, z, data, Cases.random(0)).size(new double[0]);
            FixedPointSolver solver = FixedPointSolver.of(new StoppingRule(RESIDUAL * size, RESIDUAL, STEPS, 10));
            Solution solved = solver.solve(t, torch.zeros_like(z), c).orThrow();
            Tensor x = t.solution(solved.z(), c);
            int batch = (int) data.size(0);
            double[] found = Tensors.doubles(x);
            double[] given = Tensors.doubles(data);
            for (int i = 0; i < batch; i++) {
                double[] row = Distances.row(found, i, found.length / batch);
                double[] expected = solution.apply(Distances.row(given, i, given.length / batch));
                assertThat(row).as("fixed point is the solution").hasSameSizeAs(expected);
                for (int j = 0; j < row.length; j++) {
                    assertThat(Math.abs(row[j] - expected[j]))
                            .as("fixed point is the solution")
                            .isLessThanOrEqualTo(tolerance);
                }
            }
            for (Constraint<C> set : t.constraints()) {
                for (double violation : Tensors.doubles(set.violation(x, c))) {
                    assertThat(violation).as("solution meets the constraints").isLessThanOrEqualTo(tolerance);
                }
            }
        }
    }
}
