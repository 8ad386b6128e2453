package dev.stillpoint.zoo.paths;

import dev.stillpoint.zoo.Decision;
import dev.stillpoint.zoo.Evaluation.Illustration;
import dev.stillpoint.zoo.Predictor;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.stream.IntStream;

/** Draws decisions on the grid: the relaxed flow as shading, the decided and the optimal path as lines. */
final class GridDrawing {
    private static final int SIZE = 260;
    private static final int MARGIN = 14;
    /** A flow of one is drawn nine wide: steps of a fortieth are not told apart, and less is not seen. */
    private static final double VISIBLE = 0.025;

    private static final double PATH_WIDTH = 2.4;

    private GridDrawing() {}

    /**
     * Six test rows from the least regret to the largest, evenly by rank.
     *
     * @param paid what the decision of each row costs
     * @param predictor decides these rows again, so that nobody has to keep the decisions of all rows
     */
    static List<Illustration> examples(PathData test, double[] paid, Predictor predictor) {
        double[] regret = new double[test.size()];
        for (int i = 0; i < regret.length; i++) {
            regret[i] = paid[i] / test.optimalCosts()[i] - 1;
        }
        int[] order = IntStream.range(0, regret.length)
                .boxed()
                .sorted(Comparator.comparingDouble(i -> regret[i]))
                .mapToInt(i -> i)
                .toArray();
        int count = Math.min(6, order.length);
        int[] ranks = new int[count];
        Arrays.setAll(ranks, j -> count == 1 ? 0 : j * (order.length - 1) / (count - 1));
        float[][] contexts = new float[count][];
        Arrays.setAll(contexts, j -> test.contexts()[order[ranks[j]]]);
        List<Decision> decisions = predictor.infer(contexts);
        List<Illustration> drawings = new ArrayList<>();
        for (int j = 0; j < count; j++) {
            int rank = ranks[j];
            int i = order[rank];
            drawings.add(new Illustration(
                    String.format(Locale.ROOT, "regret %.1f %%", 100 * regret[i]),
                    String.format(
                            Locale.ROOT,
                            "rank %d of %d test rows; decided path costs %.2f, the optimal one %.2f",
                            rank + 1,
                            order.length,
                            paid[i],
                            test.optimalCosts()[i]),
                    svg(test.grid(), decisions.get(j), test.arcs()[i])));
        }
        return drawings;
    }

    private static String svg(Grid grid, Decision decision, int[] optimal) {
        double unit = (SIZE - 2.0 * MARGIN) / (grid.k() - 1);
        StringBuilder svg = new StringBuilder();
        svg.append("<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 ")
                .append(SIZE)
                .append(' ')
                .append(SIZE)
                .append("\" role=\"img\" aria-label=\"decided and optimal path on the grid\">");
        // Coordinates within are rows and columns: short numbers, of which a large grid has many.
        svg.append(String.format(
                Locale.ROOT, "<g fill=\"none\" transform=\"translate(%d %d) scale(%.6f)\">", MARGIN, MARGIN, unit));
        lattice(svg, grid.k(), unit);
        flow(svg, grid, decision.relaxed(), unit);
        double width = Math.min(PATH_WIDTH, Math.max(1, unit / 2));
        path(svg, grid, optimal, width / unit, 1, "#117a43", "");
        path(
                svg,
                grid,
                grid.arcs(decision.chosen()),
                width / unit,
                -1,
                "#d4540b",
                String.format(Locale.ROOT, " stroke-dasharray=\"%.3f %.3f\"", 6 / unit, 3 / unit));
        svg.append("</g>");
        for (int corner : new int[] {MARGIN, SIZE - MARGIN}) {
            svg.append(String.format(
                    Locale.ROOT, "<circle cx=\"%d\" cy=\"%d\" r=\"4.5\" fill=\"#1f2937\"/>", corner, corner));
        }
        return svg.append("</svg>").toString();
    }

    /** Every row and column of the grid; thinner where they are close, so that they do not fill the picture. */
    private static void lattice(StringBuilder svg, int k, double unit) {
        svg.append("<path d=\"");
        for (int i = 0; i < k; i++) {
            svg.append("M0 ").append(i).append('h').append(k - 1);
            svg.append('M').append(i).append(" 0v").append(k - 1);
        }
        svg.append(String.format(
                Locale.ROOT, "\" stroke=\"#d9dee5\" stroke-width=\"%.3f\"/>", Math.min(1, unit / 8) / unit));
    }

    /** The arcs by their flow in steps of {@link #VISIBLE}, thin ones first; what is less is left out. */
    private static void flow(StringBuilder svg, Grid grid, float[] flow, double unit) {
        StringBuilder[] levels = new StringBuilder[(int) Math.round(1 / VISIBLE) + 1];
        for (int arc = 0; arc < flow.length; arc++) {
            int level = (int) Math.round(Math.min(1, flow[arc]) / VISIBLE);
            if (level > 0) {
                StringBuilder lines = levels[level] == null ? new StringBuilder() : levels[level];
                int tail = grid.tail(arc);
                lines.append('M').append(tail % grid.k()).append(' ').append(Math.floorDiv(tail, grid.k()));
                levels[level] = lines.append(right(grid, arc) ? "h1" : "v1");
            }
        }
        for (int level = 1; level < levels.length; level++) {
            if (levels[level] != null) {
                svg.append("<path d=\"").append(levels[level]);
                svg.append(String.format(
                        Locale.ROOT,
                        "\" stroke=\"#9ec5f4\" stroke-linecap=\"round\" stroke-width=\"%.3f\"/>",
                        9 * VISIBLE * level / unit));
            }
        }
    }

    /** A path, moved across the diagonal so that two on the same arcs stay apart. */
    private static void path(
            StringBuilder svg, Grid grid, int[] arcs, double width, int side, String colour, String more) {
        double shift = side * 2 * width / 3;
        svg.append(String.format(Locale.ROOT, "<path d=\"M%.3f %.3f", shift, -shift));
        int run = 0;
        for (int i = 0; i < arcs.length; i++) {
            boolean right = right(grid, arcs[i]);
            run++;
            if (i == arcs.length - 1 || right(grid, arcs[i + 1]) != right) {
                svg.append(right ? 'h' : 'v').append(run);
                run = 0;
            }
        }
        svg.append(String.format(Locale.ROOT, "\" stroke=\"%s\" stroke-width=\"%.3f\"%s/>", colour, width, more));
    }

    private static boolean right(Grid grid, int arc) {
        return grid.head(arc) == grid.tail(arc) + 1;
    }
}
