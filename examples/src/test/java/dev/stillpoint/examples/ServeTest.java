package dev.stillpoint.examples;

import static org.assertj.core.api.Assertions.assertThat;

import dev.stillpoint.train.TrainingListener;
import dev.stillpoint.zoo.Application;
import dev.stillpoint.zoo.Settings;
import dev.stillpoint.zoo.TrainingRun;
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
}
