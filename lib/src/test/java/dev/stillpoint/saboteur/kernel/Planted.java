package dev.stillpoint.saboteur.kernel;

/** Looks up: the kernels may see nothing. */
public record Planted(dev.stillpoint.saboteur.tensor.Planted above) {}
