package dev.stillpoint.data;

import java.net.URI;
import java.util.List;
import java.util.Map;

/** The public data sets that Stillpoint knows: the one list of addresses and checksums. A new set is a line in {@link #ALL}. */
public final class PublicSets {
    private static final String MNIST_AT = "https://ossci-datasets.s3.amazonaws.com/mnist/";
    private static final String SVHN_AT = "http://ufldl.stanford.edu/housenumbers/";

    /** MNIST: 60,000 + 10,000 handwritten digits, 28 x 28. */
    public static final PublicSet MNIST = new PublicSet(
            "mnist",
            "60,000 + 10,000 handwritten digits, 28 x 28",
            "LeCun, Cortes, Burges",
            List.of(
                    mnist(
                            "train-images-idx3-ubyte.gz",
                            9_912_422,
                            "f68b3c2dcbeaaa9fbdd348bbdeb94873",
                            "ba891046e6505d7aadcbbe25680a0738ad16aec93bde7f9b65e87a2fc25776db"),
                    mnist(
                            "train-labels-idx1-ubyte.gz",
                            28_881,
                            "d53e105ee54ea40749a09fcbcd1e9432",
                            "65a50cbbf4e906d70832878ad85ccda5333a97f0f4c3dd2ef09a8a9eef7101c5"),
                    mnist(
                            "t10k-images-idx3-ubyte.gz",
                            1_648_877,
                            "9fb629c4189551a2d022fa330f9573f3",
                            "0fa7898d509279e482958e8ce81c8e77db3f2f8254e26661ceb7762c4d494ce7"),
                    mnist(
                            "t10k-labels-idx1-ubyte.gz",
                            4_542,
                            "ec29112dd5afa0611ce80d1b7f02629c",
                            "ff7bcfd416de33731a308c3f266cc351222c34898ecbeaf847f06e48f7ec33f2")));

    /** CIFAR-10: 50,000 + 10,000 photographs of ten kinds of things, 32 x 32 in colour. */
    public static final PublicSet CIFAR10 = new PublicSet(
            "cifar10",
            "50,000 + 10,000 photographs of ten kinds of things, 32 x 32 in colour",
            "Krizhevsky 2009",
            List.of(new PublicFile(
                    "cifar10/cifar-10-binary.tar.gz",
                    List.of(URI.create("https://www.cs.toronto.edu/~kriz/cifar-10-binary.tar.gz")),
                    170_052_171,
                    "c32a1d4ab5d03f1284b67883e8d87530",
                    new Content.Tar(Map.of(
                            "data_batch_1.bin",
                            "cee916563c9f80d84e3cc88e17fdc0941787f1244f00a67874d45b261883ada5",
                            "data_batch_2.bin",
                            "a591ca11fa1708a91ee40f54b3da4784ccd871ecf2137de63f51ada8b3fa57ed",
                            "data_batch_3.bin",
                            "bbe8596564c0f86427f876058170b84dac6670ddf06d79402899d93ceea26f67",
                            "data_batch_4.bin",
                            "014e562d6e23c72197cc727519169a60359f5eccd8945ad5a09d710285ff4e48",
                            "data_batch_5.bin",
                            "755304fc0b379caeae8c14f0dac912fbc7d6cd469eb67a1029a08a39453a9add",
                            "test_batch.bin",
                            "8e2eb146ae340b09e24670f29cabc6326dba54da8789dab6768acf480273f65b")))));

    /** SVHN: 73,257 + 26,032 digits of house numbers, 32 x 32 in colour. */
    public static final PublicSet SVHN = new PublicSet(
            "svhn",
            "73,257 + 26,032 digits of house numbers, 32 x 32 in colour",
            "Netzer et al. 2011; non-commercial use",
            List.of(
                    svhn("train_32x32.mat", 182_040_794, "e26dedcc434d2e4c54c9b2d4a06d8373"),
                    svhn("test_32x32.mat", 64_275_384, "eb5a983be6a315427106f1b164d9cef3")));

    /** All of them, in the order of the command's list. */
    public static final List<PublicSet> ALL = List.of(MNIST, CIFAR10, SVHN);

    private PublicSets() {}

    /**
     * The set of that name.
     *
     * @throws IllegalArgumentException if there is none
     */
    public static PublicSet named(String name) {
        for (PublicSet set : ALL) {
            if (set.name().equals(name)) {
                return set;
            }
        }
        throw new IllegalArgumentException(
                "need one of " + ALL.stream().map(PublicSet::name).toList() + ", got '" + name + "'");
    }

    private static PublicFile mnist(String name, long bytes, String md5, String sha256) {
        return new PublicFile(
                "mnist/" + name, List.of(URI.create(MNIST_AT + name)), bytes, md5, new Content.Gzip(sha256));
    }

    private static PublicFile svhn(String name, long bytes, String md5) {
        return new PublicFile(
                "svhn/" + name, List.of(URI.create(SVHN_AT + name)), bytes, md5, new Content.Unpublished());
    }
}
