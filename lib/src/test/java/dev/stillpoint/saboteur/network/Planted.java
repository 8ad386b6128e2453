package dev.stillpoint.saboteur.network;

/** Looks up: layers may see tensors alone. */
public record Planted(dev.stillpoint.saboteur.set.Planted above) {}
