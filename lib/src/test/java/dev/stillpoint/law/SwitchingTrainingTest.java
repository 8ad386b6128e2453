package dev.stillpoint.law;

import static org.assertj.core.api.Assertions.assertThat;

import dev.stillpoint.adjoint.Adjoint;
import dev.stillpoint.adjoint.Implicit;
import dev.stillpoint.adjoint.JacobianFree;
import dev.stillpoint.adjoint.Switching;
import dev.stillpoint.solver.Gmres;
import dev.stillpoint.solver.StoppingRule;
import dev.stillpoint.tensor.Learnable;
import dev.stillpoint.tensor.TensorScope;
import dev.stillpoint.tensor.Tensors;
import dev.stillpoint.train.Adam;
import java.util.function.Function;
import org.bytedeco.pytorch.Tensor;
import org.junit.jupiter.api.Test;

/** Training where Jacobian-free steps go uphill, and where they do not; {@link SwitchingTest} has the single steps. */
class SwitchingTrainingTest {
    /** κ(DᵀD) = 25 where the theorem allows 1/0.9. */
    private static final double BAD = 5;

    private static final double GOOD = 1;

    /** The data can be met exactly; sixty steps come this near. */
    private static final double LEARNED = 0.1;

    private static final double THRESHOLD = 0.1;
    private static final Gmres EXACT = new Gmres(new StoppingRule(0, 1e-12, 1_000, 1), 30);
    private static final Function<Learnable, Adjoint> SWITCHING =
            encoder -> new Switching(encoder, EXACT, 20, THRESHOLD);

    /** The loss of every step, and Θ at the end. */
    private record Trained(double[] losses, double[] theta) {
        double first() {
            return losses[0];
        }

        double last() {
            return losses[losses.length - 1];
        }
    }

    private static Trained train(double spread, Function<Learnable, Adjoint> adjoint) {
        Uphill problem = new Uphill(spread, 1, adjoint);
        Adam adam = new Adam(problem.network.parameters(), Adam.Options.of(0.1));
        double[] losses = new double[60];
        for (int i = 0; i < losses.length; i++) {
            try (TensorScope scope = TensorScope.open()) {
                adam.zeroGrad();
                Tensor loss = problem.loss();
                losses[i] = loss.item_double();
                loss.backward();
                adam.step();
            }
        }
        return new Trained(losses, Tensors.doubles(problem.theta()));
    }

    @Test
    void jacobianFreeAscendsWhereSwitchingTrains() {
        Trained free = train(BAD, encoder -> new JacobianFree());
        Trained implicit = train(BAD, encoder -> new Implicit(EXACT));
        Trained switching = train(BAD, SWITCHING);
        assertThat(free.last()).isGreaterThan(4 * free.first());
        for (int i = 1; i < free.losses.length; i++) {
            assertThat(free.losses[i]).as("step " + i).isGreaterThan(free.losses[i - 1]);
        }
        assertThat(implicit.last()).isLessThan(LEARNED * implicit.first());
        assertThat(switching.last()).isLessThan(LEARNED * switching.first());
        // The probe of the first call switched: no step was Jacobian-free.
        assertThat(switching.theta).containsExactly(implicit.theta);
        // What is uphill is the problem, not the test: where the theorem holds Jacobian-free steps train too.
        Trained good = train(GOOD, encoder -> new JacobianFree());
        assertThat(good.last()).isLessThan(good.first() / 2);
    }

    @Test
    void jacobianFreeStepsAreTakenWhereTheyAreGood() {
        Trained switching = train(GOOD, SWITCHING);
        assertThat(switching.theta).containsExactly(train(GOOD, encoder -> new JacobianFree()).theta);
        assertThat(switching.theta).isNotEqualTo(train(GOOD, encoder -> new Implicit(EXACT)).theta);
    }
}
