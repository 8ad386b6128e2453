package dev.stillpoint.zoo.tomography;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.stillpoint.kernel.ParallelBeam;
import dev.stillpoint.operator.AdmmOptimality;
import dev.stillpoint.operator.Differences;
import dev.stillpoint.solver.Solution;
import dev.stillpoint.solver.StoppingRule;
import dev.stillpoint.tensor.Rows;
import dev.stillpoint.tensor.TensorScope;
import dev.stillpoint.tensor.Tensors;
import java.util.List;
import java.util.random.RandomGeneratorFactory;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch.ScalarType;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** {@link TotalVariation} and {@link Baselines}. */
class TotalVariationTest {
    private static final int N = 16;
    /** Of the conditions of optimality, relative, after a solve to 1e-9 a number. */
    private static final double OPTIMAL = 1e-5;

    private static final StoppingRule EXACT = new StoppingRule(1e-9, 0, 60_000, 50);

    private final Scanner scanner = new Scanner(ParallelBeam.of(N, 8));

    @Test
    @Tag("slow")
    void solvesTheProblem() {
        try (TensorScope scope = TensorScope.open()) {
            float[] image = Ellipse.draw(List.of(new Ellipse(0.8, 0.6, 0.4, 0.1, 0, 0.4)), N);
            Tensor d = Tensors.of(new float[][] {
                        scanner.measure(
                                        image,
                                        0.01,
                                        RandomGeneratorFactory.of("L64X128MixRandom")
                                                .create(1))
                                .d()
                    })
                    .to(ScalarType.Double);
            Rows context = new Rows(d);
            TotalVariation method = new TotalVariation(scanner, new TotalVariation.Options(0.012, 1), EXACT);
            Solution solution = method.solve(d).orThrow();
            assertThat(AdmmOptimality.of(method.operator(), solution.z(), context)
                            .worst(0))
                    .isLessThan(OPTIMAL);
            Tensor x = method.operator().solution(solution.z(), context);
            // Other steps find the same.
            Tensor other = new TotalVariation(scanner, new TotalVariation.Options(0.012, 3), EXACT).of(d);
            assertThat(x.sub(other).abs().max().item_double()).isLessThan(1e-4);
            // No feasible neighbour on the way to a smoother or a truer image has less variation: the truth is feasible
            // too.
            double least = variation(x);
            double distance = scanner.operator().apply(x, context).sub(d).norm().item_double();
            assertThat(distance).isLessThan(0.012 * d.norm().item_double() * (1 + OPTIMAL));
            assertThat(least)
                    .isLessThan(variation(Tensors.of(new float[][] {image}).to(ScalarType.Double)));
            // Saboteur: a looser fit has less still, so that the number says something.
            Tensor loose = new TotalVariation(scanner, new TotalVariation.Options(0.1, 1), EXACT).of(d);
            assertThat(variation(loose)).isLessThan(0.98 * least);
        }
    }

    private static double variation(Tensor x) {
        return new Differences<Rows>(N, N).apply(x, new Rows(x)).abs().sum().item_double();
    }

    @Test
    void optionsAreChecked() {
        assertThatThrownBy(() -> new TotalVariation.Options(0, 1))
                .hasMessage("TotalVariation: need finite radius and alpha > 0, got 0.0 and 1.0");
        assertThatThrownBy(() -> Baselines.totalVariation(small(), List.of(), EXACT))
                .hasMessage("Baselines: need at least one candidate, got none");
    }

    /** The best is the best of those asked for. */
    @Test
    void choicesAreMadeOnValidationImages() {
        TomographyData data = small();
        Baselines.Choice<RampFilter> filter = Baselines.filter(data);
        for (RampFilter other : RampFilter.values()) {
            float[][] images = ((Reconstruction) d -> data.scanner().reconstruct(d, other))
                    .all(data.validate().data());
            assertThat(Scores.mean(
                            Scores.of(images, data.validate(), data.scanner()).psnr()))
                    .isLessThanOrEqualTo(filter.psnr());
        }
        Baselines.Choice<TotalVariation.Options> choice = Baselines.totalVariation(
                data,
                List.of(new TotalVariation.Options(0.5, 1), new TotalVariation.Options(0.02, 1)),
                new StoppingRule(1e-4, 0, 500, 10));
        assertThat(choice.value().radius()).isEqualTo(0.02);
        assertThat(choice.psnr()).isGreaterThan(filter.psnr());
    }

    private TomographyData small() {
        List<float[]> images = List.of(
                Ellipse.draw(Ellipse.sheppLogan(), N),
                Ellipse.draw(List.of(new Ellipse(0.7, 0.5, 0.3, 0.2, 0.1, 0)), N));
        Scans scans = Scans.of(scanner, images, 0.015, 1);
        return new TomographyData(
                scanner, scans, scans, scans, new ChestSlices.Parts(new int[0], new int[0], new int[0]));
    }
}
