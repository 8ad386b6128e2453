package dev.stillpoint.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class Cifar10ArchiveTest {
    private static final int RECORDS = 2;
    private static final int RECORD = 3073;

    @TempDir
    Path folder;

    @Test
    void readsRecordsInTheOrderOfTheBatches() throws IOException {
        for (byte[] archive : new byte[][] {Archives.tar(batches()), Archives.gzip(Archives.tar(batches()))}) {
            Cifar10Archive read = Cifar10Archive.read(write(archive), RECORDS);
            assertThat(read.train().labels()).containsExactly(1, 2, 2, 3, 3, 4, 4, 5, 5, 6);
            assertThat(read.test().labels()).containsExactly(0, 1);
            Images test = read.test().images();
            assertThat(test.at(1, 0, 0, 0)).isEqualTo(value(0, 1, 0));
            assertThat(test.at(1, 2, 31, 30)).isEqualTo(value(0, 1, 3070));
            assertThat(read.train().images().at(5, 1, 0, 7)).isEqualTo(value(3, 1, 1031));
        }
    }

    @Test
    void everyDamageIsNamed() throws IOException {
        Map<String, byte[]> files = batches();
        files.remove("data_batch_3.bin");
        refused(
                Archives.tar(files),
                "need data_batch_3.bin in the archive, got [data_batch_1.bin, data_batch_2.bin, data_batch_4.bin,"
                        + " data_batch_5.bin, test_batch.bin]");
        files = batches();
        files.put("data_batch_2.bin", new byte[RECORD]);
        refused(Archives.tar(files), "need 6146 bytes of folder/data_batch_2.bin at byte 16896, got 3073");
        files = batches();
        byte[] wrong = batch(0);
        wrong[RECORD] = 10;
        files.put("test_batch.bin", wrong);
        byte[] wrongLabel = Archives.tar(files);
        refused(
                wrongLabel,
                "need a label from 0 to 9 in folder/test_batch.bin at byte " + (1024 + RECORD) + ", got 10");
        byte[] wrongSum = Archives.tar(batches());
        wrongSum[513] ^= 1;
        refused(wrongSum, "need a tar header whose bytes sum to what it says at byte 512, got a sum of ");
        refused(new byte[1024], "need data_batch_1.bin in the archive, got []");
        refused(
                "no archive".getBytes(java.nio.charset.StandardCharsets.US_ASCII),
                "need 512 bytes of a header from byte 0, got 10 and the end");
    }

    @Test
    void everyTruncationIsRefused() throws IOException {
        byte[] whole = Archives.tar(batches());
        for (int length = 0; length < whole.length - 1024; length += 997) {
            refused(Arrays.copyOf(whole, length), "need ");
        }
        byte[] packed = Archives.gzip(whole);
        for (int length = 2; length < packed.length; length += packed.length / 7) {
            refused(Arrays.copyOf(packed, length), "need ");
        }
    }

    @Test
    @Tag("slow")
    void readsTheOfficialArchive() {
        String data = System.getenv("STILLPOINT_DATA");
        assumeTrue(data != null, "skipped: set STILLPOINT_DATA to the data folder to read CIFAR-10");
        PublicFile file = PublicSets.CIFAR10.files().get(0);
        Path archive = Path.of(data).resolve(file.path());
        assertThat(file.check(archive).state()).isEqualTo(PublicFile.State.GOOD);
        Cifar10Archive read = Cifar10Archive.read(archive);
        assertThat(read.train().count()).isEqualTo(50_000);
        // Each class comes as often as the others.
        int[] counts = new int[10];
        for (int label : read.test().labels()) {
            counts[label]++;
        }
        assertThat(counts).containsOnly(1000);
        assertThat(Arrays.copyOf(read.train().labels(), 5)).containsExactly(6, 9, 9, 4, 1);
    }

    private static Map<String, byte[]> batches() {
        Map<String, byte[]> files = new LinkedHashMap<>();
        files.put("test_batch.bin", batch(0));
        files.put("readme.html", new byte[700]);
        for (int i = 1; i <= 5; i++) {
            files.put("data_batch_" + i + ".bin", batch(i));
        }
        return files;
    }

    private static byte[] batch(int number) {
        byte[] records = new byte[RECORDS * RECORD];
        for (int r = 0; r < RECORDS; r++) {
            records[r * RECORD] = (byte) (number + r);
            for (int p = 0; p < 3072; p++) {
                records[r * RECORD + 1 + p] = (byte) value(number, r, p);
            }
        }
        return records;
    }

    private static int value(int batch, int record, int pixel) {
        return (31 * batch + 7 * record + pixel) % 256;
    }

    private void refused(byte[] archive, String problem) throws IOException {
        Path file = write(archive);
        assertThatThrownBy(() -> Cifar10Archive.read(file, RECORDS))
                .isInstanceOf(DataException.class)
                .hasMessageStartingWith(file + ": " + problem);
    }

    private Path write(byte[] archive) throws IOException {
        return Files.write(folder.resolve("archive"), archive);
    }
}
