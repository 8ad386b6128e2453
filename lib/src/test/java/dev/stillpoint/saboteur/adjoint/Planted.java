package dev.stillpoint.saboteur.adjoint;

/** Looks up: an adjoint may not know the network that it serves. Looking down at the sets, it closes a cycle. */
public record Planted(dev.stillpoint.saboteur.Planted above, dev.stillpoint.saboteur.set.Planted below) {}
