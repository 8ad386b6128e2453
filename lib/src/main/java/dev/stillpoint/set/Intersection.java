package dev.stillpoint.set;

import dev.stillpoint.tensor.ParameterVisitor;
import dev.stillpoint.tensor.TensorScope;
import dev.stillpoint.tensor.Tensors;
import java.util.ArrayList;
import java.util.List;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;
import org.bytedeco.pytorch.global.torch.ScalarType;

/**
 * C₁ ∩ … ∩ C_m, not empty. P(x) is the limit of Dykstra's sweeps, over i = 1, …, m: y = P_i(x + p_i), p_i ← x + p_i − y,
 * x ← y.
 *
 * <p>A sample ends when √(Σ ‖Δp_i‖²) ≤ tolerance·(1 + ‖x‖), or 16 roundings of its type, and is left as it is from then on,
 * so it does not depend on its batch. Δx would not do: x can rest for many sweeps before it moves on. After
 * {@code maxSweeps}, or if the intersection is empty, the result is the last x: in C_m, and {@link #violation} says how far
 * from the rest. Put last what must hold exactly.
 *
 * <p>A sweep costs m projections; with the tape on every sweep is taped, so memory grows with their number. The loop is
 * here because a projection is a plain map that operators call, and sets stand below the solver. Where status and implicit
 * gradients matter, give the sets to a splitting operator one by one instead.
 *
 * <p>Reference: Boyle and Dykstra 1986; the stopping rule is Birgin and Raydan 2005, SIAM J. Sci. Comput. 26(4).
 *
 * @param sets C₁, …, C_m, at least one
 * @param tolerance positive; the error is of this order where sweeps converge fast, and larger where they are slow
 * @param maxSweeps at least 1
 * @param <C> the context, shared by all sets
 */
public record Intersection<C>(List<ConvexSet<C>> sets, double tolerance, int maxSweeps) implements ConvexSet<C> {
    private static final double DEFAULT_TOLERANCE = 1e-10;
    private static final int DEFAULT_SWEEPS = 10_000;
    /** Corrections that differ by this many roundings may do so for ever. */
    private static final double ROUNDINGS = 16;

    /** Where things are in the state of a sweep. */
    private static final int CURRENT = 0;

    private static final int RUNNING = 1;
    private static final int CORRECTIONS = 2;

    /** Copies the list, and checks the numbers. */
    public Intersection {
        sets = List.copyOf(sets);
        if (sets.isEmpty()) {
            throw new IllegalArgumentException("Intersection: need at least one set, got none");
        }
        if (!(tolerance > 0) || Double.isInfinite(tolerance)) {
            throw new IllegalArgumentException("Intersection: need finite tolerance > 0, got " + tolerance);
        }
        if (maxSweeps < 1) {
            throw new IllegalArgumentException("Intersection: need maxSweeps >= 1, got " + maxSweeps);
        }
    }

    /**
     * The intersection with tolerance 10⁻¹⁰ and at most 10 000 sweeps.
     *
     * @param sets C₁, …, C_m, at least one
     * @param <C> the context
     */
    public static <C> Intersection<C> of(List<? extends ConvexSet<C>> sets) {
        return new Intersection<>(List.copyOf(sets), DEFAULT_TOLERANCE, DEFAULT_SWEEPS);
    }

    /** The same sets with another tolerance. */
    public Intersection<C> withTolerance(double tolerance) {
        return new Intersection<>(sets, tolerance, maxSweeps);
    }

    /** The same sets with another limit. */
    public Intersection<C> withMaxSweeps(int maxSweeps) {
        return new Intersection<>(sets, tolerance, maxSweeps);
    }

    @Override
    public Tensor project(Tensor x, C c) {
        Tensors.check("Intersection: x", x, -1, -1);
        if (sets.size() == 1) {
            return sets.get(0).project(x, c);
        }
        double rounding = Tensors.type(x) == ScalarType.Double ? Math.ulp(1.0) : Math.ulp(1f);
        double relative = Math.max(tolerance, ROUNDINGS * rounding);
        // The state outlives the scope of the sweep that makes it, and is given back after the next.
        List<Tensor> state = persisted(start(x));
        try {
            for (int sweep = 0; sweep < maxSweeps && anyRuns(state); sweep++) {
                List<Tensor> before = state;
                try (TensorScope scope = TensorScope.open()) {
                    state = persisted(sweep(before, relative, c));
                }
                before.forEach(TensorScope::release);
            }
            return state.get(CURRENT).clone();
        } finally {
            state.forEach(TensorScope::release);
        }
    }

    /** x, which samples go on [batch, 1], and the corrections p_i = 0. */
    private List<Tensor> start(Tensor x) {
        List<Tensor> state = new ArrayList<>();
        state.add(x.clone());
        state.add(torch.ones_like(x.detach().sum(1)).gt(new Scalar(0.0)).unsqueeze(1));
        for (int i = 0; i < sets.size(); i++) {
            state.add(torch.zeros_like(x));
        }
        return state;
    }

    private List<Tensor> sweep(List<Tensor> state, double relative, C c) {
        Tensor current = state.get(CURRENT);
        Tensor running = state.get(RUNNING);
        List<Tensor> corrections = new ArrayList<>();
        Tensor change = torch.zeros_like(current.detach().sum(1));
        Tensor next = current;
        for (int i = 0; i < sets.size(); i++) {
            Tensor p = state.get(CORRECTIONS + i);
            Tensor shifted = next.add(p);
            next = sets.get(i).project(shifted, c);
            Tensor corrected = shifted.sub(next);
            change = change.add(corrected.detach().sub(p.detach()).square().sum(1));
            corrections.add(torch.where(running, corrected, p));
        }
        Tensor x = torch.where(running, next, current);
        Tensor limit = Tensors.rowNorm(x.detach()).add(new Scalar(1.0)).mul(new Scalar(relative));
        // NaN ends the sample too.
        Tensor goOn = running.bitwise_and(change.sqrt().gt(limit).unsqueeze(1));
        List<Tensor> after = new ArrayList<>(List.of(x, goOn));
        after.addAll(corrections);
        return after;
    }

    /** In a scope of its own: even a flag kept for every sweep pins the heap between large iterates, which then grows. */
    private static boolean anyRuns(List<Tensor> state) {
        try (TensorScope scope = TensorScope.open()) {
            return state.get(RUNNING).any().item_bool();
        }
    }

    private static List<Tensor> persisted(List<Tensor> state) {
        state.forEach(TensorScope::persist);
        return state;
    }

    @Override
    public Tensor violation(Tensor x, C c) {
        Tensor worst = sets.get(0).violation(x, c);
        for (ConvexSet<C> set : sets) {
            worst = torch.maximum(worst, set.violation(x, c));
        }
        return worst;
    }

    @Override
    public void visit(ParameterVisitor visitor) {
        for (int i = 0; i < sets.size(); i++) {
            visitor.part(Integer.toString(i), sets.get(i));
        }
    }
}
