package dev.stillpoint.cli;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Small files of a user's own, good ones, of which a test spoils one at a time. */
final class OwnProblem {
    /** Rows of contexts, decisions and costs. */
    static final int ROWS = 40;

    private static final String[] DAYS = {"Mon", "Tue", "Sat"};

    private OwnProblem() {}

    /** A graph with a cycle between B and C, and days on which one way or another is slow. */
    static Map<String, String> graph() {
        Map<String, String> files = new LinkedHashMap<>();
        files.put("edges.csv", "from,to\nA,B\nA,C\nB,C\nC,B\nB,D\nC,D\n");
        StringBuilder contexts = new StringBuilder("day,rain,start,closed\n");
        StringBuilder paths = new StringBuilder("path\n");
        StringBuilder decisions = new StringBuilder("B>D,A>B,A>C,B>C,C>B,C>D\n");
        StringBuilder costs = new StringBuilder("A>B,A>C,B>C,C>B,B>D,C>D\n");
        for (int i = 0; i < ROWS; i++) {
            int day = i % 3;
            double rain = i * 7 % 10;
            // On Saturdays B is busy; rain floods C.
            double ab = day == 2 ? 6 : 2;
            double ac = 2.25 + rain / 2;
            boolean byB = ab < ac;
            // Only what the best path does without, so that it is best with and without this column.
            String closed = i % 4 > 0 ? "" : byB ? "C>D" : "B>C;B>D";
            contexts.append(DAYS[day] + "," + rain + ",A," + closed + "\n");
            paths.append(byB ? "A>B>D" : "A>C>D").append('\n');
            decisions.append(byB ? "1,1,0,0,0,0" : "0,0,1,0,0,1").append('\n');
            costs.append(ab + "," + ac + ",3,3,2,2\n");
        }
        files.put("contexts.csv", contexts.toString());
        files.put("paths.csv", paths.toString());
        files.put("decisions.csv", decisions.toString());
        files.put("costs.csv", costs.toString());
        return files;
    }

    /** Two bakeries that bake a demand of 10 together, of which one is cheaper on some days. */
    static Map<String, String> polytope() {
        Map<String, String> files = new LinkedHashMap<>();
        files.put("matrix.csv", "name,north,south,sense,rhs\ndemand,1,1,=,10\nflour,2,1,<=,17\n");
        files.put("bounds.csv", "variable,lower,upper\nnorth,0,\nsouth,0,8\n");
        StringBuilder contexts = new StringBuilder("day,gas\n");
        StringBuilder decisions = new StringBuilder("south,north\n");
        StringBuilder costs = new StringBuilder("north,south\n");
        for (int i = 0; i < ROWS; i++) {
            double gas = i * 7 % 10;
            contexts.append(DAYS[i % 3]).append(',').append(gas).append('\n');
            boolean north = gas < 5;
            decisions.append(north ? "3,7" : "8,2").append('\n');
            costs.append(gas + ",5\n");
        }
        files.put("contexts.csv", contexts.toString());
        files.put("decisions.csv", decisions.toString());
        files.put("costs.csv", costs.toString());
        return files;
    }

    /** Writes them into a folder. */
    static void write(Path folder, Map<String, String> files) {
        try {
            for (Map.Entry<String, String> file : files.entrySet()) {
                Files.writeString(folder.resolve(file.getKey()), file.getValue());
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Words of a command, in which names that end in .csv are files of the folder. */
    static Object[] words(Path folder, String command) {
        List<Object> words = new ArrayList<>();
        for (String word : command.strip().split(" +")) {
            words.add(word.endsWith(".csv") ? folder.resolve(word) : word);
        }
        return words.toArray();
    }
}
