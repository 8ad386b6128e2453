package dev.stillpoint.solver;

/** What becomes of the rows of samples that have ended. */
public enum Compaction {
    /** Once half of the rows have ended they are dropped from the batch, so that they cost nothing more. */
    HALVING,
    /** The batch keeps its shape, so that BLAS results do not depend on when other samples end: bit-for-bit repeatable. */
    OFF
}
