package dev.stillpoint.network;

/** What stands around an image where a convolution reaches beyond its edge. */
public enum Padding {
    /** Zeros. */
    ZEROS,
    /** The nearest pixel of the image. */
    REPLICATE
}
