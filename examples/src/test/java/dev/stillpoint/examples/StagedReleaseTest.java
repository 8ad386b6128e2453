package dev.stillpoint.examples;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.jar.JarFile;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What {@code ./dev release-check} staged is what a public repository asks for, and what users can resolve. */
@Tag("release")
class StagedReleaseTest {
    /** The folder of this release's artefacts: the groupId's, in the layout of a repository. */
    private static final Path STAGED = Path.of(System.getProperty("stillpoint.staging", ""), "dev", "stillpoint")
            .toAbsolutePath();

    private static final String[] REQUIRED = {
        "/project/name",
        "/project/description",
        "/project/url",
        "/project/licenses/license/name",
        "/project/licenses/license/url",
        "/project/licenses/license/distribution",
        "/project/developers/developer/name",
        "/project/scm/connection",
        "/project/scm/url"
    };

    @Test
    void nothingElseIsPublished() throws IOException {
        try (Stream<Path> modules = Files.list(STAGED)) {
            assertThat(modules.map(path -> path.getFileName().toString()))
                    .containsExactlyInAnyOrder("stillpoint", "stillpoint-bom", "stillpoint-simd", "stillpoint-zoo");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"stillpoint", "stillpoint-simd", "stillpoint-zoo", "stillpoint-bom"})
    void pomSaysWhatIsAskedAndNeedsNoParent(String module) throws IOException {
        Path file = only(module, ".pom");
        Pom pom = Pom.read(file);
        for (String path : REQUIRED) {
            assertThat(pom.text(path)).as("%s %s", module, path).isNotEmpty();
        }
        assertThat(pom.text("/project/parent")).isEmpty();
        assertThat(pom.text("/project/profiles")).isEmpty();
        // Its own version is the one property that every reader of a POM knows.
        assertThat(Files.readString(file).replace("${project.version}", "")).doesNotContain("${");
        assertThat(pom.forcedClassifiers()).isEmpty();
        assertThat(pom.dependencies()).allMatch(Pom.Dependency::reachesUsers);
    }

    @ParameterizedTest
    @ValueSource(strings = {"stillpoint", "stillpoint-simd", "stillpoint-zoo"})
    void jarsAreComplete(String module) throws IOException {
        assertThat(entries(only(module, "[0-9].jar"))).contains("module-info.class");
        assertThat(entries(only(module, "-sources.jar")))
                .contains("module-info.java")
                .anyMatch(name -> name.startsWith("dev/stillpoint/") && name.endsWith(".java"));
        assertThat(entries(only(module, "-javadoc.jar"))).contains("index.html", "element-list");
    }

    @Test
    void lawsHoldLawsAlone() throws IOException {
        List<String> entries = entries(only("stillpoint", "-laws.jar"));
        assertThat(entries).contains("dev/stillpoint/law/Cases.class");
        assertThat(entries)
                .filteredOn(name -> name.endsWith(".class"))
                .allMatch(name -> name.startsWith("dev/stillpoint/law/"))
                .noneMatch(name -> name.endsWith("Test.class"));
    }

    /** The one file of the module's one version that ends so, as a glob. */
    private static Path only(String module, String ending) throws IOException {
        List<Path> found = new ArrayList<>();
        try (Stream<Path> versions = Files.list(STAGED.resolve(module))) {
            for (Path version : versions.filter(Files::isDirectory).toList()) {
                try (var files = Files.newDirectoryStream(version, "*" + ending)) {
                    files.forEach(found::add);
                }
            }
        }
        assertThat(found).as("%s*%s", module, ending).hasSize(1);
        return found.get(0);
    }

    private static List<String> entries(Path jar) throws IOException {
        try (JarFile file = new JarFile(jar.toFile())) {
            return file.stream().map(entry -> entry.getName()).toList();
        }
    }
}
