package dev.stillpoint.examples;

import static org.assertj.core.api.Assertions.assertThat;

import dev.stillpoint.train.TrainingListener;
import dev.stillpoint.zoo.Application;
import dev.stillpoint.zoo.Settings;
import dev.stillpoint.zoo.TrainingRun;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ServeTest {
    @Test
    void decides(@TempDir Path folder) {
        Application paths = Application.named("paths");
        Settings settings = Settings.of(paths.settings(), Map.of("grid", "3", "epochs", "2"));
        TrainingRun.create(paths, settings, folder, 1).train(TrainingListener.NONE);
        assertThat(Serve.decide(folder, new float[] {0.1f, -0.2f, 0.3f, 0, 1}))
                .startsWith("0-")
                .endsWith("-8");
    }

    @Test
    void decidesByName(@TempDir Path folder) throws IOException {
        Files.writeString(folder.resolve("edges.csv"), "from,to\na,b\nb,c\na,c\n");
        StringBuilder contexts = new StringBuilder("day,rain\n");
        StringBuilder decisions = new StringBuilder("path\n");
        for (int i = 0; i < 24; i++) {
            boolean wet = i % 2 == 0;
            contexts.append(i % 3 == 0 ? "Sat," : "Mon,").append(wet ? 9 : 3).append('\n');
            decisions.append(wet ? "a>c\n" : "a>b>c\n");
        }
        Files.writeString(folder.resolve("contexts.csv"), contexts);
        Files.writeString(folder.resolve("decisions.csv"), decisions);
        Application paths = Application.named("paths");
        Settings settings = Settings.of(
                paths.settings(),
                Map.of(
                        "edges",
                        folder.resolve("edges.csv").toString(),
                        "contexts",
                        folder.resolve("contexts.csv").toString(),
                        "decisions",
                        folder.resolve("decisions.csv").toString(),
                        "from",
                        "a",
                        "to",
                        "c",
                        "epochs",
                        "30"));
        TrainingRun.create(paths, settings, folder.resolve("run"), 1).train(TrainingListener.NONE);
        assertThat(Serve.decideByName(folder.resolve("run"))).isEqualTo("a>b>c a>b;b>c");
    }
}
