package dev.stillpoint.data;

/** Images and the class of each. */
public final class LabelledImages {
    private final Images images;
    private final int[] labels;
    private final int classes;

    /**
     * Puts images and labels together.
     *
     * @param images n images
     * @param labels n labels, copied
     * @param classes labels are 0 to classes - 1
     */
    public LabelledImages(Images images, int[] labels, int classes) {
        if (labels.length != images.count()) {
            throw new IllegalArgumentException(
                    "LabelledImages: need " + images.count() + " labels as there are images, got " + labels.length);
        }
        for (int i = 0; i < labels.length; i++) {
            if (labels[i] < 0 || labels[i] >= classes) {
                throw new IllegalArgumentException("LabelledImages: need labels from 0 to " + (classes - 1) + ", got "
                        + labels[i] + " for image " + i);
            }
        }
        this.images = images;
        this.labels = labels.clone();
        this.classes = classes;
    }

    /** The images. */
    public Images images() {
        return images;
    }

    /** How many there are. */
    public int count() {
        return labels.length;
    }

    /** The number of classes. */
    public int classes() {
        return classes;
    }

    /** The class of one image. */
    public int label(int image) {
        return labels[image];
    }

    /** The class of each image, a copy. */
    public int[] labels() {
        return labels.clone();
    }

    /** The given rows, in their order. */
    public LabelledImages rows(int... rows) {
        int[] chosen = new int[rows.length];
        for (int i = 0; i < rows.length; i++) {
            chosen[i] = labels[rows[i]];
        }
        return new LabelledImages(images.rows(rows), chosen, classes);
    }

    /** The rows from one to the one before another. */
    public LabelledImages range(int from, int to) {
        Images part = images.range(from, to);
        int[] chosen = new int[to - from];
        System.arraycopy(labels, from, chosen, 0, chosen.length);
        return new LabelledImages(part, chosen, classes);
    }
}
