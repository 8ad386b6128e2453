package dev.stillpoint.tensor;

import java.util.ArrayList;
import java.util.List;
import java.util.function.UnaryOperator;
import org.bytedeco.pytorch.AutoGradMode;
import org.bytedeco.pytorch.BoolOptional;
import org.bytedeco.pytorch.GradMode;
import org.bytedeco.pytorch.NoGradGuard;
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
     * The same on the tape, so that it can be differentiated again: everything between x and y must be differentiable twice.
     */
    public static Tensor tapedVjp(Tensor y, Tensor x, Tensor v) {
        try (TensorScope scope = TensorScope.open()) {
            TensorVector gradients = torch.grad(
                    new TensorVector(y), new TensorVector(x), new TensorVector(v), new BoolOptional(true), true, true);
            Tensor gradient = gradients.get(0);
            return scope.keep(gradient.defined() ? gradient.clone() : torch.zeros_like(x));
        }
    }

    /**
     * vᵀ ∂y/∂x for several inputs in one pass. The tape behind {@code y} stays, and the inputs' own gradients are untouched.
     *
     * @param y taped output, any shape
     * @param xs inputs that {@code y} may have been taped from
     * @param v of {@code y}'s shape
     * @return one of each input's shape; zero where {@code y} does not depend on it. They belong to the open scope.
     */
    public static List<Tensor> vjp(Tensor y, List<Tensor> xs, Tensor v) {
        try (TensorScope scope = TensorScope.open()) {
            List<Tensor> found = new ArrayList<>();
            TensorVector inputs = new TensorVector();
            for (Tensor x : xs) {
                if (x.requires_grad()) {
                    inputs.push_back(x);
                }
            }
            boolean taped = inputs.size() > 0 && y.requires_grad();
            TensorVector gradients = taped
                    ? torch.grad(new TensorVector(y), inputs, new TensorVector(v), new BoolOptional(true), false, true)
                    : new TensorVector();
            long next = 0;
            for (Tensor x : xs) {
                Tensor gradient = taped && x.requires_grad() ? gradients.get(next++) : new Tensor();
                found.add(scope.keep(gradient.defined() ? gradient.clone() : torch.zeros_like(x.detach())));
            }
            return found;
        }
    }

    /**
     * Replaces the gradient that reaches {@code y} during {@code backward()} by {@code pullback(gradient)}, before it
     * flows on to what {@code y} was computed from. The value of {@code y} stays. Off the tape nothing happens.
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
        if (!y.requires_grad()) {
            return y;
        }
        TensorTensorHook hook = new TensorTensorHook() {
            @Override
            public TensorBase call(TensorBase incoming) {
                try (TensorScope scope = TensorScope.open()) {
                    Tensor replaced = pullback.apply(new Tensor(incoming));
                    scope.keepOrGive(replaced, owner);
                    return replaced;
                }
            }
        };
        owner.hold(hook);
        y.register_hook(hook);
        return y;
    }

    /**
     * {@code value}, on the tape as a function of x whose derivative is a symmetric linear map M: gradients and directions
     * alike pass through it as Mg. Differentiable any number of times, though not with respect to what M is made of.
     *
     * @param x of value's shape
     * @param value what x is mapped to
     * @param product g ↦ Mg, of any tensor of that shape; called off the tape
     * @return taped if x is; {@code value} itself if not
     * @throws IllegalStateException if x is taped and no {@link TensorScope} is open
     */
    public static Tensor symmetric(Tensor x, Tensor value, UnaryOperator<Tensor> product) {
        Tensor y = x.requires_grad() ? x.clone() : value;
        return y.requires_grad() ? symmetric(TensorScope.current(), y, value, product) : value;
    }

    /** {@code copy} is an identity on the tape, which takes over the value and whose gradient becomes M times itself. */
    private static Tensor symmetric(TensorScope owner, Tensor copy, Tensor value, UnaryOperator<Tensor> product) {
        try (NoGradGuard offTape = new NoGradGuard()) {
            copy.copy_(value);
        }
        TensorTensorHook hook = new TensorTensorHook() {
            @Override
            public TensorBase call(TensorBase incoming) {
                try (TensorScope scope = TensorScope.open()) {
                    Tensor g = new Tensor(incoming);
                    Tensor pulled = product.apply(g.detach());
                    if (g.requires_grad()) {
                        // A gradient that is itself differentiated: its own derivative is M once more.
                        try (AutoGradMode onTape = new AutoGradMode(true)) {
                            pulled = symmetric(owner, g.clone(), pulled, product);
                        }
                    }
                    scope.keepOrGive(pulled, owner);
                    return pulled;
                }
            }
        };
        owner.hold(hook);
        copy.register_hook(hook);
        return copy;
    }

    /**
     * Ax on the tape of x, for a linear map A that the tape cannot see into: gradients pass through it as A*g, directions as
     * Av. Differentiable any number of times, though not with respect to what A is made of.
     *
     * @param x [batch, n]
     * @param product x ↦ Ax, [batch, n] to [batch, m]; called off the tape
     * @param adjoint y ↦ A*y, back again; called off the tape
     * @return [batch, m], taped if x is
     * @throws IllegalStateException if x is taped and no {@link TensorScope} is open
     */
    public static Tensor linear(Tensor x, UnaryOperator<Tensor> product, UnaryOperator<Tensor> adjoint) {
        Tensor value;
        try (NoGradGuard offTape = new NoGradGuard()) {
            value = product.apply(x.detach());
        }
        return x.requires_grad() && GradMode.is_enabled()
                ? linear(TensorScope.current(), x, value, product, adjoint)
                : value;
    }

    /**
     * A hook may not change the shape of a gradient: rows of x and Ax stand at the beginning of rows that hold either, on which the map
     * is the identity on the tape.
     */
    private static Tensor linear(
            TensorScope owner, Tensor x, Tensor value, UnaryOperator<Tensor> product, UnaryOperator<Tensor> adjoint) {
        long n = x.size(1);
        long m = value.size(1);
        long width = Math.max(n, m);
        Tensor carrier = n == width ? x.clone() : pad(x, width);
        try (NoGradGuard offTape = new NoGradGuard()) {
            carrier.narrow(1, 0, m).copy_(value);
        }
        TensorTensorHook hook = new TensorTensorHook() {
            @Override
            public TensorBase call(TensorBase incoming) {
                try (TensorScope scope = TensorScope.open()) {
                    Tensor g = new Tensor(incoming);
                    Tensor pulled = pad(adjoint.apply(g.detach().narrow(1, 0, m)), width);
                    if (g.requires_grad()) {
                        // A gradient that is itself differentiated: that is linear in g too, by A.
                        try (AutoGradMode onTape = new AutoGradMode(true)) {
                            pulled = pad(
                                    linear(
                                            owner,
                                            g.narrow(1, 0, m),
                                            pulled.narrow(1, 0, n),
                                            /* product= */ adjoint,
                                            /* adjoint= */ product),
                                    width);
                        }
                    }
                    scope.keepOrGive(pulled, owner);
                    return pulled;
                }
            }
        };
        owner.hold(hook);
        carrier.register_hook(hook);
        return carrier.narrow(1, 0, m);
    }

    /** Zeros behind the rows. */
    private static Tensor pad(Tensor rows, long width) {
        return rows.size(1) == width ? rows : torch.constant_pad_nd(rows, 0, width - rows.size(1));
    }
}
