package dev.stillpoint.certificate;

/**
 * What a check says of one inference.
 *
 * @param name the property
 * @param value the property's value
 * @param label the verdict
 * @param hard whether the property must hold, rather than usually holds
 */
public record Certificate(String name, double value, Label label, boolean hard) {}
