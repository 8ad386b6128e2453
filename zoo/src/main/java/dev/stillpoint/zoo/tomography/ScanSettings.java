package dev.stillpoint.zoo.tomography;

import dev.stillpoint.zoo.Adjoints;
import dev.stillpoint.zoo.Setting;
import dev.stillpoint.zoo.Settings;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.stream.Stream;

/** The settings of tomography, for all that is learned there. */
final class ScanSettings {
    private static final String USUAL = "usual";

    /** What is learned. */
    enum Kind {
        /** The implicit network with constraints. */
        L2O(3e-3),
        /** A U-Net after filtered back-projection. */
        UNET(1e-3),
        /** The feasibility-based fixed point network. */
        FFPN(1e-3);

        private final double rate;

        Kind(double rate) {
            this.rate = rate;
        }

        /** Adam's usual learning rate. */
        double rate() {
            return rate;
        }

        static Kind parse(String text) {
            for (Kind kind : values()) {
                if (kind.name().toLowerCase(Locale.ROOT).equals(text)) {
                    return kind;
                }
            }
            throw new IllegalArgumentException("need l2o|unet|ffpn, got '" + text + "'");
        }
    }

    static final Setting<Kind> METHOD = Setting.of(
            "method",
            "l2o|unet|ffpn",
            "l2o",
            "the constrained implicit network, a U-Net on back-projections, or the feasibility-based fixed point network",
            Kind::parse);
    static final Setting<Optional<Path>> FOLDER = Setting.of(
            "data",
            "DIR",
            USUAL,
            "folder with ct/; the usual one is named by STILLPOINT_DATA, or lies in the user's cache folder",
            text -> text.equals(USUAL) ? Optional.empty() : Optional.of(Path.of(text)));
    static final Setting<Integer> PIXELS =
            Setting.integer("pixels", 128, 8, ChestSlices.SIDE, "on a side of the images: 128, 64, ...");
    static final Setting<Integer> ANGLES = Setting.integer("angles", 30, 2, 1_000, "of the scan");
    static final Setting<Double> NOISE =
            Setting.number("noise", 0.015, 1e-6, 1, "relative standard deviation of each beam's error");
    static final Setting<Integer> IMAGES =
            Setting.integer("images", 400, 1, 1_000_000, "to train on, one in five of them of ellipses");
    static final Setting<Long> DATA_SEED =
            Setting.seed("data-seed", 0, "seed of the patients' split, augmentation and errors");
    static final Setting<Long> SEED = Setting.seed("seed", 0, "seed of initial weights and shuffling");
    static final Setting<Integer> EPOCHS = Setting.integer("epochs", 1_000, 1, "passes over the images at most");
    static final Setting<Double> MINUTES = Setting.number(
            "minutes",
            60,
            0,
            1e6,
            "training time, after which the present epoch is the last; the learning rate falls along half a cosine"
                    + " over it. 0 for none: over the epochs then");
    static final Setting<Integer> BATCH = Setting.integer("batch", 8, 1, "images a training step");
    static final Setting<OptionalDouble> RATE = Setting.of(
            "lr",
            "X",
            USUAL,
            "Adam's learning rate to begin with; usually 0.003 for l2o, and 0.001 for unet and ffpn",
            text -> text.equals(USUAL) ? OptionalDouble.empty() : OptionalDouble.of(rate(text)));
    static final Setting<RampFilter> FILTER = Setting.of(
            "window",
            "ramp|shepp-logan|cosine|hamming|hann",
            "hann",
            "of the back-projections that the U-Net is given",
            ScanSettings::window);
    static final Setting<Boolean> PUBLISHED = Setting.of(
            "unet",
            "full|published",
            "full",
            "which U-Net: one that corrects the back-projection at full size, or the published one",
            ScanSettings::published);
    static final Setting<Adjoints.Choice> ADJOINT = Setting.of(
            "adjoint",
            Adjoints.KIND,
            "neumann:20",
            "how l2o's fixed point is differentiated; " + Adjoints.DETAIL,
            Adjoints::parse);
    static final Setting<Integer> DEPTH = Setting.integer(
            "depth",
            20,
            1,
            "steps of l2o's or ffpn's training solve at most; the next epoch's goes on from where it ended");
    static final Setting<Integer> CHANNELS = Setting.integer("channels", 16, 1, 1_000, "of l2o's Kx");
    static final Setting<Integer> TAPS = Setting.integer("filter", 7, 3, 99, "side of K's kernels, odd");
    static final Setting<Integer> HIDDEN = Setting.integer("hidden", 16, 1, 1_000, "channels in l2o's R");
    static final Setting<Integer> LAYERS = Setting.integer("layers", 1, 1, 99, "of l2o's R, odd");
    static final Setting<Integer> KERNEL = Setting.integer("kernel", 1, 1, 99, "side of R's kernels, odd");
    static final Setting<ConstrainedNetwork.Strength> STRENGTH = Setting.of(
            "strength",
            "even|local",
            "local",
            "of l2o's regulariser: alike everywhere, or pixel by pixel as a network of the back-projection has it",
            ScanSettings::strength);
    static final Setting<Double> THRESHOLD =
            Setting.number("threshold", 0.01, 1e-9, 1e9, "of l2o's R, the geometric mean");
    static final Setting<Double> SLACK =
            Setting.number("slack", 1.05, 1e-3, 1_000, "l2o's radius over the size of the noise");
    static final Setting<Double> MEASURED =
            Setting.number("measured", 1, 1e-6, 1e6, "norm of A beside K's norm of one in l2o's algorithm");
    static final Setting<Double> ALPHA = Setting.number("alpha", 1, 1e-9, 1e9, "step of the duals in l2o's algorithm");

    private static final List<Setting<?>> OF_L2O =
            List.of(ADJOINT, CHANNELS, TAPS, HIDDEN, LAYERS, KERNEL, STRENGTH, THRESHOLD, MEASURED, ALPHA);

    /** In the order of the help. */
    static final List<Setting<?>> ALL = List.of(
            METHOD, FOLDER, PIXELS, ANGLES, NOISE, IMAGES, DATA_SEED, SEED, EPOCHS, MINUTES, BATCH, RATE, SLACK, FILTER,
            PUBLISHED, ADJOINT, DEPTH, CHANNELS, TAPS, HIDDEN, LAYERS, KERNEL, STRENGTH, THRESHOLD, MEASURED, ALPHA);

    private ScanSettings() {}

    /** Those that mean nothing to what is learned. */
    static List<Setting<?>> unused(Settings settings) {
        return switch (settings.get(METHOD)) {
            case L2O -> List.of(FILTER, PUBLISHED);
            case UNET -> Stream.concat(OF_L2O.stream(), Stream.of(DEPTH)).toList();
            case FFPN ->
                Stream.concat(OF_L2O.stream(), Stream.of(FILTER, PUBLISHED)).toList();
        };
    }

    /** Of the constrained network. */
    static ConstrainedNetwork.Options constrained(Settings settings) {
        return new ConstrainedNetwork.Options(
                settings.get(CHANNELS),
                settings.get(TAPS),
                settings.get(HIDDEN),
                settings.get(LAYERS),
                settings.get(KERNEL),
                settings.get(THRESHOLD),
                settings.get(NOISE),
                settings.get(SLACK),
                settings.get(MEASURED),
                settings.get(ALPHA),
                settings.get(STRENGTH));
    }

    private static double rate(String text) {
        double value;
        try {
            value = Double.parseDouble(text.strip());
        } catch (NumberFormatException e) {
            throw new IllegalArgumentException("need a number or " + USUAL + ", got '" + text + "'", e);
        }
        if (!(value >= 1e-9 && value <= 10)) {
            throw new IllegalArgumentException("need a number from 1e-9 to 10, got " + text);
        }
        return value;
    }

    private static RampFilter window(String text) {
        for (RampFilter filter : RampFilter.values()) {
            if (filter.name().toLowerCase(Locale.ROOT).replace('_', '-').equals(text)) {
                return filter;
            }
        }
        throw new IllegalArgumentException("need ramp|shepp-logan|cosine|hamming|hann, got '" + text + "'");
    }

    private static ConstrainedNetwork.Strength strength(String text) {
        return switch (text) {
            case "even" -> ConstrainedNetwork.Strength.EVEN;
            case "local" -> ConstrainedNetwork.Strength.LOCAL;
            default -> throw new IllegalArgumentException("need even|local, got '" + text + "'");
        };
    }

    private static boolean published(String text) {
        return switch (text) {
            case "full" -> false;
            case "published" -> true;
            default -> throw new IllegalArgumentException("need full|published, got '" + text + "'");
        };
    }
}
