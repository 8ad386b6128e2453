package dev.stillpoint.zoo.problem;

import dev.stillpoint.data.RandomState;
import dev.stillpoint.zoo.problem.RandomDigraphs.Instance;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** Graphs small enough to list all their paths. */
final class SmallGraphs {
    private SmallGraphs() {}

    /** Two to seven nodes, up to 16 edges, costs of any sign in quarters, from one end to another. */
    static Instance of(int seed) {
        RandomState random = new RandomState(seed);
        int n = random.choice(2, 8);
        int m = random.choice(1, 17);
        double mean = random.choice(0, 4) / 4.0;
        List<Edge> edges = new ArrayList<>();
        double[] costs = new double[m];
        for (int e = 0; e < m; e++) {
            int from = random.choice(0, n);
            int to = (from + random.choice(1, n)) % n;
            edges.add(new Edge("e" + e, "n" + from, "n" + to));
            costs[e] = mean + random.choice(-4, 5) / 4.0;
        }
        List<String> closed = random.coin() == 1 ? List.of("e0") : List.of();
        String origin = edges.get(random.choice(0, m)).from();
        String destination = edges.get(random.choice(0, m)).to();
        if (origin.equals(destination)) {
            origin = edges.get(0).from();
            destination = edges.get(0).to();
        }
        return new Instance("small " + seed, edges, costs, new PathQuery(origin, destination, closed));
    }

    /** All paths that visit no node twice. */
    static List<double[]> paths(Instance instance) {
        List<double[]> found = new ArrayList<>();
        extend(instance, instance.query().origin(), new HashSet<>(), new double[instance.costs().length], found);
        return found;
    }

    private static void extend(Instance instance, String at, Set<String> visited, double[] x, List<double[]> found) {
        if (at.equals(instance.query().destination())) {
            found.add(x.clone());
            return;
        }
        visited.add(at);
        for (int e = 0; e < x.length; e++) {
            Edge edge = instance.edges().get(e);
            boolean open = !instance.query().closed().contains(edge.name());
            if (open && edge.from().equals(at) && !visited.contains(edge.to())) {
                x[e] = 1;
                extend(instance, edge.to(), visited, x, found);
                x[e] = 0;
            }
        }
        visited.remove(at);
    }

    static double cost(Instance instance, double[] x) {
        double sum = 0;
        for (int e = 0; e < x.length; e++) {
            sum += x[e] * instance.costs()[e];
        }
        return sum;
    }

    /** Whether a cycle of edges that are open costs less than nothing, by Floyd and Warshall's algorithm. */
    static boolean hasNegativeCycle(Instance instance, double[] upper) {
        List<String> nodes = instance.problem().nodes();
        int n = nodes.size();
        double[][] least = new double[n][n];
        for (double[] row : least) {
            Arrays.fill(row, Double.POSITIVE_INFINITY);
        }
        for (int e = 0; e < upper.length; e++) {
            Edge edge = instance.edges().get(e);
            if (upper[e] > 0) {
                int from = nodes.indexOf(edge.from());
                int to = nodes.indexOf(edge.to());
                least[from][to] = Math.min(least[from][to], instance.costs()[e]);
            }
        }
        for (int k = 0; k < n; k++) {
            for (int i = 0; i < n; i++) {
                for (int j = 0; j < n; j++) {
                    least[i][j] = Math.min(least[i][j], least[i][k] + least[k][j]);
                }
            }
        }
        for (int i = 0; i < n; i++) {
            if (least[i][i] < 0) {
                return true;
            }
        }
        return false;
    }
}
