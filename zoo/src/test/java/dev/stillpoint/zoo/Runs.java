package dev.stillpoint.zoo;

import dev.stillpoint.data.Split;
import dev.stillpoint.zoo.paths.PathData;
import dev.stillpoint.zoo.paths.PathGenerator;
import java.util.LinkedHashMap;
import java.util.Map;

/** Small runs of the paths application, and the published data that they are trained and tested on. */
final class Runs {
    static final int GRID = 5;

    private Runs() {}

    static Application paths() {
        return Application.named("paths");
    }

    /** Settings for a 5 x 5 grid: others by name and value in turn. */
    static Settings settings(String... others) {
        Map<String, String> texts = new LinkedHashMap<>();
        texts.put("grid", Integer.toString(GRID));
        for (int i = 0; i < others.length; i += 2) {
            texts.put(others[i], others[i + 1]);
        }
        return Settings.of(paths().settings(), texts);
    }

    static PathGenerator generator() {
        return PathGenerator.published(GRID);
    }

    static Split split() {
        return Split.of(1_400, 1_000, 200, 200, 0);
    }

    /** The 200 test instances. */
    static PathData test() {
        return generator().generate().select(split().test());
    }
}
