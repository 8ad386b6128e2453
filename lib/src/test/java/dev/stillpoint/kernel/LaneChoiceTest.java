package dev.stillpoint.kernel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Iterator;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.ServiceConfigurationError;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;

class LaneChoiceTest {
    private static final Lanes FAST = new ScalarLanes(5);

    @Test
    void firstThatLoadsIsTaken() {
        LaneChoice choice = LaneChoice.choose(providers(List.of(
                () -> {
                    throw new UnsupportedOperationException("this processor's vectors hold 2 floats");
                },
                () -> () -> FAST,
                () -> {
                    throw new AssertionError("never asked");
                })));
        assertThat(choice.lanes()).isSameAs(FAST);
        assertThat(choice.reason()).isEqualTo("found and loaded");
    }

    @Test
    void noProviderMeansPlainJava() {
        fallsBack("no SIMD kernels on the class path", List.of());
        assertThat(LaneChoice.current().lanes()).isInstanceOf(ScalarLanes.class);
        assertThat(LaneChoice.current()).isSameAs(LaneChoice.current());
    }

    @Test
    void oneThatCannotRunSaysWhy() {
        fallsBack(
                "SIMD kernels failed to load: java.lang.UnsupportedOperationException: vectors hold 2 floats",
                List.of(() -> () -> {
                    throw new UnsupportedOperationException("vectors hold 2 floats");
                }));
    }

    /** As Java says it: where a provider is found, made, or asked for its lanes, wrapped or not. */
    @Test
    void vectorApiThatIsNotThereIsNamed() {
        String advice = "SIMD needs --add-modules jdk.incubator.vector when Java starts";
        fallsBack(advice, List.of(() -> () -> {
            throw new NoClassDefFoundError("jdk/incubator/vector/Vector");
        }));
        fallsBack(advice, List.of(() -> {
            throw new ServiceConfigurationError(
                    "cannot be made", new NoClassDefFoundError("jdk/incubator/vector/FloatVector"));
        }));
        fallsBack(advice, List.of(() -> () -> {
            throw new ExceptionInInitializerError(new ClassNotFoundException("jdk.incubator.vector.VectorSpecies"));
        }));
    }

    @Test
    void otherFaultsAreNotTakenForIt() {
        fallsBack("SIMD kernels failed to load: java.lang.UnsatisfiedLinkError", List.of(() -> () -> {
            throw new UnsatisfiedLinkError();
        }));
        fallsBack(
                "SIMD kernels failed to load: java.lang.NoClassDefFoundError: a/B; "
                        + "SIMD kernels failed to load: java.lang.UnsupportedOperationException: second",
                List.of(
                        () -> () -> {
                            throw new NoClassDefFoundError("a/B");
                        },
                        () -> () -> {
                            throw new UnsupportedOperationException("second");
                        }));
        // A fault of the provider's own is not hidden.
        assertThatThrownBy(() -> LaneChoice.choose(providers(List.of(() -> () -> {
                    throw new IllegalStateException("planted");
                }))))
                .isInstanceOf(IllegalStateException.class)
                .hasMessage("planted");
    }

    private static void fallsBack(String reason, List<Supplier<LanesProvider>> found) {
        LaneChoice choice = LaneChoice.choose(providers(found));
        assertThat(choice.lanes()).isInstanceOf(ScalarLanes.class);
        assertThat(choice.reason()).isEqualTo(reason);
    }

    /** As a ServiceLoader's: making the next one may fail, and the one after it can still be had. */
    private static Iterator<LanesProvider> providers(List<Supplier<LanesProvider>> found) {
        return new Iterator<>() {
            private final Iterator<Supplier<LanesProvider>> left = found.iterator();

            @Override
            public boolean hasNext() {
                return left.hasNext();
            }

            @Override
            public LanesProvider next() {
                if (!hasNext()) {
                    throw new NoSuchElementException();
                }
                return left.next().get();
            }
        };
    }
}
