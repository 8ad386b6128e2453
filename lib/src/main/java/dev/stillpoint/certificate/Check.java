package dev.stillpoint.certificate;

/** How one property of an inference is judged: a number, small is good. NaN never passes. */
public sealed interface Check permits HardLimit, Quantile {
    /** The property's name, as in reports: "constraints". */
    String name();

    /** The verdict on a value. */
    Label label(double value);
}
