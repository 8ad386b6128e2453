package dev.stillpoint.operator;

import dev.stillpoint.tensor.Learnable;
import dev.stillpoint.tensor.ParameterVisitor;
import dev.stillpoint.tensor.TensorScope;
import dev.stillpoint.tensor.Tensors;
import java.util.OptionalDouble;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch.ScalarType;

/** The steps α, λ and β of {@link LinearizedAdmm}, which converges for αλ ≤ 1 and αβ(‖K‖² + ‖A‖²) &lt; 1. */
public sealed interface AdmmSteps extends Learnable permits AdmmSteps.Fixed, AdmmSteps.Learned {
    /**
     * The steps as tensors without dimensions, on the tape where they are learned.
     *
     * @param normSquared ‖K‖² + ‖A‖² where both are known
     */
    Values at(OptionalDouble normSquared);

    /**
     * Checks that the conditions hold.
     *
     * @param operator whose they are, for the message
     * @param normSquared as {@link #at} has it
     * @throws IllegalArgumentException if one does not
     */
    void check(String operator, OptionalDouble normSquared);

    /**
     * What {@link #at} gives.
     *
     * @param alpha the step of the duals
     * @param lambda the step of p and w
     * @param beta the step of x
     */
    record Values(Tensor alpha, Tensor lambda, Tensor beta) {}

    /**
     * Steps that stay.
     *
     * @param alpha the step of the duals
     * @param lambda the step of p and w, at most 1/α; with 1/α, p and w are those of the exact method
     * @param beta the step of x
     */
    record Fixed(double alpha, double lambda, double beta) implements AdmmSteps {
        /** λ = 1/α and β = share/(α(‖K‖² + ‖A‖²)). */
        public static Fixed of(double alpha, double share, double normSquared) {
            return new Fixed(alpha, 1 / alpha, share / (alpha * normSquared));
        }

        @Override
        public Values at(OptionalDouble normSquared) {
            return new Values(Tensors.scalar(alpha), Tensors.scalar(lambda), Tensors.scalar(beta));
        }

        @Override
        public void check(String operator, OptionalDouble normSquared) {
            Splitting.checkAdmm(operator, alpha, lambda, beta, normSquared);
        }
    }

    /**
     * Steps that are trained and cannot leave the conditions: α = eᵃ, λ = σ(l)/α and β = 0.999·σ(b)/(α(‖K‖² + ‖A‖²)), σ being
     * the logistic function and a, l, b the parameters. Both operators must declare their norms.
     *
     * <p>x* does not depend on α and β, nor on λ where f is a function: what these learn is how one step approximates many.
     */
    final class Learned implements AdmmSteps {
        /** σ rounds to one, and the condition on β is strict. */
        private static final double MOST = 0.999;

        private final Tensor a;
        private final Tensor l;
        private final Tensor b;

        /**
         * Parameters for steps to start from.
         *
         * @param type of the parameters
         * @param alpha α &gt; 0
         * @param lambda αλ, in (0, 1)
         * @param beta αβ(‖K‖² + ‖A‖²)/0.999, in (0, 1)
         * @throws IllegalArgumentException unless they are
         */
        public Learned(ScalarType type, double alpha, double lambda, double beta) {
            Splitting.checkStep("AdmmSteps", alpha);
            this.a = parameter(type, Math.log(alpha));
            this.l = parameter(type, logit("lambda", lambda));
            this.b = parameter(type, logit("beta", beta));
        }

        @Override
        public Values at(OptionalDouble normSquared) {
            Tensor alpha = a.squeeze().exp();
            Tensor lambda = l.squeeze().sigmoid().div(alpha);
            Tensor beta = b.squeeze()
                    .sigmoid()
                    .mul(new Scalar(MOST / normSquared.orElseThrow()))
                    .div(alpha);
            return new Values(alpha, lambda, beta);
        }

        @Override
        public void check(String operator, OptionalDouble normSquared) {
            if (normSquared.isEmpty()) {
                throw new IllegalArgumentException(operator
                        + ": need operators that declare their norms for learned steps, got one that does not");
            }
        }

        @Override
        public void visit(ParameterVisitor visitor) {
            visitor.parameter("alpha", a);
            visitor.parameter("lambda", l);
            visitor.parameter("beta", b);
        }

        private static double logit(String name, double share) {
            if (!(share > 0 && share < 1)) {
                throw new IllegalArgumentException("AdmmSteps: need 0 < share of " + name + " < 1, got " + share);
            }
            return Math.log(share / (1 - share));
        }

        private static Tensor parameter(ScalarType type, double value) {
            try (TensorScope scope = TensorScope.open()) {
                return TensorScope.persist(
                        Tensors.of(new double[] {value}, 1).to(type).clone().requires_grad_(true));
            }
        }
    }
}
