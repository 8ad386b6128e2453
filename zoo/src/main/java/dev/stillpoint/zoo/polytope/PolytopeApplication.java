package dev.stillpoint.zoo.polytope;

import dev.stillpoint.certificate.Certificates;
import dev.stillpoint.data.CsvText;
import dev.stillpoint.data.DataException;
import dev.stillpoint.data.SafeTensors;
import dev.stillpoint.zoo.Application;
import dev.stillpoint.zoo.Experiment;
import dev.stillpoint.zoo.Predictor;
import dev.stillpoint.zoo.Setting;
import dev.stillpoint.zoo.Settings;
import dev.stillpoint.zoo.problem.InfeasibleException;
import dev.stillpoint.zoo.problem.PolytopeQuery;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** {@code train polytope}: learn the costs of a linear program of the user's, decide by its exact solution. */
public final class PolytopeApplication implements Application {
    private static final Setting<Optional<Path>> MATRIX = Setting.file(
            "matrix", "constraints: a row each, a column a variable, sense (=, <=, >=) and rhs, a name if you like");
    private static final Setting<Optional<Path>> BOUNDS =
            Setting.file("bounds", "columns variable, lower and upper; without it all variables are >= 0");

    /** For the ServiceLoader. */
    public PolytopeApplication() {}

    @Override
    public String name() {
        return "polytope";
    }

    @Override
    public String summary() {
        return "linear programs of your own, from files, whose costs depend on a context";
    }

    @Override
    public List<Setting<?>> settings() {
        List<Setting<?>> settings = new ArrayList<>(List.of(MATRIX, BOUNDS));
        settings.addAll(CostFiles.settings());
        settings.addAll(CostSettings.all());
        return List.copyOf(settings);
    }

    @Override
    public List<String> checks(Settings settings) {
        return CostFiles.checks();
    }

    @Override
    public int threads(Settings settings) {
        return 1;
    }

    @Override
    public Experiment prepare(Settings settings) {
        Path matrix = settings.get(MATRIX)
                .orElseThrow(() -> new IllegalArgumentException("--matrix: need a CSV file, got none"));
        Optional<Path> bounds = settings.get(BOUNDS);
        CsvText contexts = CostFiles.contexts(settings);
        PolytopePosing posing = PolytopeFiles.read(matrix, bounds, contexts);
        checkPoint(matrix, posing);
        Map<String, Path> files = new LinkedHashMap<>();
        files.put("matrix", matrix);
        bounds.ifPresent(file -> files.put("bounds", file));
        return CostFiles.prepare(settings, posing, contexts, files);
    }

    /** A polytope that all rows share and that has no point is its files' fault, not that of a row. */
    private static void checkPoint(Path matrix, PolytopePosing posing) {
        if (posing.ownRightHandSide() || posing.ownBounds()) {
            return;
        }
        try {
            int n = posing.problem().variables().size();
            posing.problem()
                    .minimise(new double[n], new PolytopeQuery(posing.rightHandSide(), posing.lower(), posing.upper()));
        } catch (InfeasibleException e) {
            throw new DataException(matrix, "need constraints that some x satisfies, got none: " + e.getMessage(), e);
        }
    }

    @Override
    public Predictor restore(Settings settings, SafeTensors model, Certificates certificates) {
        return CostFiles.restore(settings, model, certificates, PolytopePosing::fromJson);
    }
}
