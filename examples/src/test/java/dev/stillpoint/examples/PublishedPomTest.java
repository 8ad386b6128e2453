package dev.stillpoint.examples;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** What the modules that are published ask of their users. */
class PublishedPomTest {
    private static final Path ROOT = Path.of("..");
    private static final String DEPLOYED = "/project/properties/maven.deploy.skip[. = 'false']";

    @Test
    void noNativeLibraryIsForcedOnUsers() throws IOException {
        assertThat(Pom.read(ROOT.resolve("pom.xml")).forcedClassifiers()).isEmpty();
        for (Pom pom : published()) {
            assertThat(pom.forcedClassifiers())
                    .as(pom.text("/project/artifactId"))
                    .isEmpty();
        }
    }

    @Test
    void aForcedNativeLibraryIsCaught() throws IOException {
        String test = "<dependency><artifactId>a</artifactId><classifier>linux-x86_64</classifier><scope>%s</scope>"
                + "</dependency>";
        assertThat(planted(test.formatted("test")).forcedClassifiers()).isEmpty();
        assertThat(planted(test.formatted("compile")).forcedClassifiers()).hasSize(1);
        assertThat(planted(test.formatted("runtime")).forcedClassifiers()).hasSize(1);
        assertThat(planted(test.formatted("")).forcedClassifiers()).hasSize(1);
    }

    @Test
    void theBillOfMaterialsListsWhatIsPublished() throws IOException {
        List<String> published = new ArrayList<>();
        for (Pom pom : published()) {
            if (!pom.text("/project/packaging").equals("pom")) {
                published.add(pom.text("/project/artifactId"));
            }
        }
        assertThat(published).contains("stillpoint", "stillpoint-zoo");
        assertThat(Pom.read(ROOT.resolve("bom/pom.xml")).managed())
                .filteredOn(dependency -> dependency.classifier().isEmpty())
                .extracting(Pom.Dependency::artifact)
                .containsExactlyInAnyOrderElementsOf(published);
    }

    private static List<Pom> published() throws IOException {
        List<Pom> found = new ArrayList<>();
        try (Stream<Path> folders = Files.list(ROOT)) {
            for (Path file : folders.map(folder -> folder.resolve("pom.xml"))
                    .filter(Files::exists)
                    .toList()) {
                Pom pom = Pom.read(file);
                if (!pom.text(DEPLOYED).isEmpty()) {
                    found.add(pom);
                }
            }
        }
        return found;
    }

    private static Pom planted(String dependency) throws IOException {
        String xml = "<project><dependencies>" + dependency + "</dependencies></project>";
        return Pom.parse(xml.getBytes(StandardCharsets.UTF_8));
    }
}
