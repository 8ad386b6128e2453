package dev.stillpoint.cli.measure;

import dev.stillpoint.tensor.TensorScope;
import dev.stillpoint.tensor.Tensors;
import dev.stillpoint.zoo.paths.Grid;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.StringViewOptional;
import org.bytedeco.pytorch.T_TensorTensorTensor_T;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;
import org.bytedeco.pytorch.global.torch.ScalarType;

/**
 * P(z) = z − V·S⁺·Uᵀ(Az − b) with the dense factors A = U·S·Vᵀ of a grid's incidence matrix [m, n], three products a
 * projection: how the published DYS-Net projects onto the flows. In float32; the factors are computed in float64, and S⁺ is
 * part of U, both in its favour. Belongs to the scope that was open when it was made.
 *
 * @param a Aᵀ [n, m]
 * @param minusB −b [m]
 * @param u U·S⁺ [m, m]
 * @param v Vᵀ [m, n], any strides
 */
record SvdProjection(Tensor a, Tensor minusB, Tensor u, Tensor v) {
    /** Beyond, a numerical decomposition takes minutes; the closed form gives the same projection. */
    static final int LARGEST_DECOMPOSED = 20;

    /** As published: singular values below count as zero. */
    private static final double ZERO = 1e-6;

    /** Bytes of the four tensors. */
    static long bytes(Grid grid) {
        long m = grid.nodes();
        return 4 * (2 * m * grid.arcs() + m * m + m);
    }

    /** The factors of any size. */
    static SvdProjection of(Grid grid) {
        return grid.k() <= LARGEST_DECOMPOSED ? decomposed(grid) : closedForm(grid);
    }

    /** By libtorch's singular value decomposition, O(m²n). */
    static SvdProjection decomposed(Grid grid) {
        try (TensorScope scope = TensorScope.open()) {
            Tensor a = transposedIncidence(grid);
            T_TensorTensorTensor_T usv = torch.linalg_svd(a.t().to(ScalarType.Double), false, new StringViewOptional());
            Tensor s = usv.get1();
            Tensor inverse = torch.where(s.ge(new Scalar(ZERO)), s.reciprocal(), new Scalar(0.0));
            return kept(scope, grid, a, single(usv.get0().mul(inverse)), single(usv.get2()));
        }
    }

    /**
     * In closed form, O(m²): A·Aᵀ is the Laplacian of the k x k grid graph, whose eigenvectors are products of the cosines
     * D[r, i] = cᵢ·cos(πi(r + ½)/k), with eigenvalues λᵢ + λⱼ, λᵢ = 4·sin²(πi/2k). A row of V = AᵀUS⁺ is a difference of two
     * rows of US⁺, of cosines taken in float64 before they are multiplied.
     */
    static SvdProjection closedForm(Grid grid) {
        int k = grid.k();
        int m = grid.nodes();
        try (TensorScope scope = TensorScope.open()) {
            Tensor cosines = cosines(k);
            Tensor slopes = cosines.narrow(0, 1, k - 1).sub(cosines.narrow(0, 0, k - 1));
            Tensor inverse = inverseSingularValues(k);
            Tensor u = Tensors.zeros(ScalarType.Float, m, m);
            Tensor v = Tensors.zeros(ScalarType.Float, grid.arcs(), m);
            for (int row = 0; row < k; row++) {
                try (TensorScope inner = TensorScope.open()) {
                    Tensor here = cosines.narrow(0, row, 1);
                    u.narrow(0, row * (long) k, k).copy_(products(here, cosines, inverse));
                    v.narrow(0, grid.rightArc(row, 0), k - 1).copy_(products(here, slopes, inverse));
                    if (row < k - 1) {
                        v.narrow(0, grid.downArc(row, 0), k)
                                .copy_(products(slopes.narrow(0, row, 1), cosines, inverse));
                    }
                }
            }
            return kept(scope, grid, transposedIncidence(grid), u, v.t());
        }
    }

    /** P of every row, written over them: [batch, n] to the same tensor. */
    Tensor projectInPlace(Tensor z) {
        Tensor residual = torch.addmm(minusB, z, a);
        return z.addmm_(residual.matmul(u), v, new Scalar(1.0), new Scalar(-1.0));
    }

    /** Rows left[0, i]·right[c, j]/s[i, j], a row for each c: [rows of right, k²]. */
    private static Tensor products(Tensor left, Tensor right, Tensor inverse) {
        long k = inverse.size(0);
        return right.unsqueeze(1).mul(left.view(1, k, 1)).mul(inverse).reshape(right.size(0), k * k);
    }

    private static Tensor cosines(int k) {
        double[] values = new double[k * k];
        for (int r = 0; r < k; r++) {
            for (int i = 0; i < k; i++) {
                double norm = Math.sqrt((i == 0 ? 1.0 : 2.0) / k);
                values[r * k + i] = norm * Math.cos(Math.PI * i * (r + 0.5) / k);
            }
        }
        return Tensors.of(values, k, k);
    }

    private static Tensor inverseSingularValues(int k) {
        double[] values = new double[k * k];
        for (int i = 0; i < k; i++) {
            for (int j = 0; j < k; j++) {
                double s = 2 * Math.hypot(Math.sin(Math.PI * i / (2 * k)), Math.sin(Math.PI * j / (2 * k)));
                values[i * k + j] = s < ZERO ? 0 : 1 / s;
            }
        }
        return Tensors.of(values, k, k);
    }

    private static Tensor transposedIncidence(Grid grid) {
        long[] tails = new long[grid.arcs()];
        long[] heads = new long[grid.arcs()];
        for (int arc = 0; arc < tails.length; arc++) {
            tails[arc] = grid.tail(arc);
            heads[arc] = grid.head(arc);
        }
        return Tensors.zeros(ScalarType.Float, grid.arcs(), grid.nodes())
                .scatter_(1, Tensors.of(tails).unsqueeze(1), new Scalar(-1.0))
                .scatter_(1, Tensors.of(heads).unsqueeze(1), new Scalar(1.0));
    }

    private static Tensor single(Tensor t) {
        return t.to(ScalarType.Float).contiguous();
    }

    private static SvdProjection kept(TensorScope scope, Grid grid, Tensor a, Tensor u, Tensor v) {
        double[] supply = grid.supply();
        Tensor minusB = Tensors.of(supply, supply.length).to(ScalarType.Float).neg();
        return new SvdProjection(scope.keep(a), scope.keep(minusB), scope.keep(u), scope.keep(v));
    }
}
