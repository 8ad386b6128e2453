package dev.stillpoint.zoo.tomography;

import dev.stillpoint.tensor.TensorScope;
import dev.stillpoint.tensor.Tensors;
import org.bytedeco.pytorch.NoGradGuard;
import org.bytedeco.pytorch.Tensor;

/** A way from data to images, ready to use. */
@FunctionalInterface
public interface Reconstruction {
    /** The most rows at once: what is between data and images takes some hundred times their memory. */
    int ROWS = 8;

    /**
     * Images from data, off the tape.
     *
     * @param d [batch, angles·bins], in the scanner's unit
     * @return [batch, n²], of the open scope
     */
    Tensor of(Tensor d);

    /** Images of all rows, a few at a time. */
    default float[][] all(Tensor data) {
        int rows = Math.toIntExact(data.size(0));
        float[][] images = new float[rows][];
        for (int from = 0; from < rows; from += ROWS) {
            try (NoGradGuard offTape = new NoGradGuard();
                    TensorScope scope = TensorScope.open()) {
                int count = Math.min(ROWS, rows - from);
                float[][] part = Tensors.rows(of(data.narrow(0, from, count)));
                System.arraycopy(part, 0, images, from, count);
            }
        }
        return images;
    }
}
