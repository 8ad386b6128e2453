package dev.stillpoint.zoo.problem;

import dev.stillpoint.data.RandomState;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Random graphs with random costs. */
final class RandomDigraphs {
    /** Sizes over seeds: many small ones, where corner cases are likely, and the largest. */
    private static final int[] SIZES = {
        2, 3, 4, 5, 7, 10, 16, 25, 40, 64, 100, 160, 250, 400, 640, 900, 1300, 1700, 2000, 2000
    };

    /** Halves of halves: sums of such costs are exact. */
    private static final double FRACTION = 1.0 / 1024;

    private RandomDigraphs() {}

    enum Shape {
        /** Edges from lower to higher numbers, under a random renaming. */
        ACYCLIC {
            @Override
            void fill(int n, RandomState random, List<int[]> ends) {
                int[] name = random.permutation(n);
                for (int i = 0; i < 3 * n; i++) {
                    int a = random.choice(0, n);
                    int b = random.choice(0, n);
                    if (a != b) {
                        ends.add(new int[] {name[Math.min(a, b)], name[Math.max(a, b)]});
                    }
                }
            }
        },
        /** Layers of one width, each node to some of the next. */
        LAYERED {
            @Override
            void fill(int n, RandomState random, List<int[]> ends) {
                int width = Math.max(1, (int) Math.sqrt(n));
                for (int v = 0; v + width < n; v++) {
                    int next = (v / width + 1) * width;
                    for (int i = 0; i < 3; i++) {
                        ends.add(new int[] {v, Math.min(n - 1, next + random.choice(0, width))});
                    }
                }
            }
        },
        /** Any edges, some of them parallel. */
        CYCLIC {
            @Override
            void fill(int n, RandomState random, List<int[]> ends) {
                for (int i = 0; i < 3 * n; i++) {
                    int a = random.choice(0, n);
                    int b = random.choice(0, n);
                    if (a != b) {
                        ends.add(new int[] {a, b});
                    }
                }
            }
        },
        /** A grid of streets, most of them both ways. */
        STREETS {
            @Override
            void fill(int n, RandomState random, List<int[]> ends) {
                int side = Math.max(1, (int) Math.sqrt(n));
                for (int v = 0; v < n; v++) {
                    int[] neighbours = {v % side + 1 < side ? v + 1 : n, v + side};
                    for (int u : neighbours) {
                        if (u < n && random.uniform(0, 1) < 0.9) {
                            ends.add(new int[] {v, u});
                        }
                        if (u < n && random.uniform(0, 1) < 0.9) {
                            ends.add(new int[] {u, v});
                        }
                    }
                }
            }
        },
        /** Small cyclic parts in a row. */
        CHAINED {
            @Override
            void fill(int n, RandomState random, List<int[]> ends) {
                for (int v = 0; v < n; v++) {
                    int first = v / 5 * 5;
                    for (int i = 0; i < 3; i++) {
                        int u = random.choice(first, Math.min(n, first + (i == 0 ? 10 : 5)));
                        if (u != v) {
                            ends.add(new int[] {v, u});
                        }
                    }
                }
            }
        };

        abstract void fill(int n, RandomState random, List<int[]> ends);

        boolean hasCycles() {
            return this != ACYCLIC && this != LAYERED;
        }
    }

    enum Costs {
        REAL {
            @Override
            double draw(RandomState random) {
                return random.uniform(0, 1);
            }
        },
        UNIT {
            @Override
            double draw(RandomState random) {
                return 1;
            }
        },
        ZERO {
            @Override
            double draw(RandomState random) {
                return 0;
            }
        },
        TIED {
            @Override
            double draw(RandomState random) {
                return random.choice(0, 3);
            }
        },
        /** Of any sign on graphs without cycles; else {@link #draw} with potentials, under which many cycles cost nothing. */
        NEGATIVE {
            @Override
            double draw(RandomState random) {
                return random.choice(-1000, 1000) * FRACTION;
            }
        };

        abstract double draw(RandomState random);
    }

    /** A graph, costs, and what is asked for. */
    record Instance(String name, List<Edge> edges, double[] costs, PathQuery query) {
        @Override
        public String toString() {
            return name;
        }

        ShortestPathProblem problem() {
            return ShortestPathProblem.of(edges);
        }
    }

    static int sizes() {
        return SIZES.length;
    }

    static Instance of(Shape shape, Costs costs, int seed) {
        int n = SIZES[seed % SIZES.length];
        RandomState random =
                new RandomState(1_000L * (1 + List.of(Shape.values()).indexOf(shape))
                        + 100L * List.of(Costs.values()).indexOf(costs)
                        + seed);
        List<int[]> ends = new ArrayList<>();
        shape.fill(n, random, ends);
        if (ends.isEmpty()) {
            ends.add(new int[] {0, 1});
        }
        double[] cost = new double[ends.size()];
        double[] potential = new double[n + 1];
        for (int v = 0; v <= n; v++) {
            potential[v] = costs == Costs.NEGATIVE && shape.hasCycles() ? random.choice(-5000, 5000) * FRACTION : 0;
        }
        List<Edge> edges = new ArrayList<>();
        for (int e = 0; e < cost.length; e++) {
            int[] end = ends.get(e);
            edges.add(new Edge("e" + e, "n" + end[0], "n" + end[1]));
            cost[e] = costs.draw(random);
            if (shape.hasCycles() && costs == Costs.NEGATIVE) {
                // A third of the edges cost nothing but the difference of potentials.
                cost[e] = Math.max(0, cost[e] + 300 * FRACTION) + potential[end[1]] - potential[end[0]];
            }
        }
        String name = shape + " " + costs + " " + n + " nodes, seed " + seed;
        return new Instance(name, edges, cost, query(edges, random));
    }

    /** In four cases of five a destination that can be reached if nothing is closed; a tenth of the edges may be closed. */
    private static PathQuery query(List<Edge> edges, RandomState random) {
        int count = edges.size();
        String origin = edges.get(random.choice(0, count)).from();
        List<String> reached = new ArrayList<>(List.of(origin));
        Map<String, List<String>> after = new HashMap<>();
        for (Edge edge : edges) {
            after.computeIfAbsent(edge.from(), key -> new ArrayList<>()).add(edge.to());
        }
        Set<String> seen = new HashSet<>(reached);
        for (int i = 0; i < reached.size(); i++) {
            for (String node : after.getOrDefault(reached.get(i), List.of())) {
                if (seen.add(node)) {
                    reached.add(node);
                }
            }
        }
        String destination = reached.get(random.choice(1, reached.size()));
        if (random.choice(0, 5) == 0) {
            String any = edges.get(random.choice(0, count)).to();
            destination = any.equals(origin) ? destination : any;
        }
        List<String> closed = new ArrayList<>();
        if (random.coin() == 1) {
            for (int i = 0; i < count / 10; i++) {
                closed.add("e" + random.choice(0, count));
            }
        }
        return new PathQuery(origin, destination, closed);
    }
}
