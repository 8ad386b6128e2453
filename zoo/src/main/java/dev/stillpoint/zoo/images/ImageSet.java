package dev.stillpoint.zoo.images;

import dev.stillpoint.data.Augmentation;
import dev.stillpoint.data.LabelledImages;
import dev.stillpoint.data.Normalisation;
import dev.stillpoint.tensor.Tensors;
import java.util.Arrays;
import org.bytedeco.pytorch.Tensor;

/**
 * Labelled images and what makes numbers of them.
 *
 * @param images a byte a value
 * @param normalisation to the network's numbers
 */
record ImageSet(LabelledImages images, Normalisation normalisation) {
    int size() {
        return images.count();
    }

    /** float32 [rows.length, c, h, w], of the open scope. */
    Tensor batch(int[] rows) {
        return normalisation.batch(images.images(), rows);
    }

    /** The same, changed at random. */
    Tensor batch(int[] rows, Augmentation augmentation, long seed, int epoch) {
        return augmentation.equals(Augmentation.NONE)
                ? batch(rows)
                : augmentation.batch(images.images(), normalisation, seed, epoch, rows);
    }

    /** int64 [rows.length]. */
    Tensor labels(int[] rows) {
        long[] labels = new long[rows.length];
        Arrays.setAll(labels, i -> images.label(rows[i]));
        return Tensors.of(labels);
    }

    ImageSet range(int from, int to) {
        return new ImageSet(images.range(from, to), normalisation);
    }
}
