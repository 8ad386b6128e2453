package dev.stillpoint.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.stillpoint.data.SafeTensors;
import dev.stillpoint.tensor.TensorScope;
import dev.stillpoint.tensor.Tensors;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import org.bytedeco.pytorch.Tensor;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Weights out of a run and into another. The application of paths is quick to train, and the command asks for no more. */
class ImagesCommandTest {
    private static final String[] SMALL = {"--grid", "5", "--samples", "64", "--epochs", "1", "--batch", "32"};

    @TempDir
    Path folder;

    @Test
    void exportAndImportGiveTheSameResults() {
        Path run = folder.resolve("run");
        Object[] words = new Object[5 + SMALL.length];
        System.arraycopy(new Object[] {"train", "paths", "--run", run, "--json"}, 0, words, 0, 5);
        System.arraycopy(SMALL, 0, words, 5, SMALL.length);
        Ran.done(words);
        Path weights = folder.resolve("weights.safetensors");
        assertThat(Ran.done("images", "export", run, "--output", weights).out()).contains(" tensors: " + weights);
        Path again = folder.resolve("again");
        Ran imported = Ran.done(
                "images",
                "import",
                weights,
                "--application",
                "paths",
                "--set",
                "grid=5",
                "--set",
                "samples=64",
                "--run",
                again,
                "--json");
        assertThat(imported.json().path("result").path("test"))
                .isEqualTo(Ran.done("evaluate", run, "--json").json().path("test"));
        assertThat(Ran.done("evaluate", again, "--json").json().path("test"))
                .isEqualTo(imported.json().path("result").path("test"));
    }

    @Test
    void whatDoesNotFitIsNamed() {
        Path file = folder.resolve("weights.safetensors");
        try (TensorScope scope = TensorScope.open()) {
            Map<String, Tensor> tensors = new LinkedHashMap<>();
            tensors.put("conv_d1.weight", Tensors.of(new float[4], 4));
            new SafeTensors(tensors, Map.of()).write(file);
        }
        Path run = folder.resolve("run");
        Ran.of("images", "import", file, "--application", "paths", "--set", "grid=5", "--run", run)
                .refused(Main.FAILED, file + ": need no tensor beside [", "got 'conv_d1.weight' of shape [4]");
        assertThat(Files.exists(run)).isFalse();
        Ran.of("images", "import", file, "--application", "pahts").refused(Main.USAGE, "got 'pahts'");
        Ran.of("images", "import", file, "--application", "paths", "--set", "girth=5")
                .refused(Main.USAGE, "girth");
        Ran.of("images", "import", folder.resolve("none"), "--application", "paths")
                .refused(Main.FAILED, "need a safetensors file, got none there");
        Ran.of("images", "export", folder, "--output", file).refused(Main.FAILED, "need a run folder");
        Ran.of("images").refused(Main.USAGE, "need one of import, export, strangers");
    }
}
