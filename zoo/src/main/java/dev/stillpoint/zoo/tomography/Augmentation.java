package dev.stillpoint.zoo.tomography;

import java.util.random.RandomGenerator;

/**
 * Another look at a slice: mirrored or not, turned, zoomed and shifted at random, then brought to fewer pixels. Outside the
 * slice is air, brightness 0.
 *
 * @param turn at most, either way, in radians, ≥ 0
 * @param zoom at most, by a factor or its inverse, ≥ 1
 * @param shift at most, either way along each axis, in parts of the half side, ≥ 0
 */
public record Augmentation(double turn, double zoom, double shift) {
    /** Checks the numbers. */
    public Augmentation {
        if (!(turn >= 0 && zoom >= 1 && shift >= 0 && Double.isFinite(turn + zoom + shift))) {
            throw new IllegalArgumentException("Augmentation: need finite turn >= 0, zoom >= 1 and shift >= 0, got "
                    + turn + ", " + zoom + " and " + shift);
        }
    }

    /** Up to 20 degrees, a quarter larger or smaller, a tenth aside: still a chest. */
    public static Augmentation standard() {
        return new Augmentation(Math.PI / 9, 1.25, 0.1);
    }

    /**
     * One look, as means of 2 x 2 samples a pixel, each interpolated from the four nearest pixels of the slice.
     *
     * @param slice [side²]
     * @param pixels of the result, on a side
     * @param random draws the look
     * @return [pixels²]
     */
    public float[] look(float[] slice, int pixels, RandomGenerator random) {
        boolean mirrored = random.nextBoolean();
        double angle = (2 * random.nextDouble() - 1) * turn;
        double scale = Math.pow(zoom, 2 * random.nextDouble() - 1);
        double dx = (2 * random.nextDouble() - 1) * shift;
        double dy = (2 * random.nextDouble() - 1) * shift;
        double cos = Math.cos(angle) / scale;
        double sin = Math.sin(angle) / scale;
        int side = (int) Math.round(Math.sqrt(slice.length));
        float[] image = new float[pixels * pixels];
        int fine = 2 * pixels;
        for (int i = 0; i < fine; i++) {
            for (int j = 0; j < fine; j++) {
                double x = (j + 0.5) * 2 / fine - 1 - dx;
                double y = (i + 0.5) * 2 / fine - 1 - dy;
                double u = cos * x + sin * y;
                double v = cos * y - sin * x;
                double value = at(slice, side, ((mirrored ? -u : u) + 1) * side / 2 - 0.5, (v + 1) * side / 2 - 0.5);
                image[i / 2 * pixels + j / 2] += (float) (value / 4);
            }
        }
        return image;
    }

    /** Bilinear; beyond the last pixels' middles it fades to 0 within a pixel. */
    private static double at(float[] slice, int side, double column, double row) {
        int j = (int) Math.floor(column);
        int i = (int) Math.floor(row);
        double right = column - j;
        double down = row - i;
        return (1 - down) * ((1 - right) * pixel(slice, side, i, j) + right * pixel(slice, side, i, j + 1))
                + down * ((1 - right) * pixel(slice, side, i + 1, j) + right * pixel(slice, side, i + 1, j + 1));
    }

    private static double pixel(float[] slice, int side, int i, int j) {
        return i >= 0 && i < side && j >= 0 && j < side ? slice[i * side + j] : 0;
    }
}
