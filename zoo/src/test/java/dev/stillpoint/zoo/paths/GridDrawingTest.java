package dev.stillpoint.zoo.paths;

import static org.assertj.core.api.Assertions.assertThat;

import dev.stillpoint.solver.Status;
import dev.stillpoint.zoo.Decision;
import dev.stillpoint.zoo.Evaluation.Illustration;
import dev.stillpoint.zoo.Predictor;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class GridDrawingTest {
    /** Of a drawing: six of them in a report are less than half a megabyte. */
    private static final int SMALL = 60_000;

    private static final Pattern PATH =
            Pattern.compile("<path d=\"M-?[0-9]+[.][0-9]+ -?[0-9]+[.][0-9]+((?:[hv][0-9]+)+)\"");
    private static final Pattern FLOW = Pattern.compile(
            "<path d=\"([^\"]+)\" stroke=\"#9ec5f4\" stroke-linecap=\"round\" stroke-width=\"([.0-9]+)\"");

    /** Decides for the path that is optimal without noise, and blends it with the optimal one. */
    private static Predictor predictor(PathGenerator generator, PathData data) {
        int[] all = AllPaths.range(0, data.size());
        float[][] clean = generator.noiseFreeCosts(all);
        return new Predictor() {
            @Override
            public List<String> inputs() {
                return List.of();
            }

            @Override
            public void infer(float[][] contexts, Consumer<Decision> taker) {
                for (float[] context : contexts) {
                    int row = List.of(data.contexts()).indexOf(context);
                    float[] path = new ShortestPath(data.grid()).solve(clean[row]);
                    float[] flow = data.path(row);
                    for (int e = 0; e < flow.length; e++) {
                        flow[e] = 0.75f * flow[e] + 0.25f * path[e];
                    }
                    taker.accept(new Decision("", path, flow, 0, Status.CONVERGED, 1, 0, 0, List.of()));
                }
            }
        };
    }

    private static List<Illustration> draw(int k, int rows) {
        PathGenerator generator = PathGenerator.published(k).withRows(rows);
        PathData data = generator.generate();
        float[][] clean = generator.noiseFreeCosts(AllPaths.range(0, rows));
        double[] paid = new double[rows];
        for (int i = 0; i < rows; i++) {
            paid[i] = Regret.paid(new ShortestPath(data.grid()).solve(clean[i]), data, i);
        }
        return GridDrawing.examples(data, paid, predictor(generator, data));
    }

    /** From the least regret to the largest, the paths as they are, and little text on the largest grid too. */
    @ParameterizedTest
    @ValueSource(ints = {2, 10, 100, 300})
    void drawsSixRowsInLittleText(int k) {
        List<Illustration> drawings = draw(k, 8);
        assertThat(drawings).hasSize(6);
        assertThat(drawings.get(0).caption()).startsWith("rank 1 of 8 test rows; ");
        assertThat(drawings.get(5).caption()).startsWith("rank 8 of 8 test rows; ");
        for (Illustration drawing : drawings) {
            assertThat(drawing.svg().length()).isLessThan(SMALL);
            List<String> paths = new ArrayList<>();
            for (Matcher m = PATH.matcher(drawing.svg()); m.find(); ) {
                paths.add(m.group(1));
            }
            assertThat(paths).hasSize(2).allSatisfy(path -> assertThat(end(path))
                    .containsExactly(k - 1, k - 1));
            boolean optimal = drawing.title().equals("regret 0.0 %");
            assertThat(paths.get(0).equals(paths.get(1))).isEqualTo(optimal);
        }
    }

    @Test
    void pathsAndFlowsByHand() {
        Grid grid = new Grid(3);
        float[] cost = new float[12];
        for (int arc : new int[] {0, 3, 6, 9}) {
            cost[arc] = -1;
        }
        PathData data = PathData.of(grid, new float[1][1], new float[][] {cost});
        float[] chosen = AllPaths.of(3).get(0);
        float[] flow = new float[12];
        flow[grid.rightArc(1, 1)] = 0.5f;
        flow[grid.downArc(0, 2)] = 0.011f;
        flow[grid.downArc(1, 0)] = 0.26f;
        Decision decision = new Decision("", chosen, flow, 0, Status.CONVERGED, 1, 0, 0, List.of());
        String svg = GridDrawing.examples(data, new double[] {1}, new Predictor() {
                    @Override
                    public List<String> inputs() {
                        return List.of();
                    }

                    @Override
                    public void infer(float[][] contexts, Consumer<Decision> taker) {
                        taker.accept(decision);
                    }
                })
                .get(0)
                .svg();
        Matcher paths = PATH.matcher(svg);
        assertThat(paths.find()).isTrue();
        assertThat(paths.group(1)).isEqualTo(moves(grid, data.arcs()[0]));
        assertThat(paths.find()).isTrue();
        assertThat(paths.group(1)).isEqualTo(moves(grid, grid.arcs(chosen))).isNotEqualTo(moves(grid, data.arcs()[0]));
        Matcher flows = FLOW.matcher(svg);
        assertThat(flows.find()).isTrue();
        assertThat(flows.group(1)).isEqualTo("M0 1v1");
        assertThat(flows.find()).isTrue();
        assertThat(flows.group(1)).isEqualTo("M1 1h1");
        // 9 · 0.5 of 116 a unit.
        assertThat(Double.parseDouble(flows.group(2)) * 116).isBetween(4.4, 4.6);
        assertThat(flows.find()).as("a flow of 0.011 is not seen").isFalse();
    }

    /** One move an arc, joined where the direction stays. */
    private static String moves(Grid grid, int[] arcs) {
        StringBuilder each = new StringBuilder();
        for (int arc : arcs) {
            each.append(grid.head(arc) == grid.tail(arc) + 1 ? 'h' : 'v');
        }
        return Pattern.compile("h+|v+")
                .matcher(each)
                .replaceAll(m -> m.group().charAt(0) + "" + m.group().length());
    }

    private static int[] end(String moves) {
        int[] at = new int[2];
        for (Matcher m = Pattern.compile("([hv])([0-9]+)").matcher(moves); m.find(); ) {
            at[m.group(1).equals("h") ? 0 : 1] += Integer.parseInt(m.group(2));
        }
        return at;
    }
}
