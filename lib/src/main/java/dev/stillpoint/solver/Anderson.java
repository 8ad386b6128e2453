package dev.stillpoint.solver;

/**
 * Anderson acceleration of type II, safeguarded: T(z) − ΔG·γ, where γ minimises ‖f − ΔF·γ‖² for the residual f = T(z) − z
 * and the last {@code memory} differences ΔF of residuals and ΔG of images, every sample with a γ of its own.
 *
 * <p>An accelerated iterate whose residual is above 0.999 of the largest of the last five accepted ones is dropped: the
 * sample goes on from the plain step that it left, with an empty history, and takes 1, 2, 4, ... plain steps before the
 * next accelerated one, until one is accepted. Any tolerance is met where T is nonexpansive and Picard meets it from every
 * start: plain steps never raise the residual, so each accepted acceleration shrinks the largest of five for good, and if
 * they end, all but log₂ k of k steps are Picard's.
 *
 * <p>Cost a step: O(memory²·m) and 2·(memory + 1) iterates of memory. Pays where T is costly and contracts slowly.
 *
 * <p>Reference: Walker and Ni 2011, algorithm AA, doi 10.1137/10078356X. Differences: (1) γ is regularised; (2) the
 * safeguard, whose window is that of Grippo, Lampariello and Lucidi 1986, doi 10.1137/0723046.
 *
 * @param memory differences kept, ≥ 1
 * @param regularization λ > 0: γ's normal equations, their columns scaled to length one, get λ·trace/columns on the
 *     diagonal, so that no scale of the problem matters; at least ten roundings of the iterates' precision are taken
 */
public record Anderson(int memory, double regularization) implements Acceleration {
    /** Checks the numbers. */
    public Anderson {
        if (memory < 1) {
            throw new IllegalArgumentException("Anderson: need memory >= 1, got " + memory);
        }
        if (!(regularization > 0) || Double.isInfinite(regularization)) {
            throw new IllegalArgumentException("Anderson: need finite regularization > 0, got " + regularization);
        }
    }

    /** The given memory with a regularization of 10⁻¹⁰. */
    public static Anderson of(int memory) {
        return new Anderson(memory, 1e-10);
    }

    @Override
    public Run begin() {
        return new AndersonRun(memory, regularization);
    }
}
