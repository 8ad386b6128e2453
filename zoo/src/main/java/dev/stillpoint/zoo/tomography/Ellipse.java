package dev.stillpoint.zoo.tomography;

import dev.stillpoint.kernel.ParallelBeam;
import java.util.ArrayList;
import java.util.List;
import java.util.random.RandomGenerator;

/**
 * A filled ellipse on [−1, 1]², and phantoms made of sums of them.
 *
 * @param value what it adds inside
 * @param a half-axis along x before it is turned, &gt; 0
 * @param b half-axis along y, &gt; 0
 * @param x of its middle
 * @param y of its middle, upwards
 * @param turn counter-clockwise, in radians
 */
public record Ellipse(double value, double a, double b, double x, double y, double turn) {
    /** Samples on a side of a pixel, whose mean is the pixel: edges as a camera sees them. */
    private static final int FINE = 4;

    private static final double DEGREE = Math.PI / 180;

    /** Checks the half-axes. */
    public Ellipse {
        if (!(a > 0 && b > 0)) {
            throw new IllegalArgumentException("Ellipse: need half-axes > 0, got " + a + " and " + b);
        }
    }

    /** The phantom of Shepp and Logan with the contrast of Toft 1996 (table B.1), values 0 to 1. */
    public static List<Ellipse> sheppLogan() {
        return List.of(
                new Ellipse(1, 0.69, 0.92, 0, 0, 0),
                new Ellipse(-0.8, 0.6624, 0.874, 0, -0.0184, 0),
                new Ellipse(-0.2, 0.11, 0.31, 0.22, 0, -18 * DEGREE),
                new Ellipse(-0.2, 0.16, 0.41, -0.22, 0, 18 * DEGREE),
                new Ellipse(0.1, 0.21, 0.25, 0, 0.35, 0),
                new Ellipse(0.1, 0.046, 0.046, 0, 0.1, 0),
                new Ellipse(0.1, 0.046, 0.046, 0, -0.1, 0),
                new Ellipse(0.1, 0.046, 0.023, -0.08, -0.605, 0),
                new Ellipse(0.1, 0.023, 0.023, 0, -0.606, 0),
                new Ellipse(0.1, 0.023, 0.046, 0.06, -0.605, 0));
    }

    /** Six to twenty ellipses of random place, size and brightness, the first of them a body that holds most of the others. */
    public static List<Ellipse> random(RandomGenerator random) {
        List<Ellipse> ellipses = new ArrayList<>();
        ellipses.add(new Ellipse(
                uniform(random, 0.2, 0.6),
                uniform(random, 0.6, 0.9),
                uniform(random, 0.5, 0.8),
                uniform(random, -0.1, 0.1),
                uniform(random, -0.1, 0.1),
                uniform(random, -0.3, 0.3)));
        int count = 5 + random.nextInt(15);
        for (int i = 0; i < count; i++) {
            double radius = 0.6 * Math.sqrt(random.nextDouble());
            double angle = uniform(random, 0, 2 * Math.PI);
            double size = uniform(random, 0.02, 0.35);
            ellipses.add(new Ellipse(
                    uniform(random, -0.4, 0.5),
                    size,
                    size * uniform(random, 0.3, 1),
                    radius * Math.cos(angle),
                    radius * Math.sin(angle),
                    uniform(random, 0, Math.PI)));
        }
        return ellipses;
    }

    private static double uniform(RandomGenerator random, double low, double high) {
        return low + (high - low) * random.nextDouble();
    }

    /**
     * The sum of ellipses as an image of n x n pixels, row 0 at the top, clipped to [0, 1].
     *
     * @param ellipses any
     * @param n pixels on a side, ≥ 1
     * @return [n²]
     */
    public static float[] draw(List<Ellipse> ellipses, int n) {
        double[] fine = new double[n * n];
        int side = n * FINE;
        for (Ellipse ellipse : ellipses) {
            double radius = Math.max(ellipse.a, ellipse.b);
            int left = Math.max(0, (int) Math.floor((ellipse.x - radius + 1) * side / 2));
            int right = Math.min(side, (int) Math.ceil((ellipse.x + radius + 1) * side / 2));
            int bottom = Math.min(side, (int) Math.ceil((1 - ellipse.y + radius) * side / 2));
            for (int i = Math.max(0, (int) Math.floor((1 - ellipse.y - radius) * side / 2)); i < bottom; i++) {
                double y = 1 - (i + 0.5) * 2 / side;
                for (int j = left; j < right; j++) {
                    if (ellipse.contains((j + 0.5) * 2 / side - 1, y)) {
                        fine[i / FINE * n + j / FINE] += ellipse.value / (FINE * FINE);
                    }
                }
            }
        }
        float[] image = new float[n * n];
        for (int j = 0; j < image.length; j++) {
            image[j] = (float) Math.min(Math.max(fine[j], 0), 1);
        }
        return image;
    }

    private boolean contains(double px, double py) {
        double u = (px - x) * Math.cos(turn) + (py - y) * Math.sin(turn);
        double v = (py - y) * Math.cos(turn) - (px - x) * Math.sin(turn);
        return u * u / (a * a) + v * v / (b * b) < 1;
    }

    /** The line integral along px·cos θ + py·sin θ = s: 2·value·a·b·√(ρ² − t²)/ρ² with ρ² = a²cos²(θ − turn) + b²sin²(θ − turn). */
    public double lineIntegral(double theta, double s) {
        double t = s - x * Math.cos(theta) - y * Math.sin(theta);
        double cos = a * Math.cos(theta - turn);
        double sin = b * Math.sin(theta - turn);
        double squared = cos * cos + sin * sin;
        return t * t < squared ? 2 * value * a * b * Math.sqrt(squared - t * t) / squared : 0;
    }

    /** The exact data of a sum of ellipses, along the lines through the bins' middles: [angles·bins]. */
    public static double[] sinogram(List<Ellipse> ellipses, ParallelBeam beam) {
        double[] d = new double[beam.beams()];
        for (int i = 0; i < d.length; i++) {
            for (Ellipse ellipse : ellipses) {
                d[i] += ellipse.lineIntegral(beam.angle(i / beam.bins()), beam.offset(i % beam.bins()));
            }
        }
        return d;
    }
}
