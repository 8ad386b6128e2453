package dev.stillpoint.kernel;

/**
 * Projections onto the faces of {x : Ax = b, l ≤ x ≤ u}: with F the variables that are free on a face and A_F their
 * columns, g_F splits into its projection onto null(A_F) and A_Fᵀy. A face is a sample's own, so A_F·A_Fᵀ is factored anew for
 * each.
 *
 * <p>The order of elimination is that of AAᵀ, found once, and the factor of a face needs no more room than that of AAᵀ. It costs
 * what the face fills: little where few variables are free, as near a vertex. Rows of A_F that depend on others are found
 * as {@link NormalCholesky} finds them and dropped. Samples run on all cores; their results do not depend on it.
 *
 * @param factor A
 */
public record FaceProjection(AffineFactor factor) {
    /**
     * s = Aᵀy, where y minimises ‖g_F − A_Fᵀy‖₂: so s_F is the part of g_F that {@code factor}'s equations hold, and
     * (g − s)_F its projection onto null(A_F). Where A_F has dependent rows y is not unique, and neither is s outside F.
     *
     * @param count samples
     * @param free whether a variable is in the sample's F, [count, n]
     * @param g [count, n]; only its entries in F are read
     * @return s, [count, n], a new array
     * @throws IllegalArgumentException for arrays of another length
     */
    public double[] held(int count, boolean[] free, double[] g) {
        int n = factor.columns();
        long need = (long) count * n;
        if (free.length != need || g.length != need) {
            throw new IllegalArgumentException("FaceProjection: need " + count + " x " + n + " flags and numbers, got "
                    + free.length + " and " + g.length);
        }
        double[] s = new double[g.length];
        SparseMatrix columns = factor.keptRows().transpose();
        int parts = Math.min(count, Workers.limit());
        Workers.run(parts, part -> {
            Face face = new Face(factor, columns);
            for (int i = part; i < count; i += parts) {
                face.held(free, g, s, i * n);
            }
        });
        return s;
    }
}
