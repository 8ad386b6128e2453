package dev.stillpoint.tensor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.concurrent.atomic.AtomicReference;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch.ScalarType;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class TensorScopeTest {
    @Test
    void freesWhatWasMadeInside() {
        Tensor made;
        Tensor temporary;
        try (TensorScope scope = TensorScope.open()) {
            temporary = ones();
            made = temporary.add(temporary);
            assertThat(Tensors.doubles(made)).containsExactly(2, 2);
        }
        assertThat(made.isNull()).isTrue();
        assertThat(temporary.isNull()).isTrue();
    }

    @Test
    void keepHandsToTheEnclosingScopeAlone() {
        Tensor kept;
        try (TensorScope outer = TensorScope.open()) {
            try (TensorScope middle = TensorScope.open()) {
                Tensor once;
                try (TensorScope inner = TensorScope.open()) {
                    once = inner.keep(ones());
                    kept = inner.keep(ones());
                }
                assertThat(once.isNull()).isFalse();
                assertThat(middle.keep(kept)).isSameAs(kept);
            }
            assertThat(Tensors.doubles(kept)).containsExactly(1, 1);
        }
        assertThat(kept.isNull()).isTrue();
    }

    @Test
    void keepInTheOutermostScopeHandsToTheCaller() {
        Tensor kept;
        try (TensorScope scope = TensorScope.open()) {
            kept = scope.keep(ones());
        }
        assertThat(Tensors.doubles(kept)).containsExactly(1, 1);
        TensorScope.release(kept);
        assertThat(kept.isNull()).isTrue();
    }

    @Test
    void persistOutlivesEveryScopeUntilReleased() {
        Tensor weight;
        try (TensorScope outer = TensorScope.open();
                TensorScope inner = TensorScope.open()) {
            weight = TensorScope.persist(ones());
        }
        assertThat(Tensors.doubles(weight)).containsExactly(1, 1);
        try (TensorScope later = TensorScope.open()) {
            assertThat(Tensors.doubles(weight.add(weight))).containsExactly(2, 2);
        }
        assertThat(weight.isNull()).isFalse();
        TensorScope.release(weight);
        assertThat(weight.isNull()).isTrue();
    }

    @Test
    void releaseInsideTheScopeLeavesItToTheScope() {
        try (TensorScope scope = TensorScope.open()) {
            Tensor weight = TensorScope.persist(ones());
            TensorScope.release(weight);
            assertThat(Tensors.doubles(weight)).containsExactly(1, 1);
        }
    }

    @Test
    void currentIsTheInnermost() {
        assertThatThrownBy(TensorScope::current)
                .isInstanceOf(IllegalStateException.class)
                .hasMessage("TensorScope: need an open scope on this thread, got none;"
                        + " wrap the call in try (TensorScope scope = TensorScope.open()) { ... }");
        try (TensorScope outer = TensorScope.open()) {
            assertThat(TensorScope.current()).isSameAs(outer);
            try (TensorScope inner = TensorScope.open()) {
                assertThat(TensorScope.current()).isSameAs(inner);
            }
            assertThat(TensorScope.current()).isSameAs(outer);
        }
        assertThatThrownBy(TensorScope::current).isInstanceOf(IllegalStateException.class);
    }

    @Test
    void closesAfterAnException() {
        assertThatThrownBy(() -> {
                    try (TensorScope scope = TensorScope.open()) {
                        throw new ArithmeticException("planted");
                    }
                })
                .hasMessage("planted");
        assertThatThrownBy(TensorScope::current).isInstanceOf(IllegalStateException.class);
    }

    @Test
    void closesInnerFirst() {
        try (TensorScope outer = TensorScope.open()) {
            Tensor before = ones();
            try (TensorScope inner = TensorScope.open()) {
                assertThatThrownBy(outer::close)
                        .isInstanceOf(IllegalStateException.class)
                        .hasMessage("TensorScope: need inner scopes closed first, got one still open");
                assertThat(TensorScope.current()).isSameAs(inner);
            }
            assertThat(Tensors.doubles(before)).as("survives the refusal").containsExactly(1, 1);
        }
    }

    @Test
    void closingTwiceDoesNothing() {
        try (TensorScope outer = TensorScope.open()) {
            TensorScope inner = TensorScope.open();
            inner.close();
            Tensor alive = ones();
            inner.close();
            assertThat(TensorScope.current()).isSameAs(outer);
            assertThat(Tensors.doubles(alive)).containsExactly(1, 1);
        }
    }

    @Test
    void staysOnItsThread() throws InterruptedException {
        try (TensorScope scope = TensorScope.open()) {
            Tensor mine = ones();
            Throwable closing = onAnotherThread("elsewhere", scope::close);
            assertThat(closing)
                    .isInstanceOf(IllegalStateException.class)
                    .hasMessage("TensorScope: need to close on thread '"
                            + Thread.currentThread().getName() + "', got 'elsewhere'");
            assertThat(onAnotherThread("elsewhere", TensorScope::current))
                    .as("another thread sees no scope")
                    .isInstanceOf(IllegalStateException.class);
            assertThat(onAnotherThread("elsewhere", () -> {
                        try (TensorScope theirs = TensorScope.open()) {
                            assertThat(TensorScope.current()).isSameAs(theirs);
                        }
                    }))
                    .isNull();
            assertThat(Tensors.doubles(mine)).containsExactly(1, 1);
            assertThat(TensorScope.current()).isSameAs(scope);
        }
    }

    private static @Nullable Throwable onAnotherThread(String name, Runnable action) throws InterruptedException {
        AtomicReference<@Nullable Throwable> thrown = new AtomicReference<>();
        Thread thread = new Thread(action, name);
        thread.setUncaughtExceptionHandler((t, e) -> thrown.set(e));
        thread.start();
        thread.join();
        return thrown.get();
    }

    private static Tensor ones() {
        return Tensors.of(new double[] {1, 1}, 2).to(ScalarType.Float).clone();
    }
}
