package dev.stillpoint.network;

/** How images [batch, channels, h, w] lie in memory. It moves time and last bits, not shapes. */
public enum Layout {
    /** A plane a channel: PyTorch's default. */
    PLANES,
    /**
     * The channels of a pixel side by side. What a convolution of this layout makes has it too, and so has what other
     * operations make of that: on processors, mostly the faster one for many channels on small images.
     */
    CHANNELS_LAST
}
