package dev.stillpoint.saboteur.certificate;

/** Looks aside: certificates and adjoints are apart. */
public record Planted(dev.stillpoint.saboteur.adjoint.Planted beside) {}
