package dev.stillpoint.zoo.images;

/** Whether R normalises over the batch: with {@link #BATCH}, samples depend on one another while training. */
public enum LatentNorm {
    /** Batch norm after every latent block. */
    BATCH,
    /** None, as the paper's Jacobian-based networks have it. */
    NONE
}
