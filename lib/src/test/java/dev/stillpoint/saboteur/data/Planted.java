package dev.stillpoint.saboteur.data;

/** Looks up: readers may see tensors alone. */
public record Planted(dev.stillpoint.saboteur.network.Planted beside) {}
