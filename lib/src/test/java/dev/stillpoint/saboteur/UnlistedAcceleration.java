package dev.stillpoint.saboteur;

import dev.stillpoint.solver.Acceleration;

/** A public acceleration that no catalogue has. */
public final class UnlistedAcceleration implements Acceleration {
    @Override
    public Run begin() {
        throw new AssertionError("never run");
    }
}
