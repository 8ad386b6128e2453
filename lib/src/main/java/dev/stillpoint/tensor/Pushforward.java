package dev.stillpoint.tensor;

import org.bytedeco.pytorch.AutoGradMode;
import org.bytedeco.pytorch.BoolOptional;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorVector;
import org.bytedeco.pytorch.global.torch;

/**
 * v ↦ (∂y/∂x)v, a Jacobian-vector product by double backward: u(w) = wᵀ∂y/∂x is taped once, and its derivative along v is
 * the product. Each costs about what a vector-Jacobian product does.
 *
 * <p>Everything between x and y must be differentiable twice, which {@link Autograd#replaceGradient} is not. Owns the
 * second tape until closed.
 */
public final class Pushforward implements AutoCloseable {
    private final Tensor w;
    private final Tensor u;

    /**
     * Tapes the vector-Jacobian product. The tape behind {@code y} stays.
     *
     * @param y taped output
     * @param x the input that {@code y} was taped from
     */
    public Pushforward(Tensor y, Tensor x) {
        try (AutoGradMode onTape = new AutoGradMode(true);
                TensorScope scope = TensorScope.open()) {
            // u is linear in w, so that its derivative is the same everywhere.
            w = TensorScope.persist(torch.zeros_like(y.detach()).requires_grad_(true));
            TensorVector gradients = torch.grad(
                    new TensorVector(y), new TensorVector(x), new TensorVector(w), new BoolOptional(true), true, true);
            Tensor gradient = gradients.get(0);
            u = TensorScope.persist(gradient.defined() ? gradient.clone() : torch.zeros_like(x.detach()));
        }
    }

    /**
     * (∂y/∂x)v.
     *
     * @param v of x's shape
     * @return of y's shape; zero where {@code y} does not depend on {@code x}. Belongs to the open scope.
     */
    public Tensor apply(Tensor v) {
        return u.requires_grad() ? Autograd.vjp(u, w, v) : torch.zeros_like(w).detach();
    }

    @Override
    public void close() {
        TensorScope.release(u);
        TensorScope.release(w);
    }
}
