package dev.stillpoint.saboteur;

/** Looks up: a network may not know how it is trained. */
public record Planted(dev.stillpoint.saboteur.train.Planted above) {}
