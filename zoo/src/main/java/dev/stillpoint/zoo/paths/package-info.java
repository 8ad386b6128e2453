/**
 * Shortest paths on grids from context: the graph, its exact solver, PyEPO's generated data, and what a prediction of
 * the arcs' costs is worth. Arrays only; one row is one instance.
 */
@NullMarked
package dev.stillpoint.zoo.paths;

import org.jspecify.annotations.NullMarked;
