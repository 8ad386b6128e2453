package dev.stillpoint.tensor;

import java.util.function.UnaryOperator;
import org.bytedeco.pytorch.BoolOptional;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorBase;
import org.bytedeco.pytorch.TensorTensorHook;
import org.bytedeco.pytorch.TensorVector;
import org.bytedeco.pytorch.global.torch;

/** Vector-Jacobian products and custom gradients on libtorch's tape. */
public final class Autograd {
    private Autograd() {}

    /**
     * vᵀ ∂y/∂x. The tape behind {@code y} stays, so that it can be asked again.
     *
     * @param y taped output, any shape
     * @param x the input that {@code y} was taped from
     * @param v of {@code y}'s shape
     * @return of {@code x}'s shape; zero where {@code y} does not depend on {@code x}. Belongs to the open scope.
     */
    public static Tensor vjp(Tensor y, Tensor x, Tensor v) {
        try (TensorScope scope = TensorScope.open()) {
            TensorVector gradients = torch.grad(
                    new TensorVector(y), new TensorVector(x), new TensorVector(v), new BoolOptional(true), false, true);
            Tensor gradient = gradients.get(0);
            return scope.keep(gradient.defined() ? gradient.clone() : torch.zeros_like(x));
        }
    }

    /**
     * Replaces the gradient that reaches {@code y} during {@code backward()} by {@code pullback(gradient)}, before it
     * flows on to what {@code y} was computed from. The value of {@code y} stays.
     *
     * <p>The pullback runs off the tape, on the thread that calls {@code backward()} (for CPU tensors), and the open scope
     * keeps it alive: {@code backward()} must be called before that scope closes. An exception thrown by the pullback
     * comes out of {@code backward()} with its message.
     *
     * @return {@code y}
     * @throws IllegalStateException if no {@link TensorScope} is open
     */
    public static Tensor replaceGradient(Tensor y, UnaryOperator<Tensor> pullback) {
        TensorScope owner = TensorScope.current();
        TensorTensorHook hook = new TensorTensorHook() {
            @Override
            public TensorBase call(TensorBase incoming) {
                try (TensorScope scope = TensorScope.open()) {
                    Tensor replaced = pullback.apply(new Tensor(incoming));
                    // Native code copies the result after this method has returned.
                    owner.adopt(replaced);
                    return replaced;
                }
            }
        };
        owner.hold(hook);
        y.register_hook(hook);
        return y;
    }
}
