package dev.stillpoint.examples;

import dev.stillpoint.certificate.Trust;
import dev.stillpoint.zoo.Decision;
import dev.stillpoint.zoo.Model;
import java.nio.file.Path;

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
}
