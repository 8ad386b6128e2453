package dev.stillpoint.operator;

import static org.assertj.core.api.Assertions.assertThat;

import dev.stillpoint.set.ConvexSet;
import dev.stillpoint.set.NonNegative;
import dev.stillpoint.tensor.ParameterVisitor;
import dev.stillpoint.tensor.TensorScope;
import dev.stillpoint.tensor.Tensors;
import java.lang.reflect.Method;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.Set;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;
import org.junit.jupiter.api.Test;

/** An operator without its loop is the operator in all else. */
class FusedTest {
    /** What {@code visit} decides. */
    private static final Set<String> DERIVED = Set.of("parameters", "state");

    @Test
    void everythingIsForwarded() {
        try (TensorScope scope = TensorScope.open()) {
            Tensor z = Tensors.of(new double[] {1, -2}, 1, 2);
            Own own = new Own(z);
            Operator<Object> unfused = own.unfused();
            assertThat(unfused).isNotInstanceOf(Fused.class);
            assertThat(Tensors.doubles(unfused.apply(z, "c"))).containsExactly(2, -4);
            assertThat(Tensors.doubles(unfused.solution(z, "c"))).containsExactly(3, -6);
            assertThat(unfused.constraints()).isEqualTo(own.constraints()).isNotEmpty();
            assertThat(unfused.contractionFactor()).hasValue(0.25);
            assertThat(unfused.averagedness()).hasValue(0.125);
            assertThat(unfused.coupling()).isEqualTo(Coupling.BATCH);
            assertThat(unfused.parameters()).containsOnlyKeys("weight");
        }
    }

    /** What an operator comes to declare later must be forwarded too. */
    @Test
    void nothingIsForgotten() {
        try (TensorScope scope = TensorScope.open()) {
            assertThat(forgotten(new Own(Tensors.scalar(1)).unfused())).isEmpty();
        }
        Operator<Object> forgetful = new Operator<>() {
            @Override
            public Tensor apply(Tensor z, Object c) {
                return z;
            }
        };
        assertThat(forgotten(forgetful))
                .containsExactlyInAnyOrder(
                        "solution", "constraints", "contractionFactor", "averagedness", "coupling", "visit");
    }

    private static List<String> forgotten(Operator<Object> operator) {
        Set<String> own = new HashSet<>(DERIVED);
        for (Method method : operator.getClass().getDeclaredMethods()) {
            own.add(method.getName());
        }
        List<String> forgotten = new ArrayList<>();
        for (Method method : Operator.class.getMethods()) {
            if (!own.contains(method.getName())) {
                forgotten.add(method.getName());
            }
        }
        return forgotten;
    }

    /** Declares something of everything. */
    private record Own(Tensor weight) implements Fused<Object> {
        @Override
        public Tensor apply(Tensor z, Object c) {
            return z.mul(new Scalar(2.0));
        }

        @Override
        public Tensor solution(Tensor z, Object c) {
            return z.mul(new Scalar(3.0));
        }

        @Override
        public List<ConvexSet<Object>> constraints() {
            return List.of(new NonNegative<>());
        }

        @Override
        public OptionalDouble contractionFactor() {
            return OptionalDouble.of(0.25);
        }

        @Override
        public OptionalDouble averagedness() {
            return OptionalDouble.of(0.125);
        }

        @Override
        public Coupling coupling() {
            return Coupling.BATCH;
        }

        @Override
        public void visit(ParameterVisitor visitor) {
            visitor.parameter("weight", weight);
        }

        @Override
        public Optional<Loop> loop(Tensor z0, Object c) {
            return Optional.of(judge -> z0);
        }
    }
}
