package dev.stillpoint.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class UsageTest {
    @TempDir
    Path folder;

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
                    ''                    | Missing command
                    nonsense              | train, evaluate, infer, compare, bench, data, images, doctor, help
                    nonsense              | got 'nonsense'
                    --nonsense            | unknown option '--nonsense'
                    train                 | need an application (cifar10, mnist, paths, polytope, signals, svhn, tomography) or --resume DIR
                    train nonsense        | need one of cifar10, mnist, paths, polytope, signals, svhn, tomography, got 'nonsense'
                    train --nonsense      | unknown option '--nonsense'
                    train --resume        | --resume
                    evaluate              | DIR
                    evaluate a b          | got 'b'
                    infer                 | --input
                    infer                 | --output
                    infer                 | DIR
                    infer a --input b     | --output
                    infer a --output b    | --input
                    help nonsense         | nonsense
                    compare               | need an application (cifar10, mnist, paths, polytope, signals, svhn, tomography)
                    compare nonsense      | need one of cifar10, mnist, paths, polytope, signals, svhn, tomography, images, got 'nonsense'
                    compare --json paths  | --json
                    bench                 | need a benchmark (adjoints, choices, images, latency, los-angeles, memory, paths, scaling)
                    bench choices --repetitions 0 | --repetitions: need a whole number >= 1, got 0
                    bench nonsense        | need one of adjoints, choices, images, latency, los-angeles, memory, paths, scaling, got 'nonsense'
                    doctor --threads 0    | --threads: need a whole number >= 1, got 0
                    doctor --threads x    | --threads
                    doctor --device tpu   | --device: need cpu or cuda, got 'tpu'
                    """)
    void wrongWordsAreNamed(String words, String place) {
        Ran ran = Ran.of((Object[]) words(words));
        ran.refused(Main.USAGE, place, "--help'");
        assertThat(folder).isEmptyDirectory();
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
                    --nonsense            | unknown option '--nonsense'
                    word                  | got 'word'
                    --grid                | --grid
                    --grid 1              | --grid: need a whole number from 2 to 300, got 1
                    --grid 301            | --grid: need a whole number from 2 to 300, got 301
                    --grid x              | --grid: need a whole number, got 'x'
                    --grid 5 --grid 6     | --grid
                    --epochs 0            | --epochs: need a whole number >= 1, got 0
                    --batch 0             | --batch: need a whole number >= 1, got 0
                    --lr -1               | --lr: need a number from 1.0E-9 to 10.0, got -1
                    --lr NaN              | --lr: need a number
                    --noise 1.5           | --noise: need a number from 0.0 to 1.0, got 1.5
                    --seed -1             | --seed: need a whole number from 0 to 4294967295, got -1
                    --adjoint nonsense    | --adjoint: need jfb|neumann:K
                    --adjoint unrolled:0  | got 'unrolled:0'
                    --threads 0           | --threads: need a whole number >= 1, got 0
                    --device tpu          | --device: need cpu or cuda, got 'tpu'
                    """)
    void wrongSettingsAreNamedAndLeaveNoFolder(String words, String place) {
        Ran.of((Object[]) words("train paths --run " + folder.resolve("run") + " " + words))
                .refused(Main.USAGE, place, "see 'stillpoint train paths --help'");
        assertThat(folder).isEmptyDirectory();
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
                    --seeds 0                          | need what to compare: --adjoints
                    --adjoints nonsense                | --adjoints: need jfb|neumann:K
                    --adjoints nonsense                | got 'nonsense'
                    --adjoints jfb,unrolled:0          | got 'unrolled:0'
                    --adjoints jfb,,implicit           | --adjoints: need a list like a,b,c, got 'jfb,,implicit'
                    --adjoints jfb,implicit,jfb        | --adjoints: need different entries, got 'jfb' twice
                    --adjoints jfb implicit            | got 'implicit'
                    --adjoints jfb --seeds x           | --seeds: need a whole number, got 'x'
                    --adjoints jfb --seeds 1,-1        | --seeds: need a whole number from 0 to 4294967295, got -1
                    --adjoints jfb --seeds 1,1         | --seeds: need different entries, got '1' twice
                    --adjoints jfb --seed 1            | unknown option '--seed'
                    --adjoints jfb --adjoint jfb       | unknown option '--adjoint'
                    --adjoints jfb --grid 1            | --grid: need a whole number from 2 to 300, got 1
                    --adjoints jfb --threads 0         | --threads: need a whole number >= 1, got 0
                    """)
    void wrongComparisonsAreNamedAndLeaveNoFolder(String words, String place) {
        Ran.of((Object[]) words("compare paths --output " + folder.resolve("new") + " " + words))
                .refused(Main.USAGE, place, "see 'stillpoint compare paths --help'");
        assertThat(folder).isEmptyDirectory();
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
                    --depths 10               | --depths: need at least two depths for a slope, got '10'
                    --depths 10,0             | --depths: need a whole number >= 1, got '0'
                    --depths 10,x             | --depths: need a whole number >= 1, got 'x'
                    --depths 10,10            | --depths: need different entries, got '10' twice
                    --adjoints jfb,gmres      | --adjoints: need one of jfb, neumann, implicit, unrolled, got 'gmres'
                    --grid 1                  | --grid: need a whole number from 2 to 64, got 1
                    --batch 0                 | --batch: need a whole number >= 1, got 0
                    --network x               | --network: need paths, cifar10 or tomography, got 'x'
                    --repetitions 0           | --repetitions: need a whole number >= 1, got 0
                    """)
    void wrongMemoryBenchmarksAreNamed(String words, String place) {
        Ran.of((Object[]) words("bench memory " + words))
                .refused(Main.USAGE, place, "see 'stillpoint bench memory --help'");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
                    --grids 5,1               | --grids: need a whole number >= 2, got '1'
                    --grids 5,x               | --grids: need a whole number >= 2, got 'x'
                    --grids 5,5               | --grids: need different entries, got '5' twice
                    --grids 301               | --grids: need whole numbers from 2 to 300, got 301
                    --repetitions 0           | --repetitions: need a whole number >= 1, got 0
                    --samples 0               | --samples: need a whole number >= 1, got 0
                    --batch 0                 | --batch: need a whole number >= 1, got 0
                    --threads 0               | --threads: need a whole number >= 1, got 0
                    --extrapolate-from 0      | --extrapolate-from: need a whole number >= 1, got 0
                    --seed -1                 | --seed: need a whole number from 0 to 4294967294, got -1
                    """)
    void wrongPathBenchmarksAreNamed(String words, String place) {
        Ran.of((Object[]) words("bench paths " + words))
                .refused(Main.USAGE, place, "see 'stillpoint bench paths --help'");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
                    --grids 5,1               | --grids: need a whole number >= 2, got '1'
                    --grids 301               | --grids: need whole numbers from 2 to 300, got 301
                    --grids 5,5               | --grids: need different entries, got '5' twice
                    --repetitions 0           | --repetitions: need a whole number >= 1, got 0
                    --samples 0               | --samples: need a whole number >= 1, got 0
                    --threads 0               | --threads: need a whole number >= 1, got 0
                    --plot no/such/a.png      | --plot: need a file in a folder that exists, got 'no/such/a.png'
                    --plot                    | --plot
                    """)
    void wrongScalingBenchmarksAreNamed(String words, String place) {
        Ran.of((Object[]) words("bench scaling " + words))
                .refused(Main.USAGE, place, "see 'stillpoint bench scaling --help'");
    }

    @Test
    void unknownTrustIsNamed() {
        Ran.of("infer", folder, "--input", "a", "--output", folder.resolve("b"), "--require-trust", "maybe")
                .refused(Main.USAGE, "--require-trust", "maybe", "NONE, HARD, ALL");
        assertThat(folder).isEmptyDirectory();
    }

    @Test
    void settingsThatDoNotGoTogetherLeaveNoFolder() {
        Path run = folder.resolve("run");
        Ran.of("train", "paths", "--step", 5, "--gamma", 0.5, "--run", run).refused(Main.FAILED, "step", "5.0");
        assertThat(run).doesNotExist();
    }

    @Test
    void aDeviceThatIsNotThereIsRefused() {
        Path run = folder.resolve("run");
        Ran.of("train", "paths", "--device", "cuda", "--run", run).refused(Main.FAILED, "--device cuda");
        Ran.of("doctor", "--device", "cuda").refused(Main.FAILED, "--device cuda");
        assertThat(run).doesNotExist();
    }

    @Test
    void aFolderWithFilesIsLeftAlone() throws IOException {
        Path note = Files.writeString(folder.resolve("note.txt"), "mine");
        Ran.of("train", "paths", "--grid", 3, "--epochs", 1, "--run", folder)
                .refused(Main.FAILED, folder.toString(), "need an empty folder");
        try (var files = Files.list(folder)) {
            assertThat(files).containsExactly(note);
        }
        assertThat(note).hasContent("mine");
    }

    @Test
    void aFileInPlaceOfTheRunFolderIsLeftAlone() throws IOException {
        Path file = Files.writeString(folder.resolve("file"), "mine");
        Ran.of("train", "paths", "--grid", 3, "--epochs", 1, "--run", file).refused(Main.FAILED, file.toString());
        Ran.of("train", "paths", "--grid", 3, "--epochs", 1, "--run", file.resolve("run"))
                .refused(Main.FAILED, file.toString());
        assertThat(file).hasContent("mine");
    }

    @Test
    void verboseShowsWhereAFailureHappened() {
        Path missing = folder.resolve("missing");
        Ran quiet = Ran.of("evaluate", missing).refused(Main.FAILED, missing.toString());
        Ran verbose = Ran.of("evaluate", missing, "--verbose");
        assertThat(verbose.code()).isEqualTo(Main.FAILED);
        assertThat(verbose.out()).isEmpty();
        assertThat(verbose.errors().get(0)).isEqualTo(quiet.errors().get(0));
        assertThat(verbose.err()).contains("\tat dev.stillpoint.");
    }

    @ParameterizedTest
    @CsvSource({"--device,cuda", "--threads,3", "--resume,elsewhere"})
    void optionsBeforeTheApplicationAreRefused(String option, String value) {
        Path run = folder.resolve("run");
        Ran.of("train", option, value, "paths", "--grid", 3, "--epochs", 1, "--run", run)
                .refused(Main.USAGE, option, "after 'paths'");
        assertThat(run).doesNotExist();
    }

    private static String[] words(String text) {
        return text.isBlank() ? new String[0] : text.strip().split("\\s+");
    }
}
