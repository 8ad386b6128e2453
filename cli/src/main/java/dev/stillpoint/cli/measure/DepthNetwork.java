package dev.stillpoint.cli.measure;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.stillpoint.adjoint.Adjoint;
import dev.stillpoint.zoo.images.PhotographStep;
import dev.stillpoint.zoo.paths.DepthStep;

/**
 * A network whose training step is measured against depth.
 *
 * @param kind which
 * @param grid nodes on a side of the grid, of {@link Kind#PATHS} alone
 */
public record DepthNetwork(Kind kind, int grid) {
    /** The networks. */
    public enum Kind {
        /** Shortest paths on a grid. */
        PATHS,
        /** Photographs, the paper's network without augmentation. */
        CIFAR10
    }

    private static final String GRID = "grid";
    private static final String NETWORK = "network";

    /** Shortest paths on a grid of so many nodes a side. */
    public static DepthNetwork paths(int grid) {
        return new DepthNetwork(Kind.PATHS, grid);
    }

    /** The photographs' network. */
    public static DepthNetwork photographs() {
        return new DepthNetwork(Kind.CIFAR10, 0);
    }

    static DepthNetwork of(ObjectNode job) {
        return job.has(GRID) ? paths(job.path(GRID).asInt()) : photographs();
    }

    /** As it stands in jobs and results. */
    void put(ObjectNode node) {
        if (kind == Kind.PATHS) {
            node.put(GRID, grid);
        } else {
            node.put(NETWORK, "cifar10");
        }
    }

    /** Applications of T before the measurement: classes are loaded then, hot methods compiled, native buffers made. */
    int warmUp() {
        return kind == Kind.PATHS ? 1_000 : 40;
    }

    /** For tables: "grid 20 x 20". */
    public String text() {
        return kind == Kind.PATHS ? "grid " + grid + " x " + grid : "CIFAR-10 network";
    }

    /** Training steps of a depth. */
    interface Step {
        void run(Adjoint adjoint, int depth);
    }

    Step step(int batch) {
        if (kind == Kind.PATHS) {
            return new DepthStep(grid, batch)::run;
        }
        PhotographStep step = new PhotographStep(batch);
        return (adjoint, depth) -> step.run(adjoint, DepthStep.exactly(depth));
    }
}
