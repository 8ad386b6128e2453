package dev.stillpoint.examples;

import dev.stillpoint.certificate.Trust;
import dev.stillpoint.zoo.Decision;
import dev.stillpoint.zoo.Model;
import java.nio.file.Path;
import java.util.Map;

/** Serves decisions of a trained run from Java. */
public final class Serve {
    private Serve() {}

    /** Decides for one context: arguments are a run folder and the context's features. */
    public static void main(String[] args) {
        float[] context = new float[args.length - 1];
        for (int i = 0; i < context.length; i++) {
            context[i] = Float.parseFloat(args[i + 1]);
        }
        System.out.println(decide(Path.of(args[0]), context));
    }

    static String decide(Path runFolder, float[] context) {
        // region serve
        Model model = Model.load(runFolder); // thread-safe: load once, share
        Decision decision = model.infer(context);
        Trust.HARD.require(decision.certificates()); // throws unless the constraints hold
        String route = decision.decision(); // "0-1-11-12-..."
        // endregion
        return route;
    }

    static String decideByName(Path runFolder) {
        // region own
        Model model = Model.load(runFolder); // thread-safe: load once, share
        Decision decision = model.infer(Map.of("day", "Sat", "rain", 3)); // by the names of the contexts' columns
        Trust.HARD.require(decision.certificates()); // throws unless the constraints hold
        String route = decision.decision(); // "depot>bridge>market>harbour"
        String edges = decision.details().get("edges"); // "depot>bridge;bridge>market;market>harbour"
        // endregion
        return route + " " + edges;
    }
}
