package dev.stillpoint.simd;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.stillpoint.kernel.AffineFactor;
import dev.stillpoint.kernel.LaneChoice;
import dev.stillpoint.kernel.LaneFactor;
import dev.stillpoint.kernel.ScalarLanes;
import dev.stillpoint.kernel.SparseMatrix;
import dev.stillpoint.law.AllocationLaws;
import dev.stillpoint.law.Cases;
import dev.stillpoint.law.DavisYinTilesLaws;
import dev.stillpoint.law.DavisYinTilesLaws.Data;
import dev.stillpoint.law.DavisYinTilesLaws.Instance;
import dev.stillpoint.law.Distances;
import dev.stillpoint.law.LanesLaws;
import dev.stillpoint.law.NarrowerLanesLaws;
import dev.stillpoint.law.SparseInstances;
import dev.stillpoint.law.SparseTilesLaws;
import dev.stillpoint.solver.FixedPointSolver;
import dev.stillpoint.solver.Solution;
import dev.stillpoint.solver.StoppingRule;
import dev.stillpoint.tensor.TensorScope;
import dev.stillpoint.tensor.Tensors;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.random.RandomGenerator;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;
import org.bytedeco.pytorch.global.torch.ScalarType;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The SIMD lanes keep what all lanes promise, are those that run, and stand aside where Java was started without them. */
class SimdLanesTest {
    /** Both sums' roundings, of L's longest row and column: some tens of 6e-8. */
    private static final double ROUNDING = 1e-5;
    /** A residual of 1e-5 a number, over 1 less the factor by which T contracts. */
    private static final double SAME_SOLUTION = 1e-3;

    private final SimdLanes simd = new SimdLanes();

    @Test
    void keepsTheLaws() {
        Cases.forSeeds(2, random -> LanesLaws.check(simd, random));
        Cases.forSeeds(2, random -> LanesLaws.check(simd.narrower(), random));
        Cases.forSeeds(2, random -> LanesLaws.check(simd.narrower().narrower(), random));
    }

    @Test
    void keepsTheLawsOfProducts() {
        SparseTilesLaws.check(simd, Cases.random(3));
        SparseTilesLaws.check(simd.narrower(), Cases.random(4));
        SparseTilesLaws.check(simd.narrower().narrower(), Cases.random(5));
    }

    @Test
    void narrowLanesDoTheSameBitForBit() {
        NarrowerLanesLaws.check(simd);
        NarrowerLanesLaws.check(simd.narrower());
    }

    @Test
    void stepsAllocateNothing() {
        AllocationLaws.check(simd);
        AllocationLaws.check(simd.narrower().narrower());
    }

    @ParameterizedTest
    @CsvSource({"1, 7", "7, 1021", "16, 17", "17, 16", "101, 7"})
    void davisYinKeepsTheLaws(int n, int batch) {
        RandomGenerator random = Cases.random(n);
        DavisYinTilesLaws.check(simd, Instance.on(SparseInstances.incidence(n, random), 1.1, batch, false, random));
        SparseMatrix a = SparseInstances.sparse(n, random);
        DavisYinTilesLaws.check(simd, Instance.on(a, Double.POSITIVE_INFINITY, batch, true, random));
    }

    @Test
    void solvesAsPlainJavaDoes() {
        RandomGenerator random = Cases.random(1);
        LaneFactor f = AffineFactor.of(SparseInstances.incidence(1021, random)).lanes();
        float[] wide = new float[f.rank() * simd.width()];
        ScalarLanes plain = new ScalarLanes(simd.width());
        for (int i = 0; i < wide.length; i++) {
            wide[i] = (float) random.nextGaussian();
        }
        float[] expected = wide.clone();
        float[] given = wide.clone();
        simd.solve(f, wide);
        plain.solve(f, expected);
        double[] size = new double[simd.width()];
        for (int i = 0; i < wide.length; i++) {
            size[i % size.length] = Math.max(size[i % size.length], Math.abs(expected[i]));
        }
        for (int i = 0; i < wide.length; i++) {
            assertThat((double) wide[i]).isCloseTo(expected[i], within(ROUNDING * f.rank() * size[i % size.length]));
            assertThat(wide[i]).as("solved at all").isNotEqualTo(given[i]);
        }
    }

    /** Through the public solver: the lanes of this process, plain Java and the generic loop. */
    @Test
    void endToEnd() {
        RandomGenerator random = Cases.random(4);
        Instance instance = Instance.on(SparseInstances.sparse(101, random), 1.1, 37, false, random);
        try (TensorScope scope = TensorScope.open()) {
            Data c = instance.data(ScalarType.Float);
            FixedPointSolver solver = FixedPointSolver.of(StoppingRule.tolerance(1e-5));
            Tensor zero = torch.zeros_like(c.w());
            Solution fast = solver.solve(instance.operator(), zero, c).orThrow();
            Solution same = solver.solve(instance.on(simd), zero, c).orThrow();
            assertThat(Tensors.floats(fast.z())).as("these lanes run").isEqualTo(Tensors.floats(same.z()));
            Solution plain =
                    solver.solve(instance.on(new ScalarLanes(7)), zero, c).orThrow();
            Solution generic =
                    solver.solve(instance.operator().unfused(), zero, c).orThrow();
            Tensor x = instance.operator().solution(fast.z(), c);
            for (Solution other : List.of(plain, generic)) {
                Tensor apart = instance.operator().solution(other.z(), c).sub(x);
                assertThat(Distances.largest(apart)).isLessThan(SAME_SOLUTION);
            }
            // Saboteur: half the curvature.
            Instance wrong =
                    new Instance(instance.a(), instance.upper(), instance.w(), instance.b(), 0.5, instance.step());
            Solution other = solver.solve(wrong.on(simd), zero, c).orThrow();
            assertThat(Distances.largest(
                            instance.operator().solution(other.z(), c).sub(x)))
                    .isGreaterThan(10 * SAME_SOLUTION);
        }
    }

    @Test
    void isChosen() {
        LaneChoice choice = LaneChoice.current();
        assertThat(choice.lanes()).isInstanceOf(SimdLanes.class);
        assertThat(choice.lanes().name()).startsWith("Vector API, 2 x ");
        assertThat(choice.reason()).isEqualTo("found and loaded");
    }

    @Test
    void javaWithoutTheVectorApiFallsBackAndSaysWhy() throws Exception {
        assertThat(choiceOf("--add-modules", "jdk.incubator.vector"))
                .contains("Vector API")
                .contains("found and loaded");
        assertThat(choiceOf()).contains("plain Java: SIMD needs --add-modules jdk.incubator.vector when Java starts");
    }

    private static String choiceOf(String... options) throws IOException, InterruptedException {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(List.of(options));
        command.addAll(List.of("-cp", System.getProperty("java.class.path"), Choice.class.getName()));
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(process.waitFor()).as(output).isZero();
        return output;
    }

    /** What a process of its own says. */
    static final class Choice {
        private Choice() {}

        public static void main(String[] args) {
            LaneChoice choice = LaneChoice.current();
            System.out.println(choice.lanes().name() + ": " + choice.reason());
        }
    }
}
