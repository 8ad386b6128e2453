package dev.stillpoint.tensor;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.File;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.bytedeco.pytorch.Tensor;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Processes that start together on a machine where nothing has been unpacked yet. */
@Tag("slow")
class FirstStartTest {
    private static final int PROCESSES = 4;

    @Test
    void processesThatUnpackTogetherAllRun(@TempDir Path cache) throws Exception {
        List<Process> processes = new ArrayList<>();
        List<Path> outputs = new ArrayList<>();
        for (int i = 0; i < PROCESSES; i++) {
            Path output = Files.createTempFile(cache, "output", ".txt");
            outputs.add(output);
            processes.add(new ProcessBuilder(
                            Path.of(System.getProperty("java.home"), "bin", "java")
                                    .toString(),
                            "-Dorg.bytedeco.javacpp.cachedir=" + cache,
                            "-XX:ErrorFile=" + cache.resolve("crash%p.log"),
                            "-cp",
                            System.getProperty("java.class.path")
                                    + File.pathSeparator
                                    + System.getProperty("surefire.test.class.path", ""),
                            Main.class.getName())
                    .redirectErrorStream(true)
                    .redirectOutput(output.toFile())
                    .start());
        }
        for (int i = 0; i < PROCESSES; i++) {
            assertThat(processes.get(i).waitFor())
                    .as(Files.readString(outputs.get(i)))
                    .isZero();
        }
    }

    /** A process that makes one tensor. */
    static final class Main {
        private Main() {}

        public static void main(String[] arguments) {
            try (TensorScope scope = TensorScope.open()) {
                Tensor two = Tensors.of(new double[] {2}, 1);
                System.exit(two.item_double() == 2 ? 0 : 1);
            }
        }
    }
}
