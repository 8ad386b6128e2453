package dev.stillpoint.zoo.problem;

import java.util.List;

/**
 * Which path is asked for.
 *
 * @param origin a node's name
 * @param destination another node's name
 * @param closed names of edges that must not be used
 */
public record PathQuery(String origin, String destination, List<String> closed) {
    /** Copies the list. */
    public PathQuery {
        closed = List.copyOf(closed);
    }

    /** A path over any edges. */
    public PathQuery(String origin, String destination) {
        this(origin, destination, List.of());
    }
}
