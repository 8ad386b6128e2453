package dev.stillpoint.law;

import static org.assertj.core.api.Assertions.assertThat;

import dev.stillpoint.ImplicitNetwork;
import dev.stillpoint.adjoint.Adjoint;
import dev.stillpoint.adjoint.Implicit;
import dev.stillpoint.adjoint.JacobianFree;
import dev.stillpoint.law.PolytopeProblem.Costs;
import dev.stillpoint.solver.FixedPointSolver;
import dev.stillpoint.solver.StoppingRule;
import dev.stillpoint.tensor.Engine;
import dev.stillpoint.tensor.TensorScope;
import java.util.ArrayList;
import java.util.List;
import org.bytedeco.pytorch.NoGradGuard;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Native memory stays flat while a network is trained and asked, and the Java collector has no part in it. */
class MemoryLawTest {
    /**
     * The growth that passes: half an iterate a measured step. A single batch-sized tensor leaked every second step
     * reaches it; the noise of the Java heap and of malloc does not depend on the number of steps and is far below.
     */
    private static final double LEAK = 0.5;

    /** Objects that a leak of one a run leaves after the runs that are counted. */
    private static final int RUNS = 5;

    private static final int K = 5;
    private static final int ARCS = 2 * K * (K - 1);
    private static final double RATE = 1e-3;

    /** Small models are fastest so, and the pools of more threads would add memory of their own. */
    @BeforeAll
    static void oneThread() {
        Engine.threads(1);
    }

    @Test
    void trainingWithoutJacobians() {
        Training training = new Training(new JacobianFree(), 128, 6);
        MemoryLaws.checkFlat(1_000, 4_000, bound(4_000, 128), training::step);
    }

    @Test
    void trainingWithHooks() {
        Adjoint implicit = Implicit.fixedPoint(StoppingRule.tolerance(1e-3).withMaxSteps(6));
        Training training = new Training(implicit, 512, 6);
        MemoryLaws.checkFlat(300, 900, bound(900, 512), training::step);
    }

    @Test
    void solvesAlone() {
        Training training = new Training(new JacobianFree(), 512, 8);
        MemoryLaws.checkFlat(200, 800, bound(800, 512), training::infer);
    }

    @Test
    void nothingIsLeftToTheCollector() {
        StoppingRule rule = StoppingRule.tolerance(1e-4).withMaxSteps(20);
        Training jacobianFree = new Training(new JacobianFree(), 17, 20);
        Training implicit = new Training(Implicit.fixedPoint(rule), 17, 20);
        Training gmres = new Training(Implicit.gmres(rule), 17, 20);
        Training conjugate = new Training(Implicit.conjugateGradient(rule), 17, 20);
        for (Runnable run :
                List.<Runnable>of(jacobianFree::step, implicit::step, implicit::infer, gmres::step, conjugate::step)) {
            MemoryLaws.checkNothingIsLeft(run);
        }
        Runnable saboteur = inScope(() -> TensorScope.persist(jacobianFree.forward()));
        assertThat(MemoryLaws.leftovers(saboteur)).isEqualTo(RUNS);
    }

    @Test
    void saboteursAreCaught() {
        Training training = new Training(new JacobianFree(), 512, 5);
        List<Tensor> held = new ArrayList<>();
        Runnable neverReleases = () -> held.add(TensorScope.persist(training.forward()));
        assertThat(MemoryLaws.growth(100, 400, inScope(neverReleases))).isGreaterThan(bound(400, 512));
        held.forEach(Tensor::close);
        held.clear();

        // The same references, released with their scopes, are a few bytes of Java each.
        assertThat(MemoryLaws.growth(100, 400, inScope(() -> held.add(training.forward()))))
                .isLessThan(bound(400, 512));
        held.clear();

        // One scope around the whole loop in place of one a step.
        try (TensorScope scope = TensorScope.open()) {
            assertThat(MemoryLaws.growth(100, 400, training::forward)).isGreaterThan(bound(400, 512));
        }
    }

    private static long bound(int steps, int batch) {
        return (long) (LEAK * steps * batch * ARCS * Float.BYTES);
    }

    private static Runnable inScope(Runnable body) {
        return () -> {
            try (TensorScope scope = TensorScope.open()) {
                body.run();
            }
        };
    }

    /** A network, a batch and a target, trained by plain gradient steps. */
    private static final class Training {
        private final ImplicitNetwork<Tensor, Costs> network;
        private final Tensor features;
        private final Tensor target;

        Training(Adjoint adjoint, int batch, int maxSteps) {
            network = GridNetwork.of(
                    K, 1, FixedPointSolver.of(StoppingRule.tolerance(1e-4).withMaxSteps(maxSteps)), adjoint);
            features = GridNetwork.features(2, batch);
            try (TensorScope scope = TensorScope.open()) {
                target = TensorScope.persist(network.infer(features).x().mul(new Scalar(0.5)));
            }
        }

        void step() {
            try (TensorScope scope = TensorScope.open()) {
                Tensor error = network.forward(features).x().sub(target);
                error.mul(error).mean().backward();
                try (NoGradGuard offTape = new NoGradGuard()) {
                    for (Tensor weight : network.parameters().values()) {
                        weight.sub_(weight.grad(), new Scalar(RATE));
                        weight.mutable_grad().zero_();
                    }
                }
            }
        }

        void infer() {
            try (TensorScope scope = TensorScope.open()) {
                network.infer(features);
            }
        }

        Tensor forward() {
            return network.forward(features).x();
        }
    }
}
