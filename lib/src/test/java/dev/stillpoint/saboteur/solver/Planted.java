package dev.stillpoint.saboteur.solver;

/** Looks up: the loop may not know how it is differentiated. */
public record Planted(dev.stillpoint.saboteur.adjoint.Planted above) {}
