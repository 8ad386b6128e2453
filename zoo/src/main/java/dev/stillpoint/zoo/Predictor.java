package dev.stillpoint.zoo;

import dev.stillpoint.data.CsvTable;
import dev.stillpoint.data.CsvText;
import dev.stillpoint.data.DataException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;

/**
 * A trained model that decides. Thread-safe.
 *
 * <p>An application whose contexts are numbers implements {@link #inputs} and {@link #infer(float[][], Consumer)} and is done.
 * One with an input of its own, be it words, images or a folder, overrides {@link #read}; columns of its own in the output
 * are {@link Decision#details}.
 */
public interface Predictor {
    /** The names of what a context consists of, in order: the columns of the input. */
    List<String> inputs();

    /**
     * Decides for some contexts at once and hands the decisions over one by one, in order. A context with NaN gets a decision
     * whose status says so, and harms no other.
     *
     * @param contexts rows of {@link #inputs()}
     * @param taker gets a decision a row
     * @throws IllegalArgumentException if an input is no number by nature
     */
    void infer(float[][] contexts, Consumer<Decision> taker);

    /**
     * The same, with all decisions at the end.
     *
     * @param contexts rows of {@link #inputs()}
     */
    default List<Decision> infer(float[][] contexts) {
        List<Decision> decisions = new ArrayList<>(contexts.length);
        infer(contexts, decisions::add);
        return decisions;
    }

    /**
     * The contexts of the command's {@code --input}: a CSV file with a column for each of {@link #inputs()}, unless the
     * application reads something else.
     *
     * @throws DataException that names the place of what cannot be used
     */
    default Inquiry read(Path input) {
        float[][] contexts = CsvTable.read(input).floatRows(inputs());
        return inquiry(contexts.length, taker -> infer(contexts, taker));
    }

    /**
     * Contexts by the names of {@link #inputs()}, further names are ignored.
     *
     * @param contexts numbers, or words where the application knows them
     * @throws IllegalArgumentException if one is missing or of the wrong kind
     */
    default Inquiry inquire(List<? extends Map<String, ?>> contexts) {
        List<String> names = inputs();
        float[][] rows = new float[contexts.size()][names.size()];
        for (int i = 0; i < rows.length; i++) {
            for (int j = 0; j < rows[i].length; j++) {
                Object value = contexts.get(i).get(names.get(j));
                rows[i][j] = value instanceof Number number
                        ? number.floatValue()
                        : (float) CsvText.number(String.valueOf(value)).orElse(Double.NaN);
                if (Float.isNaN(rows[i][j])) {
                    throw new IllegalArgumentException(
                            "context " + i + ", column \"" + names.get(j) + "\": need a number, got " + value);
                }
            }
        }
        return inquiry(rows.length, taker -> infer(rows, taker));
    }

    /**
     * The same predictor, whose decisions also name the next best ones in {@link Decision#details}.
     *
     * @param count how many in all, the decision itself among them
     * @throws IllegalArgumentException if the application cannot list them
     */
    default Predictor withBest(int count) {
        throw new IllegalArgumentException("--k-best: need a model of paths from files, got another");
    }

    /** An inquiry from its parts. */
    static Inquiry inquiry(int size, Consumer<Consumer<Decision>> answer) {
        return new Inquiry() {
            @Override
            public int size() {
                return size;
            }

            @Override
            public void answer(Consumer<Decision> taker) {
                answer.accept(taker);
            }
        };
    }
}
