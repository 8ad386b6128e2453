package dev.stillpoint.zoo.paths;

import dev.stillpoint.zoo.Decision;
import dev.stillpoint.zoo.Evaluation.Illustration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.stream.IntStream;

/** Draws decisions on the grid: the relaxed flow as shading, the decided and the optimal path as lines. */
final class GridDrawing {
    private static final int SIZE = 260;
    private static final int MARGIN = 14;
    /** Thinner flows than this would not be seen. */
    private static final double VISIBLE = 0.01;

    private GridDrawing() {}

    /** Six test rows from the least regret to the largest, evenly by rank. */
    static List<Illustration> examples(PathData test, List<Decision> decisions) {
        ShortestPath oracle = new ShortestPath(test.grid());
        double[] regret = new double[test.size()];
        for (int i = 0; i < regret.length; i++) {
            regret[i] = oracle.cost(test.costs()[i], decisions.get(i).chosen()) / test.optimalCosts()[i] - 1;
        }
        int[] order = IntStream.range(0, regret.length)
                .boxed()
                .sorted(Comparator.comparingDouble(i -> regret[i]))
                .mapToInt(i -> i)
                .toArray();
        int count = Math.min(6, order.length);
        List<Illustration> drawings = new ArrayList<>();
        for (int j = 0; j < count; j++) {
            int rank = count == 1 ? 0 : j * (order.length - 1) / (count - 1);
            int i = order[rank];
            drawings.add(new Illustration(
                    String.format(Locale.ROOT, "regret %.1f %%", 100 * regret[i]),
                    String.format(
                            Locale.ROOT,
                            "rank %d of %d test rows; decided path costs %.2f, the optimal one %.2f",
                            rank + 1,
                            order.length,
                            oracle.cost(test.costs()[i], decisions.get(i).chosen()),
                            test.optimalCosts()[i]),
                    svg(test.grid(), decisions.get(i), test.path(i))));
        }
        return drawings;
    }

    private static String svg(Grid grid, Decision decision, float[] optimal) {
        StringBuilder svg = new StringBuilder();
        svg.append("<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 ")
                .append(SIZE)
                .append(' ')
                .append(SIZE)
                .append("\" role=\"img\" aria-label=\"decided and optimal path on the grid\">");
        for (int arc = 0; arc < grid.arcs(); arc++) {
            line(svg, grid, arc, 0, "#d9dee5", 1, "");
        }
        for (int arc = 0; arc < grid.arcs(); arc++) {
            double flow = Math.min(1, decision.relaxed()[arc]);
            if (flow > VISIBLE) {
                line(svg, grid, arc, 0, "#9ec5f4", 9 * flow, " stroke-linecap=\"round\"");
            }
        }
        for (int arc = 0; arc < grid.arcs(); arc++) {
            if (optimal[arc] > 0.5) {
                line(svg, grid, arc, -1.6, "#117a43", 2.4, "");
            }
            if (decision.chosen()[arc] > 0.5) {
                line(svg, grid, arc, 1.6, "#d4540b", 2.4, " stroke-dasharray=\"6 3\"");
            }
        }
        for (int node : new int[] {0, grid.nodes() - 1}) {
            svg.append(String.format(
                    Locale.ROOT,
                    "<circle cx=\"%.1f\" cy=\"%.1f\" r=\"4.5\" fill=\"#1f2937\"/>",
                    x(grid, node),
                    y(grid, node)));
        }
        return svg.append("</svg>").toString();
    }

    /** An arc, shifted sideways so that two paths on it stay apart. */
    private static void line(
            StringBuilder svg, Grid grid, int arc, double shift, String colour, double width, String more) {
        int tail = grid.tail(arc);
        int head = grid.head(arc);
        boolean right = head == tail + 1;
        double dx = right ? 0 : shift;
        double dy = right ? shift : 0;
        svg.append(String.format(
                Locale.ROOT,
                "<line x1=\"%.1f\" y1=\"%.1f\" x2=\"%.1f\" y2=\"%.1f\" stroke=\"%s\" stroke-width=\"%.1f\"%s/>",
                x(grid, tail) + dx,
                y(grid, tail) + dy,
                x(grid, head) + dx,
                y(grid, head) + dy,
                colour,
                width,
                more));
    }

    private static double x(Grid grid, int node) {
        return MARGIN + (SIZE - 2.0 * MARGIN) * (node % grid.k()) / (grid.k() - 1);
    }

    private static double y(Grid grid, int node) {
        return MARGIN + (SIZE - 2.0 * MARGIN) * Math.floorDiv(node, grid.k()) / (grid.k() - 1);
    }
}
