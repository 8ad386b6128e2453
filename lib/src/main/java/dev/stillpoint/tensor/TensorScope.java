package dev.stillpoint.tensor;

import java.util.ArrayList;
import java.util.List;
import org.bytedeco.javacpp.Pointer;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.Tensor;
import org.jspecify.annotations.Nullable;

/**
 * Owns every tensor made on this thread while it is the innermost open scope, and frees them when it closes.
 *
 * <pre>{@code
 * try (TensorScope step = TensorScope.open()) {
 *     Tensor y = a.matmul(b).relu();   // freed at the closing brace, temporaries included
 *     step.keep(y);                    // unless handed to the enclosing scope
 * }
 * }</pre>
 *
 * <p>Scopes nest, are confined to the thread that opened them and close in reverse order.
 */
public final class TensorScope implements AutoCloseable {
    private static final ThreadLocal<@Nullable TensorScope> INNERMOST = new ThreadLocal<>();

    static {
        NativeLibraries.load();
    }

    private final Thread owner = Thread.currentThread();
    private final @Nullable TensorScope enclosing = INNERMOST.get();
    private final PointerScope pointers = new PointerScope();
    /** Callbacks that native code holds by address alone: collected too early, {@code backward()} would call freed memory. */
    private final List<Pointer> callbacks = new ArrayList<>();

    private boolean closed;

    private TensorScope() {
        INNERMOST.set(this);
    }

    /** Opens a scope inside the current one. */
    public static TensorScope open() {
        return new TensorScope();
    }

    /**
     * The innermost open scope of this thread.
     *
     * @throws IllegalStateException if none is open
     */
    public static TensorScope current() {
        TensorScope scope = INNERMOST.get();
        if (scope == null) {
            throw new IllegalStateException("TensorScope: need an open scope on this thread, got none;"
                    + " wrap the call in try (TensorScope scope = TensorScope.open()) { ... }");
        }
        return scope;
    }

    /** Hands {@code t} to the enclosing scope, or to the caller (see {@link #persist}) where there is none; returns it. */
    public Tensor keep(Tensor t) {
        if (enclosing == null) {
            return persist(t);
        }
        enclosing.pointers.attach(t);
        if (!callbacks.isEmpty() && t.requires_grad()) {
            // Its gradient may pass through what this scope holds.
            callbacks.forEach(enclosing::hold);
        }
        return t;
    }

    /** Makes {@code t} outlive every scope, until {@link #release} or garbage collection; returns it. For weights and state. */
    public static Tensor persist(Tensor t) {
        t.retainReference();
        return t;
    }

    /** Gives back what {@link #persist} took; the native memory is freed with the last owner. */
    public static void release(Tensor t) {
        t.releaseReference();
    }

    /**
     * Hands {@code t}, the result of a callback, to the enclosing scope: native code copies it after the callback has returned, and
     * who asked for the gradient frees it, so that asking a thousand times takes no more memory than once.
     *
     * @param other owns it instead where no scope encloses this one
     */
    void keepOrGive(Tensor t, TensorScope other) {
        if (enclosing == null) {
            other.alive().pointers.attach(t);
        } else {
            keep(t);
        }
    }

    /** Keeps {@code callback} reachable and its native part alive until this scope closes. */
    void hold(Pointer callback) {
        TensorScope scope = alive();
        scope.pointers.attach(callback);
        scope.callbacks.add(callback);
    }

    /** This scope, or the one that what it kept was handed to when it closed. */
    private TensorScope alive() {
        TensorScope scope = this;
        while (scope.closed && scope.enclosing != null) {
            scope = scope.enclosing;
        }
        return scope;
    }

    /**
     * Frees what this scope owns. Closing twice does nothing.
     *
     * @throws IllegalStateException if called on another thread, or while an inner scope is open
     */
    @Override
    public void close() {
        if (closed) {
            return;
        }
        if (Thread.currentThread() != owner) {
            throw new IllegalStateException("TensorScope: need to close on thread '" + owner.getName() + "', got '"
                    + Thread.currentThread().getName() + "'");
        }
        if (INNERMOST.get() != this) {
            throw new IllegalStateException("TensorScope: need inner scopes closed first, got one still open");
        }
        closed = true;
        pointers.close();
        callbacks.clear();
        if (enclosing == null) {
            INNERMOST.remove();
        } else {
            INNERMOST.set(enclosing);
        }
    }
}
