package dev.stillpoint.zoo.images;

import dev.stillpoint.data.DataFolder;
import dev.stillpoint.data.IdxFile;
import dev.stillpoint.data.Normalisation;
import dev.stillpoint.data.PublicSets;
import dev.stillpoint.zoo.Settings;
import java.nio.file.Path;
import java.util.random.RandomGenerator;

/** {@code train mnist}: handwritten digits. */
public final class MnistApplication extends ImagesApplication {
    /** For the ServiceLoader. */
    public MnistApplication() {
        super(1, new Defaults(0.9, 1e-2, 50, 60, 1e-3, 1e-6));
    }

    @Override
    public String name() {
        return "mnist";
    }

    @Override
    public String summary() {
        return "handwritten digits, classified by a fixed point";
    }

    @Override
    Normalisation normalisation() {
        return Normalisation.MNIST;
    }

    @Override
    double background() {
        return 0;
    }

    @Override
    int side() {
        return 28;
    }

    @Override
    Parts parts(DataFolder folder) {
        Path[] files = folder.require(PublicSets.MNIST);
        return new Parts(read(files[0], files[1]), read(files[2], files[3]));
    }

    private static ImageSet read(Path images, Path labels) {
        return checked(
                new ImageSet(IdxFile.labelled(images, labels, ImageNetwork.CLASSES), Normalisation.MNIST),
                images,
                1,
                28);
    }

    @Override
    ImageNetwork network(Settings settings, double gamma, int blocks, LatentNorm norm, RandomGenerator random) {
        return new MnistNetwork(gamma, blocks, norm, random);
    }
}
