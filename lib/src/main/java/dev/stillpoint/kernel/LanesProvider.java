package dev.stillpoint.kernel;

/** Brings {@link Lanes}; found by {@link java.util.ServiceLoader}. */
public interface LanesProvider {
    /**
     * The lanes.
     *
     * @throws UnsupportedOperationException with the reason, where this processor or Java has nothing faster than plain Java
     */
    Lanes lanes();
}
