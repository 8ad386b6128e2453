package dev.stillpoint.cli.report;

import java.util.List;
import java.util.Locale;

/**
 * How a test metric is shown. Applications name their metrics freely: a name that is not known here is shown as it is.
 *
 * @param name as in an evaluation
 * @param label for people
 * @param format of its values
 * @param rank where it stands
 * @param explanation one sentence in plain words
 */
record Metric(String name, String label, Format format, Rank rank, String explanation) {
    private static final List<Metric> KNOWN = List.of(
            new Metric(
                    "normalizedRegret",
                    "Test regret",
                    Format.PERCENT,
                    Rank.HEADLINE,
                    "How much more the model's decisions cost than the best possible ones, as a share of the best"
                            + " possible cost (normalised regret)."),
            new Metric(
                    "noiseFloor",
                    "Noise floor",
                    Format.PERCENT,
                    Rank.HEADLINE,
                    "The regret of deciding by the true costs without their noise: the noise cannot be known before"
                            + " deciding, so this is about the best that any model can do."),
            new Metric(
                    "regretOverFloor",
                    "Regret over floor",
                    Format.RATIO,
                    Rank.HEADLINE,
                    "The regret divided by the noise floor: 1 is as good as the noise allows."),
            new Metric(
                    "twoStageRegret",
                    "Two-stage regret",
                    Format.PERCENT,
                    Rank.HEADLINE,
                    "For comparison: predict the costs by linear regression, then decide by the prediction."),
            new Metric(
                    "meanCostRegret",
                    "Mean-cost regret",
                    Format.PERCENT,
                    Rank.HEADLINE,
                    "For comparison: decide by the mean cost of each variable in training, whatever the context."),
            undecided("undecided", "the model", "Test regret"),
            undecided("twoStageUndecided", "linear regression", "Two-stage regret"),
            undecided("meanCostUndecided", "the mean costs", "Mean-cost regret"),
            undecided("validationUndecided", "the model, on the validation rows,", "Validation regret"),
            new Metric(
                    "decodedRegret",
                    "Decoded regret",
                    Format.PERCENT,
                    Rank.DETAIL,
                    "The regret when the decision is read off the relaxed solution, not solved exactly from the"
                            + " predicted costs."),
            new Metric(
                    "relaxedRegret",
                    "Relaxed regret",
                    Format.PERCENT,
                    Rank.DETAIL,
                    "The extra cost of the relaxed solution itself, which may use fractions of several decisions."),
            new Metric(
                    "accuracy",
                    "Accuracy",
                    Format.PERCENT,
                    Rank.HEADLINE,
                    "The share of test rows that are decided right: by the true class, by the best decision, or by one that costs"
                            + " as little. Where noise decides, even a perfect model misses some."),
            new Metric(
                    "accuracyTrainMode",
                    "Accuracy in train mode",
                    Format.PERCENT,
                    Rank.DETAIL,
                    "The same with dropout and the statistics of each batch, as the published code measures it."),
            new Metric(
                    "testAccuracy",
                    "Test accuracy",
                    Format.PERCENT,
                    Rank.DETAIL,
                    "The accuracy on the test rows after each epoch, which selects nothing."),
            new Metric(
                    "validationError",
                    "Validation error",
                    Format.PERCENT,
                    Rank.DETAIL,
                    "The share of validation rows that are decided wrongly after each epoch."),
            new Metric(
                    "psnr",
                    "PSNR in dB",
                    Format.NUMBER,
                    Rank.HEADLINE,
                    "Peak signal-to-noise ratio, mean over the test images: 3 dB more is half the squared error."),
            new Metric(
                    "ssim",
                    "SSIM",
                    Format.NUMBER,
                    Rank.HEADLINE,
                    "Structural similarity with the true image, 1 for the same, in windows of 7 x 7 pixels."),
            new Metric(
                    "ssimGaussian",
                    "SSIM, Gaussian window",
                    Format.NUMBER,
                    Rank.DETAIL,
                    "The same in a Gaussian window of deviation 1.5 pixels."),
            new Metric(
                    "maxBox",
                    "Largest distance from the box",
                    Format.NUMBER,
                    Rank.DETAIL,
                    "The Euclidean distance of an image from those with all pixels in [0, 1], at worst over all test images."),
            new Metric(
                    "maxFidelity",
                    "Largest misfit",
                    Format.NUMBER,
                    Rank.DETAIL,
                    "The relative distance between the image's scan and the measured one, at worst over all test images."),
            new Metric(
                    "maxFidelityOverRadius",
                    "Largest misfit over the allowed one",
                    Format.NUMBER,
                    Rank.DETAIL,
                    "1 is what the constraint allows, at worst over all test images."),
            new Metric(
                    "maxExcess",
                    "Largest misfit over the noise",
                    Format.NUMBER,
                    Rank.DETAIL,
                    "1 is the norm of the true errors of measurement, at worst over all test images."),
            new Metric(
                    "maxOptimality",
                    "Largest optimality residual",
                    Format.NUMBER,
                    Rank.DETAIL,
                    "By how much the conditions of a minimum are missed, relative and at worst over all test images."),
            new Metric(
                    "validationSteps",
                    "Validation steps",
                    Format.NUMBER,
                    Rank.DETAIL,
                    "Mean steps of the solves on the validation rows after each epoch."),
            new Metric(
                    "jfbNormRatio",
                    "Size of the cheap gradient",
                    Format.NUMBER,
                    Rank.DETAIL,
                    "The norm of the Jacobian-free gradient over that of the implicit one, on a fixed batch after each epoch."),
            new Metric(
                    "contraction",
                    "Contraction",
                    Format.NUMBER,
                    Rank.DETAIL,
                    "By what factor a step of the fixed-point iteration shrinks differences, measured at the solutions of a fixed batch."),
            new Metric(
                    "measuringSeconds",
                    "Seconds of measuring",
                    Format.NUMBER,
                    Rank.DETAIL,
                    "What the measurements after each epoch took; training time without them is what counts."),
            new Metric(
                    "commonAccuracy",
                    "Accuracy of the commonest",
                    Format.PERCENT,
                    Rank.HEADLINE,
                    "For comparison: the share of test rows whose decision is the one that training rows have most"
                            + " often."),
            new Metric(
                    "relaxedDistance",
                    "Relaxed distance",
                    Format.NUMBER,
                    Rank.DETAIL,
                    "Mean squared difference between relaxed solutions and the best decisions, in units of the largest"
                            + " number of a decision: what training makes small."),
            new Metric(
                    "maxViolation",
                    "Largest violation",
                    Format.NUMBER,
                    Rank.HEADLINE,
                    "By how much a relaxed solution misses a constraint, at worst over all test rows."),
            new Metric(
                    "converged",
                    "Converged",
                    Format.PERCENT,
                    Rank.DETAIL,
                    "The share of solves that reached their tolerance within the steps allowed."),
            new Metric(
                    "validationLoss",
                    "Validation loss",
                    Format.NUMBER,
                    Rank.DETAIL,
                    "The loss on the validation rows after each epoch."),
            new Metric(
                    "validationRegret",
                    "Validation regret",
                    Format.PERCENT,
                    Rank.DETAIL,
                    "The normalised regret on the validation rows after each epoch."),
            new Metric(
                    "steps",
                    "Solver steps",
                    Format.NUMBER,
                    Rank.DETAIL,
                    "Fixed-point steps of a solve, mean over the training rows of each epoch."),
            new Metric(
                    "adjointProducts",
                    "Adjoint products",
                    Format.NUMBER,
                    Rank.DETAIL,
                    "What a backward pass costs: products with the derivative of the fixed-point map, mean over the"
                            + " batches of each epoch."),
            new Metric(
                    "adjointResidual",
                    "Adjoint residual",
                    Format.NUMBER,
                    Rank.DETAIL,
                    "How far the equation behind the exact gradient was from holding, mean over the training rows for"
                            + " which it was solved."),
            new Metric(
                    "adjointInexact",
                    "Adjoint inexact",
                    Format.PERCENT,
                    Rank.DETAIL,
                    "The share of those rows whose gradient missed its tolerance: above zero the gradient is an"
                            + " approximation."),
            new Metric(
                    "jfbCosine",
                    "Cosine of the cheap gradient",
                    Format.NUMBER,
                    Rank.DETAIL,
                    "How well the Jacobian-free gradient points along the exact one where both were computed: 1 is the"
                            + " same direction, below 0 it points uphill."),
            new Metric(
                    "implicitShare",
                    "Exact gradients",
                    Format.PERCENT,
                    Rank.DETAIL,
                    "The share of training rows whose step used the exact gradient in place of the cheap one."));

    private static Metric undecided(String name, String who, String regret) {
        return new Metric(
                name,
                regret + ", left out",
                Format.PERCENT,
                Rank.DETAIL,
                "The share of rows for which " + who
                        + " has no decision, since under its costs there is no cheapest one;"
                        + " the regret is that of the others.");
    }

    /** How a value is written. */
    enum Format {
        PERCENT,
        RATIO,
        NUMBER
    }

    /** Where a metric stands. */
    enum Rank {
        HEADLINE,
        DETAIL
    }

    /** What is known of a name. */
    static Metric named(String name) {
        for (Metric metric : KNOWN) {
            if (metric.name.equals(name)) {
                return metric;
            }
        }
        return new Metric(name, name, Format.NUMBER, Rank.DETAIL, "");
    }

    /** A value as text. */
    String show(double value) {
        return switch (format) {
            case PERCENT -> Numbers.percent(value);
            case RATIO -> Double.isFinite(value) ? String.format(Locale.ROOT, "%,.2f\u00a0×", value) : Numbers.NONE;
            case NUMBER -> Numbers.plain(value);
        };
    }
}
