package dev.stillpoint.cli;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.stillpoint.data.DataException;
import dev.stillpoint.data.SafeTensors;
import dev.stillpoint.tensor.TensorScope;
import dev.stillpoint.zoo.Application;
import dev.stillpoint.zoo.RunFolder;
import dev.stillpoint.zoo.Settings;
import dev.stillpoint.zoo.TrainingRun;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.Callable;
import org.bytedeco.pytorch.Tensor;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code images import | export}: weights from and for programs that name them as PyTorch does. */
@Command(
        name = "images",
        mixinStandardHelpOptions = true,
        description = "Weights of image networks from and for other programs, by their PyTorch names.",
        subcommands = {ImagesCommand.Import.class, ImagesCommand.Export.class, StrangersCommand.class},
        synopsisSubcommandLabel = "COMMAND")
final class ImagesCommand implements Callable<Integer> {
    /** What a model stores beside its weights, for its certificates. */
    private static final String REFERENCE = "reference.";

    private static final ObjectMapper JSON = new ObjectMapper();

    @Spec
    @SuppressWarnings("NullAway.Init")
    private CommandSpec spec;

    ImagesCommand() {}

    @Override
    public Integer call() {
        throw new ParameterException(spec.commandLine(), "need one of import, export, strangers");
    }

    /** {@code images import FILE}. */
    @Command(
            name = "import",
            mixinStandardHelpOptions = true,
            description = "Make a run of published weights, certified and evaluated as if it had been trained here.")
    static final class Import implements Callable<Integer> {
        @Mixin
        private final CommonOptions common = new CommonOptions();

        @Parameters(paramLabel = "FILE", description = "A safetensors file.")
        @SuppressWarnings("NullAway.Init")
        private Path file;

        @Option(
                names = "--application",
                defaultValue = "mnist",
                paramLabel = "NAME",
                description = "Whose network it is, as in 'train NAME'. Default: ${DEFAULT-VALUE}.")
        @SuppressWarnings("NullAway.Init")
        private String name;

        @Option(
                names = "--set",
                paramLabel = "NAME=VALUE",
                description = "A setting of the application, as 'train NAME --help' lists them: --set gamma=0.9.")
        private Map<String, String> settings = new LinkedHashMap<>();

        @Option(
                names = "--run",
                paramLabel = "DIR",
                description = "Folder of the run, new or empty. Default: runs/NAME-DATE-TIME.")
        private @Nullable Path folder;

        @Spec
        @SuppressWarnings("NullAway.Init")
        private CommandSpec spec;

        Import() {}

        @Override
        public Integer call() {
            common.check();
            Application application;
            Settings all;
            try {
                application = Application.named(name);
                all = Settings.of(application.settings(), settings);
            } catch (IllegalArgumentException e) {
                throw new ParameterException(spec.commandLine(), String.valueOf(e.getMessage()), e);
            }
            if (!Files.isRegularFile(file)) {
                throw new DataException(file, "need a safetensors file, got none there");
            }
            Path run = folder != null ? folder : ApplicationOptions.folder(name);
            ObjectNode result = TrainingRun.adopt(application, all, file, run, common.threads)
                    .folder()
                    .readRun();
            if (common.json) {
                ObjectNode node = JSON.createObjectNode()
                        .put("command", Words.typed(spec))
                        .put("run", run.toString());
                for (String part : new String[] {"settings", "weights", "data", "result", "provenance"}) {
                    node.set(part, result.path(part));
                }
                spec.commandLine().getOut().println(node);
            } else {
                result.path("result").path("test").properties().forEach(e -> spec.commandLine()
                        .getOut()
                        .println("test " + e.getKey() + ": " + e.getValue()));
                spec.commandLine().getOut().println("run: " + run);
            }
            spec.commandLine().getOut().flush();
            return Main.DONE;
        }
    }

    /** {@code images export RUN --output FILE}. */
    @Command(
            name = "export",
            mixinStandardHelpOptions = true,
            description = "Write a run's weights as a safetensors file, with the names of its PyTorch network alone.")
    static final class Export implements Callable<Integer> {
        @Mixin
        private final OutputOptions options = new OutputOptions();

        @Parameters(paramLabel = "RUN", description = "A run folder with a trained model.")
        @SuppressWarnings("NullAway.Init")
        private Path folder;

        @Option(
                names = "--output",
                required = true,
                paramLabel = "FILE",
                description = "The safetensors file; replaced as a whole if it exists.")
        @SuppressWarnings("NullAway.Init")
        private Path output;

        Export() {}

        @Override
        public Integer call() {
            RunFolder run = RunFolder.open(folder);
            run.requireTrained();
            try (TensorScope scope = TensorScope.open()) {
                Map<String, Tensor> weights = new LinkedHashMap<>();
                SafeTensors.readOwn(run.model()).tensors().forEach((name, tensor) -> {
                    if (!name.startsWith(REFERENCE)) {
                        weights.put(name, tensor);
                    }
                });
                new SafeTensors(
                                weights,
                                Map.of(
                                        "application",
                                        run.readRun().path("application").asText()))
                        .write(output);
                options.print(
                        () -> JSON.createObjectNode()
                                .put("tensors", weights.size())
                                .put("output", output.toString()),
                        out -> out.println(weights.size() + " tensors: " + output));
            }
            return Main.DONE;
        }
    }
}
