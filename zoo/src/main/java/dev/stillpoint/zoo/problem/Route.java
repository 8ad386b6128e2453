package dev.stillpoint.zoo.problem;

import java.util.List;

/**
 * A path, by the user's names.
 *
 * @param nodes from origin to destination, none twice
 * @param edges from node to node, one fewer
 */
public record Route(List<String> nodes, List<String> edges) {
    /** Copies the lists. */
    public Route {
        nodes = List.copyOf(nodes);
        edges = List.copyOf(edges);
    }
}
