package dev.stillpoint.examples;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.stillpoint.law.Cases;
import dev.stillpoint.law.Pullbacks;
import dev.stillpoint.set.Box;
import dev.stillpoint.tensor.TensorScope;
import dev.stillpoint.tensor.Tensors;
import java.util.Arrays;
import java.util.function.UnaryOperator;
import org.bytedeco.pytorch.Tensor;
import org.junit.jupiter.api.Test;

/** The published laws hold a set outside the library, with nothing of the library's own tests at hand. */
class LawsJarTest {
    private static final int BATCH = 3;
    private static final int SIZE = 7;
    /** For central differences. */
    private static final double STEP = 1e-6;
    /** Rounding over {@link #STEP}; a box is linear between its kinks. */
    private static final double DIFFERENCE = 1e-8;

    private static final Object NO_CONTEXT = new Object();

    @Test
    void aSetIsPutToTheLaws() {
        double[] bounds = new double[SIZE];
        Arrays.fill(bounds, 1);
        Box<Object> box = Box.of(new double[SIZE], bounds);
        check(x -> box.project(x, NO_CONTEXT));
        // The right value with a gradient that forgets the bounds.
        assertThatThrownBy(
                        () -> check(x -> x.add(box.project(x, NO_CONTEXT).sub(x).detach())))
                .isInstanceOf(AssertionError.class)
                .hasMessageContaining("seed 0")
                .hasMessageContaining("pullback");
    }

    @Test
    void theLibrarysOwnTestLibrariesAreAbsent() {
        assertThatThrownBy(() -> Class.forName("com.tngtech.archunit.core.domain.JavaClass"))
                .isInstanceOf(ClassNotFoundException.class);
    }

    private static void check(UnaryOperator<Tensor> f) {
        Cases.forSeeds(5, random -> {
            try (TensorScope scope = TensorScope.open()) {
                Tensor x = Tensors.of(Cases.normal(random, BATCH * SIZE, 2), BATCH, SIZE);
                Pullbacks.check(f, x, STEP, DIFFERENCE, random);
            }
        });
    }
}
