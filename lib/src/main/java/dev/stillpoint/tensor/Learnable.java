package dev.stillpoint.tensor;

import java.util.LinkedHashMap;
import java.util.Map;
import org.bytedeco.pytorch.Tensor;
import org.jspecify.annotations.Nullable;

/** Something with weights: it names them to a visitor. Constants need not override anything. */
public interface Learnable {
    /** Shows every parameter, buffer and part to {@code visitor}, always in the same order. */
    default void visit(ParameterVisitor visitor) {}

    /** The parameters by their dotted names, in the order of {@link #visit}. */
    default Map<String, Tensor> parameters() {
        Map<String, Tensor> found = new LinkedHashMap<>();
        collect(this, "", found, null);
        return found;
    }

    /** Parameters and buffers by their dotted names: what a stored model holds. */
    default Map<String, Tensor> state() {
        Map<String, Tensor> found = new LinkedHashMap<>();
        collect(this, "", found, found);
        return found;
    }

    private static void collect(
            Learnable part, String prefix, Map<String, Tensor> parameters, @Nullable Map<String, Tensor> buffers) {
        part.visit(new ParameterVisitor() {
            @Override
            public void parameter(String name, Tensor value) {
                put(parameters, name, value);
            }

            @Override
            public void buffer(String name, Tensor value) {
                if (buffers != null) {
                    put(buffers, name, value);
                }
            }

            @Override
            public void part(String name, Learnable inner) {
                collect(inner, prefix + name + ".", parameters, buffers);
            }

            private void put(Map<String, Tensor> into, String name, Tensor value) {
                if (into.put(prefix + name, value) != null) {
                    throw new IllegalStateException(
                            "Learnable: need distinct names, got '" + prefix + name + "' twice");
                }
            }
        });
    }
}
