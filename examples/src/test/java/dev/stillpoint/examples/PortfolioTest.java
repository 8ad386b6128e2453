package dev.stillpoint.examples;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.stillpoint.ImplicitNetwork;
import dev.stillpoint.adjoint.Adjoint;
import dev.stillpoint.adjoint.GradientCheck;
import dev.stillpoint.adjoint.GradientException;
import dev.stillpoint.adjoint.Implicit;
import dev.stillpoint.adjoint.JacobianFree;
import dev.stillpoint.solver.StoppingRule;
import dev.stillpoint.tensor.Rows;
import dev.stillpoint.tensor.TensorScope;
import dev.stillpoint.tensor.Tensors;
import java.nio.file.Files;
import java.nio.file.Path;
import org.bytedeco.pytorch.Tensor;
import org.junit.jupiter.api.Test;

/** A stranger's first model: feasible portfolios, two adjoints, a checked gradient, in less than 60 lines. */
class PortfolioTest {
    private static final double SOLVED = 1e-8;

    /** A few of the comparisons that the standard check makes. */
    private static final GradientCheck CHECK = new GradientCheck(1e-4, 2, 2, 0);

    private static final Adjoint EXACT = Implicit.gmres(StoppingRule.tolerance(1e-10));

    @Test
    void jacobianFreeTrains() {
        assertThat(Portfolio.train(new JacobianFree())).isLessThan(untrained() / 10);
    }

    @Test
    void theExactGradientTrains() {
        assertThat(Portfolio.train(EXACT)).isLessThan(untrained() / 2);
    }

    private static double untrained() {
        try (TensorScope scope = TensorScope.open()) {
            return Portfolio.loss(Portfolio.network(2, EXACT)).item_double();
        }
    }

    @Test
    void portfoliosAreFeasible() {
        try (TensorScope scope = TensorScope.open()) {
            Tensor extreme = Tensors.of(new double[] {1e3, -2, 0, 0, 0, 1e-3}, 2, 3);
            assertThat(Portfolio.network(2, EXACT).infer(extreme).violation()).hasSize(2);
            for (double violation : Portfolio.network(2, EXACT).infer(extreme).violation()) {
                assertThat(violation).isLessThan(SOLVED);
            }
        }
    }

    @Test
    void theGradientIsCheckedAndJacobianFreeIsAnother() {
        try (TensorScope scope = TensorScope.open()) {
            ImplicitNetwork<Tensor, Rows> exact = Portfolio.network(2, EXACT);
            CHECK.of(exact, () -> Portfolio.loss(exact)).orThrow();
            ImplicitNetwork<Tensor, Rows> free = Portfolio.network(2, new JacobianFree());
            assertThatThrownBy(() -> CHECK.of(free, () -> Portfolio.loss(free)).orThrow())
                    .isInstanceOf(GradientException.class);
        }
    }

    @Test
    void fitsOnAPage() throws Exception {
        assertThat(Files.readAllLines(Path.of("src/main/java/dev/stillpoint/examples/Portfolio.java")))
                .hasSizeLessThan(60);
    }
}
