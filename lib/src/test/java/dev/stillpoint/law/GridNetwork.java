package dev.stillpoint.law;

import dev.stillpoint.Encoder;
import dev.stillpoint.ImplicitNetwork;
import dev.stillpoint.adjoint.Adjoint;
import dev.stillpoint.law.PolytopeProblem.Costs;
import dev.stillpoint.network.Layer;
import dev.stillpoint.network.LeakyRelu;
import dev.stillpoint.network.Linear;
import dev.stillpoint.network.Sequential;
import dev.stillpoint.solver.FixedPointSolver;
import dev.stillpoint.tensor.ParameterVisitor;
import dev.stillpoint.tensor.Tensors;
import java.util.random.RandomGenerator;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;

/** The smallest real network: features to arc costs to a flow on a grid, in float32. */
public final class GridNetwork {
    /** The number of features. */
    public static final int FEATURES = 5;

    private static final double GAMMA = 0.5;
    private static final double STEP = 0.5;

    private GridNetwork() {}

    /** A network on a k x k grid. */
    public static ImplicitNetwork<Tensor, Costs> of(int k, long seed, FixedPointSolver solver, Adjoint adjoint) {
        PolytopeProblem problem = PolytopeProblem.grid(k, GAMMA, STEP);
        RandomGenerator random = Cases.random(seed);
        Layer layers =
                Sequential.of(new Linear(FEATURES, 8, random), new LeakyRelu(0.1), new Linear(8, problem.n(), random));
        return new ImplicitNetwork<>(
                new CostEncoder(layers), problem.operator(), c -> torch.zeros_like(c.w()), solver, adjoint);
    }

    /** Normal features, [batch, {@value #FEATURES}]. */
    public static Tensor features(long seed, int batch) {
        double[] values = Cases.normal(Cases.random(seed), batch * FEATURES, 1);
        float[] floats = new float[values.length];
        for (int i = 0; i < floats.length; i++) {
            floats[i] = (float) values[i];
        }
        return Tensors.of(floats, batch, FEATURES);
    }

    /** Features to costs. */
    private record CostEncoder(Layer layers) implements Encoder<Tensor, Costs> {
        @Override
        public Costs encode(Tensor input) {
            return new Costs(layers.forward(input));
        }

        @Override
        public void visit(ParameterVisitor visitor) {
            visitor.part("layers", layers);
        }
    }
}
