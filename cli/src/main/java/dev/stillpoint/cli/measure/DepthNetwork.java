package dev.stillpoint.cli.measure;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.stillpoint.adjoint.Adjoint;
import dev.stillpoint.zoo.images.PhotographStep;
import dev.stillpoint.zoo.paths.DepthStep;
import dev.stillpoint.zoo.tomography.ScanStep;

/**
 * A network whose training step is measured against depth.
 *
 * @param kind which
 * @param side nodes on a side of the grid of {@link Kind#PATHS}, pixels on a side of the images of {@link Kind#TOMOGRAPHY}
 */
public record DepthNetwork(Kind kind, int side) {
    /** The networks. */
    public enum Kind {
        /** Shortest paths on a grid. */
        PATHS,
        /** Photographs, the paper's network without augmentation. */
        CIFAR10,
        /** Images from few projections, one layer of few channels. */
        TOMOGRAPHY
    }

    private static final String GRID = "grid";
    private static final String NETWORK = "network";
    private static final String PIXELS = "pixels";

    /** Shortest paths on a grid of so many nodes a side. */
    public static DepthNetwork paths(int grid) {
        return new DepthNetwork(Kind.PATHS, grid);
    }

    /** The photographs' network. */
    public static DepthNetwork photographs() {
        return new DepthNetwork(Kind.CIFAR10, 0);
    }

    /** The images' network, of so many pixels a side. */
    public static DepthNetwork scans(int pixels) {
        return new DepthNetwork(Kind.TOMOGRAPHY, pixels);
    }

    static DepthNetwork of(ObjectNode job) {
        if (job.has(GRID)) {
            return paths(job.path(GRID).asInt());
        }
        return job.has(PIXELS) ? scans(job.path(PIXELS).asInt()) : photographs();
    }

    /** As it stands in jobs and results. */
    void put(ObjectNode node) {
        switch (kind) {
            case PATHS -> node.put(GRID, side);
            case CIFAR10 -> node.put(NETWORK, "cifar10");
            case TOMOGRAPHY -> node.put(NETWORK, "tomography").put(PIXELS, side);
        }
    }

    /** Applications of T before the measurement: classes are loaded then, hot methods compiled, native buffers made. */
    int warmUp() {
        return switch (kind) {
            case PATHS -> 1_000;
            case CIFAR10 -> 40;
            case TOMOGRAPHY -> 200;
        };
    }

    /** For tables: "grid 20 x 20". */
    public String text() {
        return switch (kind) {
            case PATHS -> "grid " + side + " x " + side;
            case CIFAR10 -> "CIFAR-10 network";
            case TOMOGRAPHY -> "tomography, " + side + " x " + side;
        };
    }

    /** Training steps of a depth. */
    interface Step {
        void run(Adjoint adjoint, int depth);
    }

    Step step(int batch) {
        return switch (kind) {
            case PATHS -> new DepthStep(side, batch)::run;
            case CIFAR10 -> {
                PhotographStep step = new PhotographStep(batch);
                yield (adjoint, depth) -> step.run(adjoint, DepthStep.exactly(depth));
            }
            case TOMOGRAPHY -> {
                ScanStep step = new ScanStep(side, batch);
                yield (adjoint, depth) -> step.run(adjoint, DepthStep.exactly(depth));
            }
        };
    }
}
