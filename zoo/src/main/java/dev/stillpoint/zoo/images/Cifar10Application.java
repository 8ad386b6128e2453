package dev.stillpoint.zoo.images;

import dev.stillpoint.data.Cifar10Archive;
import dev.stillpoint.data.DataFolder;
import dev.stillpoint.data.Normalisation;
import dev.stillpoint.data.PublicSets;
import dev.stillpoint.zoo.Setting;
import dev.stillpoint.zoo.Settings;
import java.util.ArrayList;
import java.util.List;
import java.util.random.RandomGenerator;

/** {@code train cifar10}: small colour photographs. */
public final class Cifar10Application extends ImagesApplication {
    private static final double HEAD_DROPOUT = 0.1;

    private static final Setting<Size> NETWORK = Setting.of(
            "network",
            "small|deep",
            "small",
            "small is the paper's network without augmentation, 163,488 weights; deep the one with it, 843,430 at 5 blocks",
            text -> switch (text) {
                case "small" -> Size.SMALL;
                case "deep" -> Size.DEEP;
                default -> throw new IllegalArgumentException("need small|deep, got '" + text + "'");
            });

    private enum Size {
        SMALL,
        DEEP
    }

    /** For the ServiceLoader. */
    public Cifar10Application() {
        super(1, new Defaults(0.9, 1e-2, 50, 25, 1e-3, 1e-3));
    }

    @Override
    public String name() {
        return "cifar10";
    }

    @Override
    public String summary() {
        return "small colour photographs of ten kinds, classified by a fixed point";
    }

    @Override
    public List<Setting<?>> settings() {
        List<Setting<?>> all = new ArrayList<>(super.settings());
        all.add(NETWORK);
        return List.copyOf(all);
    }

    @Override
    Normalisation normalisation() {
        return Normalisation.CIFAR10;
    }

    @Override
    int side() {
        return 32;
    }

    @Override
    Parts parts(DataFolder folder) {
        Cifar10Archive archive = Cifar10Archive.read(folder.require(PublicSets.CIFAR10)[0]);
        return new Parts(
                new ImageSet(archive.train(), Normalisation.CIFAR10),
                new ImageSet(archive.test(), Normalisation.CIFAR10));
    }

    @Override
    ImageNetwork network(Settings settings, double gamma, int blocks, LatentNorm norm, RandomGenerator random) {
        return settings.get(NETWORK) == Size.DEEP
                ? new DeepNetwork(gamma, blocks, norm, random)
                : new ResidualNetwork(gamma, blocks, norm, HEAD_DROPOUT, random);
    }
}
