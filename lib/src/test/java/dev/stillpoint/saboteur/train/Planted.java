package dev.stillpoint.saboteur.train;

/** The top may see everything. */
public record Planted(dev.stillpoint.saboteur.kernel.Planted below) {}
