package dev.stillpoint.zoo.images;

import dev.stillpoint.data.DataFolder;
import dev.stillpoint.data.Normalisation;
import dev.stillpoint.data.PublicSets;
import dev.stillpoint.zoo.Settings;
import java.nio.file.Path;
import java.util.random.RandomGenerator;

/** {@code train svhn}: digits of house numbers. */
public final class SvhnApplication extends ImagesApplication {
    private static final double HEAD_DROPOUT = 0.2;

    /** For the ServiceLoader. */
    public SvhnApplication() {
        super(1, new Defaults(0.9, 1e-2, 50, 50, 1e-4, 2e-4));
    }

    @Override
    public String name() {
        return "svhn";
    }

    @Override
    public String summary() {
        return "digits of house numbers in colour, classified by a fixed point";
    }

    @Override
    Normalisation normalisation() {
        return Normalisation.SVHN;
    }

    @Override
    int side() {
        return 32;
    }

    @Override
    Parts parts(DataFolder folder) {
        Path[] files = folder.require(PublicSets.SVHN);
        return new Parts(
                new ImageSet(SvhnFile.read(files[0]), Normalisation.SVHN),
                new ImageSet(SvhnFile.read(files[1]), Normalisation.SVHN));
    }

    @Override
    ImageNetwork network(Settings settings, double gamma, int blocks, LatentNorm norm, RandomGenerator random) {
        return new ResidualNetwork(gamma, blocks, norm, HEAD_DROPOUT, random);
    }
}
