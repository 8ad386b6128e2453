package dev.stillpoint.solver;

import java.util.function.UnaryOperator;
import org.bytedeco.pytorch.Tensor;

/** A linear map of every sample, M_i for sample i, known by its products alone. */
public interface LinearMap {
    /** Mv, [batch, ...] to [batch, ...]; of the open scope. */
    Tensor apply(Tensor v);

    /** Mᵀv, likewise. Only solvers of the normal equations ask for it. */
    Tensor transposed(Tensor v);

    /** The map whose products are those of its transpose: M_i = M_iᵀ. */
    static LinearMap symmetric(UnaryOperator<Tensor> product) {
        return of(product, product);
    }

    /** The map with the given products. */
    static LinearMap of(UnaryOperator<Tensor> product, UnaryOperator<Tensor> transposed) {
        return new LinearMap() {
            @Override
            public Tensor apply(Tensor v) {
                return product.apply(v);
            }

            @Override
            public Tensor transposed(Tensor v) {
                return transposed.apply(v);
            }
        };
    }
}
