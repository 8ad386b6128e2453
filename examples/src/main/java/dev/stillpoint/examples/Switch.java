package dev.stillpoint.examples;

import dev.stillpoint.Encoder;
import dev.stillpoint.ImplicitNetwork;
import dev.stillpoint.Inference;
import dev.stillpoint.Start;
import dev.stillpoint.adjoint.Adjoint;
import dev.stillpoint.adjoint.JacobianFree;
import dev.stillpoint.adjoint.Switching;
import dev.stillpoint.network.Linear;
import dev.stillpoint.operator.Operator;
import dev.stillpoint.solver.FixedPointSolver;
import dev.stillpoint.solver.Gmres;
import dev.stillpoint.solver.StoppingRule;
import dev.stillpoint.tensor.Learnable;
import dev.stillpoint.tensor.Rows;
import dev.stillpoint.tensor.TensorScope;
import dev.stillpoint.tensor.Tensors;
import dev.stillpoint.train.Adam;
import java.util.Locale;
import java.util.SplittableRandom;
import java.util.function.Function;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;

/**
 * Where Jacobian-free backpropagation walks uphill: z = 0.9·Rz + DΘd, R a rotation, D = diag(1, 5). The theorem behind it
 * asks for κ(DᵀD) ≤ 1/0.9, and here it is 25. {@link Switching} sees that the gradients point apart, and trains.
 */
public final class Switch {
    private static final int STEPS = 100;
    private static final StoppingRule TIGHT = StoppingRule.tolerance(1e-6).withRelTol(1e-5);

    private Switch() {}

    /** The loss before each step, and at each step the cosine of the two gradients, NaN where it was not measured. */
    record Curve(double[] loss, double[] cosine) {}

    /** Trains twice from the same weights and prints every tenth step. */
    public static void main(String[] args) {
        // A threshold of -1 is never undercut: this one measures only, and every step is Jacobian-free.
        Curve free = train(encoder -> new Switching(encoder, gmres(), 10, -1));
        Curve switching = train(encoder -> new Switching(encoder, gmres(), 10, 0.1));
        System.out.println("step   JFB: loss  cosine   switching: loss  cosine");
        for (int i = 0; i < STEPS; i += 10) {
            System.out.printf(
                    Locale.ROOT,
                    "%4d  %10.4f  %6.2f  %16.4f  %6.2f%n",
                    i,
                    free.loss()[i],
                    free.cosine()[i],
                    switching.loss()[i],
                    switching.cosine()[i]);
        }
    }

    static Gmres gmres() {
        return new Gmres(TIGHT.withMaxSteps(100), 10);
    }

    /** The same without a probe. */
    static Curve jacobianFree() {
        return train(encoder -> new JacobianFree());
    }

    static Curve train(Function<Learnable, Adjoint> rule) {
        SplittableRandom random = new SplittableRandom(3);
        Tensor inputs = TensorScope.persist(normal(random, 16, 3));
        Tensor targets = TensorScope.persist(inputs.matmul(normal(random, 3, 1)));
        Tensor rotated = TensorScope.persist(Tensors.of(new float[] {0.81f, 0.392f, -0.392f, 0.81f}, 2, 2)); // 0.9·Rᵀ
        Tensor scales = TensorScope.persist(Tensors.of(new float[] {1, 5}, 2)); // D
        Tensor readOut = TensorScope.persist(Tensors.of(new float[] {1, 0.5f}, 2, 1));
        // region switch
        Operator<Rows> t = (z, c) -> z.matmul(rotated).add(c.values().mul(scales));
        Encoder<Tensor, Rows> encoder = Encoder.of(new Linear(3, 2, random));
        Adjoint adjoint = rule.apply(encoder); // new Switching(encoder, gmres, 10, 0.1)
        ImplicitNetwork<Tensor, Rows> network =
                new ImplicitNetwork<>(encoder, t, Start.zerosLike(Rows::values), FixedPointSolver.of(TIGHT), adjoint);
        Adam adam = new Adam(network.parameters(), Adam.Options.of(0.05));
        double[] loss = new double[STEPS];
        double[] cosine = new double[STEPS];
        for (int i = 0; i < STEPS; i++) {
            try (TensorScope step = TensorScope.open()) {
                adam.zeroGrad();
                Inference<Rows> inference = network.forward(inputs);
                Tensor error = torch.mse_loss(inference.x().matmul(readOut), targets);
                error.backward();
                adam.step();
                loss[i] = error.item_double();
                cosine[i] = inference.afterBackward().get().cosine();
            }
        }
        // endregion
        return new Curve(loss, cosine);
    }

    private static Tensor normal(SplittableRandom random, int rows, int columns) {
        float[][] values = new float[rows][columns];
        for (float[] row : values) {
            for (int j = 0; j < columns; j++) {
                row[j] = (float) random.nextGaussian();
            }
        }
        return Tensors.of(values);
    }
}
