package dev.stillpoint.saboteur.tensor;

/** Looks up: tensors may see kernels alone. */
public record Planted(dev.stillpoint.saboteur.set.Planted above) {}
