package dev.stillpoint.kernel;

import java.util.Arrays;

/**
 * Parallel beams through an image: n x n square pixels on [−1, 1]², row 0 at the top, and a detector of {@code bins} equal cells on
 * [−r, r], turned through {@code angles} angles θ_k = (k + ½)π/angles. The beam at θ and offset s runs along
 * x cos θ + y sin θ = s.
 *
 * <p>Data stand angle by angle, bin by bin: beam (k, b) is number k·bins + b. Pixel (row, column) is number row·n + column.
 *
 * @param pixels n, on a side
 * @param angles in [0, π), the midpoints of equal cells
 * @param bins detector cells
 * @param reach r, half the detector's length
 */
public record ParallelBeam(int pixels, int angles, int bins, double reach) {
    /** Checks the numbers. */
    public ParallelBeam {
        if (pixels < 1 || angles < 1 || bins < 1) {
            throw new IllegalArgumentException(
                    "ParallelBeam: need pixels, angles and bins >= 1, got " + pixels + ", " + angles + " and " + bins);
        }
        if (!(reach > 0) || Double.isInfinite(reach)) {
            throw new IllegalArgumentException("ParallelBeam: need a finite reach > 0, got " + reach);
        }
        Math.multiplyExact(pixels, pixels);
        Math.multiplyExact(angles, bins);
    }

    /**
     * The detector that sees the whole image at every angle: r = √2, the corners' distance, and 2⌈r/pixel⌉ + 1 bins, 183 at
     * n = 128.
     */
    public static ParallelBeam of(int pixels, int angles) {
        if (pixels < 1) {
            throw new IllegalArgumentException("ParallelBeam: need pixels >= 1, got " + pixels);
        }
        double reach = Math.sqrt(2);
        return new ParallelBeam(pixels, angles, 2 * (int) Math.ceil(reach * pixels / 2) + 1, reach);
    }

    /** The side of a pixel. */
    public double pixel() {
        return 2.0 / pixels;
    }

    /** The width of a bin. */
    public double spacing() {
        return 2 * reach / bins;
    }

    /** Beams in all: the length of the data of one image. */
    public int beams() {
        return angles * bins;
    }

    /** θ_k. */
    public double angle(int k) {
        return (k + 0.5) * Math.PI / angles;
    }

    /** The offset s of a bin's middle. */
    public double offset(int bin) {
        return (bin + 0.5) * spacing() - reach;
    }

    /**
     * The ray transform by strips: A_ij = (area of strip i ∩ pixel j)/(width of the strip), so that (Ax)_i is the mean, over the bin, of
     * the line integrals of the image that is constant on pixels; exact for such images. A pixel lies in some 2.3
     * strips an angle.
     *
     * @return A, [angles·bins, n²]
     */
    public SparseMatrix strips() {
        Entries entries = new Entries(beams(), pixels * pixels);
        double h = pixel();
        for (int k = 0; k < angles; k++) {
            double cos = Math.abs(Math.cos(angle(k)));
            double sin = Math.abs(Math.sin(angle(k)));
            // A pixel's chords across s: a trapezoid of half-widths wide and flat.
            double wide = h / 2 * (cos + sin);
            double flat = h / 2 * Math.abs(cos - sin);
            double height = h / Math.max(cos, sin);
            for (int j = 0; j < pixels * pixels; j++) {
                double middle = offsetOf(j, k);
                int first = Math.max(0, bin(middle - wide));
                int last = Math.min(bins - 1, bin(middle + wide));
                for (int b = first; b <= last; b++) {
                    double from = offset(b) - spacing() / 2 - middle;
                    double area = below(from + spacing(), wide, flat, height) - below(from, wide, flat, height);
                    if (area > 0) {
                        entries.add(k * bins + b, j, area / spacing());
                    }
                }
            }
        }
        return entries.matrix();
    }

    /** The area of a pixel at offsets below u from its middle. */
    private static double below(double u, double wide, double flat, double height) {
        if (u <= -wide) {
            return 0;
        }
        if (u >= wide) {
            return height * (wide + flat);
        }
        if (u < -flat) {
            return height * (u + wide) * (u + wide) / (2 * (wide - flat));
        }
        double left = height * (wide - flat) / 2;
        if (u <= flat) {
            return left + height * (u + flat);
        }
        return height * (wide + flat) - height * (wide - u) * (wide - u) / (2 * (wide - flat));
    }

    /**
     * Back-projection with linear interpolation: B·q is, at a pixel's middle, the sum over the angles of q between the two
     * nearest bins, and 0 outside the detector. For filtered back-projection; the adjoint of {@link #strips} is its transpose.
     *
     * @return B, [n², angles·bins]
     */
    public SparseMatrix interpolation() {
        Entries entries = new Entries(pixels * pixels, beams());
        for (int k = 0; k < angles; k++) {
            for (int j = 0; j < pixels * pixels; j++) {
                double place = (offsetOf(j, k) - offset(0)) / spacing();
                int b = (int) Math.floor(place);
                double weight = place - b;
                if (b >= 0 && b < bins && weight < 1) {
                    entries.add(j, k * bins + b, 1 - weight);
                }
                if (b + 1 >= 0 && b + 1 < bins && weight > 0) {
                    entries.add(j, k * bins + b + 1, weight);
                }
            }
        }
        return entries.matrix();
    }

    /** s of the middle of pixel j at angle k. */
    private double offsetOf(int j, int k) {
        int row = j / pixels;
        int column = j % pixels;
        double x = (column + 0.5) * pixel() - 1;
        double y = 1 - (row + 0.5) * pixel();
        return x * Math.cos(angle(k)) + y * Math.sin(angle(k));
    }

    private int bin(double s) {
        return (int) Math.floor((s + reach) / spacing());
    }

    /** Entries in growing arrays. */
    private static final class Entries {
        private final int rows;
        private final int columns;
        private int[] row = new int[1 << 16];
        private int[] column = new int[1 << 16];
        private double[] value = new double[1 << 16];
        private int size;

        Entries(int rows, int columns) {
            this.rows = rows;
            this.columns = columns;
        }

        void add(int i, int j, double v) {
            if (size == row.length) {
                row = Arrays.copyOf(row, 2 * size);
                column = Arrays.copyOf(column, 2 * size);
                value = Arrays.copyOf(value, 2 * size);
            }
            row[size] = i;
            column[size] = j;
            value[size++] = v;
        }

        SparseMatrix matrix() {
            return SparseMatrix.ofTriplets(
                    rows, columns, Arrays.copyOf(row, size), Arrays.copyOf(column, size), Arrays.copyOf(value, size));
        }
    }
}
