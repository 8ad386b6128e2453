package dev.stillpoint.saboteur.set;

/** Looks up, and touches native pointers. */
public record Planted(dev.stillpoint.saboteur.operator.Planted above, org.bytedeco.javacpp.Pointer pointer) {}
