package dev.stillpoint.zoo.problem;

/**
 * An edge of a directed graph, by the user's names.
 *
 * @param name the variable's name, its own among all edges
 * @param from the node that it leaves
 * @param to the node that it enters, another one
 */
public record Edge(String name, String from, String to) {
    /** Checks the names. */
    public Edge {
        if (name.isBlank() || from.isBlank() || to.isBlank()) {
            throw new IllegalArgumentException(
                    "Edge: need a name and two nodes, got \"" + name + "\" from \"" + from + "\" to \"" + to + "\"");
        }
        if (from.equals(to)) {
            throw new IllegalArgumentException("Edge: need two nodes, got " + name + " from " + from + " to itself");
        }
    }
}
