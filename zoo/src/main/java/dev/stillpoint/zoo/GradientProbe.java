package dev.stillpoint.zoo;

/**
 * The gradient of the training loss with respect to the weights, on fixed training rows and at the present weights, as
 * any adjoint computes it: what {@code compare} holds against the exact one.
 */
public interface GradientProbe {
    /** How many training rows it takes. */
    int rows();

    /**
     * ∂ℓ/∂Θ as the next training step on these rows would compute it with that adjoint: from the rows' present warm starts,
     * to the training's tolerance. All parameters in one vector, in the order of their names' visit. Leaves weights and
     * warm starts as they are.
     *
     * @return NaN where the loss or the gradient is not usable
     */
    double[] gradient(Adjoints.Choice adjoint);

    /** The true ∂ℓ/∂Θ: the fixed point and the adjoint equation both solved as far as the arithmetic allows. */
    double[] exact();

    /**
     * aᵀb/(‖a‖‖b‖): 1 for the same direction, 0 for a right angle, below it uphill.
     *
     * @return NaN where one of them is zero or holds NaN
     * @throws IllegalArgumentException for vectors of different lengths
     */
    static double cosine(double[] a, double[] b) {
        if (a.length != b.length) {
            throw new IllegalArgumentException(
                    "cosine: need vectors of one length, got " + a.length + " and " + b.length);
        }
        double product = 0;
        double sizeA = 0;
        double sizeB = 0;
        for (int i = 0; i < a.length; i++) {
            product += a[i] * b[i];
            sizeA += a[i] * a[i];
            sizeB += b[i] * b[i];
        }
        return product / Math.sqrt(sizeA) / Math.sqrt(sizeB);
    }
}
