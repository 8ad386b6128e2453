package dev.stillpoint.train;

/** Watches a training run. */
public interface TrainingListener {
    /** Watches nothing. */
    TrainingListener NONE = new TrainingListener() {};

    /** A step is done. */
    default void onBatch(int epoch, int rowsDone, int rows, double loss) {}

    /** An epoch is done and validated, and not yet in a checkpoint. */
    default void onEpoch(Epoch epoch) {}

    /** The last epoch is over. What follows, such as an evaluation, may take minutes without a word. */
    default void onTrained() {}
}
