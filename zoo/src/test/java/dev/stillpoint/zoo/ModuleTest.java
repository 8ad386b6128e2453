package dev.stillpoint.zoo;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.lang.module.ModuleDescriptor;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;

/** An application must be found on the class path and on the module path, which have a list each. */
class ModuleTest {
    private static final Path CLASSES = Path.of("target/classes");

    @Test
    void bothListsOfApplicationsAgree() throws IOException {
        List<String> services = Files.readAllLines(CLASSES.resolve("META-INF/services/" + Application.class.getName()));
        ModuleDescriptor module = descriptor();
        assertThat(module.name()).isEqualTo("dev.stillpoint.zoo");
        assertThat(module.uses()).containsExactly(Application.class.getName());
        assertThat(module.provides()).singleElement().satisfies(provides -> {
            assertThat(provides.service()).isEqualTo(Application.class.getName());
            assertThat(provides.providers()).isNotEmpty().containsExactlyInAnyOrderElementsOf(services);
        });
    }

    private static ModuleDescriptor descriptor() throws IOException {
        try (InputStream in = Files.newInputStream(CLASSES.resolve("module-info.class"))) {
            return ModuleDescriptor.read(in);
        }
    }
}
