package dev.stillpoint.network;

/** Whether a layer adds a learned constant a channel. */
public enum Bias {
    /** It does. */
    LEARNED,
    /** It does not, and has no parameter of that name. */
    NONE
}
