package dev.stillpoint.saboteur.operator;

/** Looks up: an operator may not know how it is iterated. */
public record Planted(dev.stillpoint.saboteur.solver.Planted above) {}
