package dev.stillpoint.law;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.stillpoint.kernel.Lanes;
import dev.stillpoint.kernel.ScalarLanes;
import dev.stillpoint.kernel.Workers;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Plain Java keeps {@link NarrowerLanesLaws}, and narrower lanes that round otherwise are caught. */
class NarrowerLanesLawsTest {
    private final int limit = Workers.limit();

    @AfterEach
    void restore() {
        Workers.limit(limit);
    }

    @Test
    void plainJavaKeepsThem() {
        NarrowerLanesLaws.check(new ScalarLanes(32));
        NarrowerLanesLaws.check(new ScalarLanes(7));
        NarrowerLanesLaws.check(new ScalarLanes(4));
    }

    @Test
    void findsNarrowerLanesThatRoundOtherwise() {
        ScalarLanes wide = new ScalarLanes(32);
        Lanes off = proxy(wide.narrower(), wide.narrower(), true);
        assertThatThrownBy(() -> NarrowerLanesLaws.check(proxy(wide, off, false)))
                .isInstanceOf(AssertionError.class)
                .hasMessageContaining("samples");
    }

    /** The lanes, with other narrower ones, or with solutions some roundings off. */
    private static Lanes proxy(Lanes lanes, Lanes narrower, boolean off) {
        return (Lanes) Proxy.newProxyInstance(
                Lanes.class.getClassLoader(), new Class<?>[] {Lanes.class}, (self, method, arguments) -> {
                    if (method.getName().equals("narrower")) {
                        return off ? self : narrower;
                    }
                    try {
                        Object result = method.invoke(lanes, arguments);
                        if (off && method.getName().equals("solve")) {
                            float[] y = (float[]) arguments[1];
                            for (int i = 0; i < y.length; i++) {
                                y[i] = Math.nextUp(y[i]);
                            }
                        }
                        return result;
                    } catch (InvocationTargetException e) {
                        throw e.getCause();
                    }
                });
    }
}
