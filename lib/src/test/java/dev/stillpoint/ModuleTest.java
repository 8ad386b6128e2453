package dev.stillpoint;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.lang.module.ModuleDescriptor;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** The module says what there is: a package that it does not export exists for no user with a module of his own. */
class ModuleTest {
    private static final Path CLASSES = Path.of("target/classes");

    @Test
    void everyPackageIsExported() throws IOException {
        ModuleDescriptor module = descriptor();
        assertThat(module.name()).isEqualTo("dev.stillpoint");
        assertThat(exported(module)).isEqualTo(packages());
    }

    @Test
    void aForgottenPackageIsCaught() throws IOException {
        ModuleDescriptor forgetful =
                ModuleDescriptor.newModule("m").exports("dev.stillpoint.set").build();
        assertThat(packages()).contains("dev.stillpoint", "dev.stillpoint.set");
        assertThat(exported(forgetful)).isNotEqualTo(packages());
    }

    /** Qualified exports are none: they would name who may use us. */
    private static Set<String> exported(ModuleDescriptor module) {
        return module.exports().stream()
                .filter(export -> !export.isQualified())
                .map(ModuleDescriptor.Exports::source)
                .collect(Collectors.toCollection(TreeSet::new));
    }

    private static Set<String> packages() throws IOException {
        try (Stream<Path> files = Files.walk(CLASSES)) {
            return files.filter(file -> file.toString().endsWith(".class"))
                    .map(file -> CLASSES.relativize(file).getParent())
                    .filter(folder -> folder != null)
                    .map(folder -> folder.toString().replace('\\', '/').replace('/', '.'))
                    .collect(Collectors.toCollection(TreeSet::new));
        }
    }

    private static ModuleDescriptor descriptor() throws IOException {
        try (InputStream in = Files.newInputStream(CLASSES.resolve("module-info.class"))) {
            return ModuleDescriptor.read(in);
        }
    }
}
