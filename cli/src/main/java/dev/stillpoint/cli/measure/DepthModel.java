package dev.stillpoint.cli.measure;

import dev.stillpoint.zoo.TrainingStep;
import dev.stillpoint.zoo.paths.DepthStep;
import dev.stillpoint.zoo.tomography.ScanStep;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;

/** Models whose training step is measured. */
public enum DepthModel {
    /** Shortest paths on a grid. */
    PATHS {
        @Override
        TrainingStep step(int side, int batch) {
            return new DepthStep(side, batch);
        }
    },
    /** Images from few projections. */
    TOMOGRAPHY {
        @Override
        TrainingStep step(int side, int batch) {
            return new ScanStep(side, batch);
        }
    };

    /** Training steps of nodes or pixels on a side, and rows. */
    abstract TrainingStep step(int side, int batch);

    /** As on the command line: "paths". */
    public String text() {
        return name().toLowerCase(Locale.ROOT);
    }

    /**
     * The model of that name.
     *
     * @throws IllegalArgumentException "need one of ..., got '...'"
     */
    public static DepthModel parse(String text) {
        for (DepthModel each : values()) {
            if (each.text().equals(text)) {
                return each;
            }
        }
        List<String> names = Arrays.stream(values()).map(DepthModel::text).toList();
        throw new IllegalArgumentException("need one of " + String.join(", ", names) + ", got '" + text + "'");
    }
}
