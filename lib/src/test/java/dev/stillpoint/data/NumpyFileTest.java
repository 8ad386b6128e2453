package dev.stillpoint.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** {@link NumpyFile} and {@link NumpyArray}, on files that numpy 2 saved and on damaged ones. */
class NumpyFileTest {
    @TempDir
    private Path folder;

    static Path resource(String name) {
        return Path.of("src/test/resources/dev/stillpoint/data", name);
    }

    @Test
    void readsWhatNumpySaved() {
        Map<String, NumpyArray> arrays = NumpyFile.readArchive(resource("numpy.npz"));
        assertThat(arrays.keySet()).containsExactly("u1", "u2", "u4", "i4", "i8", "f4", "f8", "one", "line");
        assertThat(array(arrays, "u1", NumpyArray.Type.U1).longs()).containsExactly(0, 50, 100, 150, 200, 250);
        assertThat(array(arrays, "u2", NumpyArray.Type.U2).longs())
                .containsExactly(0, 13000, 26000, 39000, 52000, 65000);
        assertThat(array(arrays, "u4", NumpyArray.Type.U4).longs())
                .containsExactly(0, 800000000, 1600000000, 2400000000L, 3200000000L, 4000000000L);
        assertThat(array(arrays, "i4", NumpyArray.Type.I4).longs()[5]).isEqualTo(-2000000000);
        assertThat(array(arrays, "i8", NumpyArray.Type.I8).longs()[5]).isEqualTo(-2000000000000000000L);
        NumpyArray single = array(arrays, "f4", NumpyArray.Type.F4);
        NumpyArray exact = array(arrays, "f8", NumpyArray.Type.F8);
        for (int i = 0; i < 6; i++) {
            assertThat(single.number(i)).isEqualTo(i / 7f);
            assertThat(exact.number(i)).isEqualTo(i / 7.0);
            assertThat(single.floats()[i]).isEqualTo(exact.floats()[i]);
        }
        assertThat(array(arrays, "u1", NumpyArray.Type.U1).doubles()[5]).isEqualTo(250);
        assertThat(exact.shape()).containsExactly(2, 3);
        NumpyArray one = array(arrays, "one", NumpyArray.Type.F8);
        assertThat(one.shape()).isEmpty();
        assertThat(one.doubles()).containsExactly(2.5);
        assertThat(array(arrays, "line", NumpyArray.Type.F8).shape()).containsExactly(3);
        assertThat(NumpyFile.readArchive(resource("compressed.npz")).get("f8"))
                .satisfies(f8 -> assertThat(f8.doubles()).isEqualTo(exact.doubles()));
    }

    private static NumpyArray array(Map<String, NumpyArray> arrays, String name, NumpyArray.Type type) {
        NumpyArray array = Objects.requireNonNull(arrays.get(name), name);
        assertThat(array.type()).isEqualTo(type);
        return array;
    }

    /** Byte for byte: the header's padding too. */
    @Test
    void writesWhatNumpyWrites() throws IOException {
        NumpyArray array = NumpyFile.read(resource("f4.npy"));
        NumpyFile.write(folder.resolve("f4.npy"), array);
        assertThat(folder.resolve("f4.npy")).hasSameBinaryContentAs(resource("f4.npy"));
        Map<String, NumpyArray> arrays = new LinkedHashMap<>(NumpyFile.readArchive(resource("numpy.npz")));
        arrays.put("none", NumpyArray.of(new float[0], 0, 3));
        NumpyFile.writeArchive(folder.resolve("all.npz"), arrays);
        Map<String, NumpyArray> back = NumpyFile.readArchive(folder.resolve("all.npz"));
        assertThat(back.keySet()).isEqualTo(arrays.keySet());
        for (String name : arrays.keySet()) {
            NumpyArray given = array(
                    arrays,
                    name,
                    array(back, name, Objects.requireNonNull(arrays.get(name)).type())
                            .type());
            assertThat(Objects.requireNonNull(back.get(name)).bytes()).as(name).isEqualTo(given.bytes());
            assertThat(Objects.requireNonNull(back.get(name)).shape()).as(name).isEqualTo(given.shape());
        }
        byte[] first = Files.readAllBytes(folder.resolve("all.npz"));
        NumpyFile.writeArchive(folder.resolve("all.npz"), arrays);
        assertThat(Files.readAllBytes(folder.resolve("all.npz"))).isEqualTo(first);
    }

    @Test
    void arraysAreChecked() {
        assertThat(NumpyArray.of(new double[] {1, 2}, 2, 1).doubles()).containsExactly(1, 2);
        assertThat(NumpyArray.of(NumpyArray.Type.U2, new long[] {0, 65535}, 2).longs())
                .containsExactly(0, 65535);
        assertThatThrownBy(() -> NumpyArray.of(NumpyArray.Type.U2, new long[] {7, 65536}, 2))
                .hasMessage("NumpyArray: need values that U2 holds, got 65536 at position 1");
        assertThatThrownBy(() -> NumpyArray.of(NumpyArray.Type.U1, new long[] {-1}, 1))
                .hasMessage("NumpyArray: need values that U1 holds, got -1 at position 0");
        assertThatThrownBy(() -> NumpyArray.of(NumpyArray.Type.F4, new long[] {1}, 1))
                .hasMessage("NumpyArray: need a type of integers, got F4");
        assertThatThrownBy(() -> NumpyArray.of(new float[5], 2, 3))
                .hasMessage("NumpyArray: need 6 values for shape [2, 3], got 5");
        assertThatThrownBy(() -> NumpyArray.of(new float[6], -2, -3))
                .hasMessage("NumpyArray: need sizes >= 0, got [-2, -3]");
        assertThatThrownBy(() -> NumpyArray.of(new float[1], 1).longs())
                .hasMessage("NumpyArray: need a type of integers, got F4");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = ';',
            value = {
                "fortran.npy;need C order (numpy.ascontiguousarray), got Fortran order",
                "big.npy;need one of the types |u1, <u2, <u4, <i4, <i8, <f4, <f8, got \">f8\"",
                "complex.npy;need one of the types |u1, <u2, <u4, <i4, <i8, <f4, <f8, got \"<c16\"",
                "grey8.png;need an array as numpy saves it (NPY), got other content",
                "missing.npy;need a readable NPY file, got NoSuchFileException"
            })
    void otherFilesAreRefused(String name, String problem) {
        assertThatThrownBy(() -> NumpyFile.read(resource(name)))
                .isInstanceOf(DataException.class)
                .hasMessage(resource(name) + ": " + problem);
    }

    /** Every cut and every changed byte of the header is refused or gives the array that the header then describes. */
    @Test
    void damageIsRefused() throws IOException {
        byte[] whole = Files.readAllBytes(resource("f4.npy"));
        Path file = folder.resolve("damaged.npy");
        for (int length = 0; length < whole.length; length++) {
            Files.write(file, Arrays.copyOf(whole, length));
            refused(file);
        }
        Files.write(file, Arrays.copyOf(whole, whole.length + 1));
        assertThatThrownBy(() -> NumpyFile.read(file))
                .hasMessage(file + ": need 24 bytes of data for shape [2, 3] of F4, got more");
        Files.write(file, Arrays.copyOf(whole, whole.length - 1));
        assertThatThrownBy(() -> NumpyFile.read(file))
                .hasMessage(file + ": need 24 bytes of data for shape [2, 3] of F4, got 23");
        for (String shape : new String[] {"(2, 99999999999), }", "(2000000, 20000), }", "(2,,3), }", "(-2, 3), }"}) {
            String header = new String(whole, 10, 118, StandardCharsets.ISO_8859_1).replace("(2, 3), }", shape);
            byte[] changed = whole.clone();
            System.arraycopy(header.getBytes(StandardCharsets.ISO_8859_1), 0, changed, 10, 118);
            Files.write(file, changed);
            refused(file);
        }
        byte[] version = whole.clone();
        version[6] = 4;
        Files.write(file, version);
        assertThatThrownBy(() -> NumpyFile.read(file)).hasMessage(file + ": need NPY version 1 to 3, got 4");
    }

    private static void refused(Path file) {
        assertThatThrownBy(() -> NumpyFile.read(file))
                .isInstanceOf(DataException.class)
                .hasMessageStartingWith(file + ": need ")
                .hasMessageContaining("got ");
    }

    @Test
    void archivesNameTheArray() throws IOException {
        Path none = folder.resolve("none.npz");
        Files.writeString(none, "no archive");
        assertThatThrownBy(() -> NumpyFile.readArchive(none))
                .isInstanceOf(DataException.class)
                .hasMessage(none + ": need a readable NPZ file, got ZipException");
        Path other = folder.resolve("other.npz");
        try (var zip = new java.util.zip.ZipOutputStream(Files.newOutputStream(other))) {
            zip.putNextEntry(new java.util.zip.ZipEntry("x.npy"));
            zip.write(1);
        }
        assertThatThrownBy(() -> NumpyFile.readArchive(other))
                .isInstanceOf(DataException.class)
                .hasMessage(other + ": array \"x\": need an array as numpy saves it (NPY), got other content");
    }
}
