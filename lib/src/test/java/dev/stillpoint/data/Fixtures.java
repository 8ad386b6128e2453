package dev.stillpoint.data;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.nio.file.Path;

/** Finds the data folder that lives outside the project; skips the test, with a message, where there is none. */
final class Fixtures {
    private static final String VARIABLE = "STILLPOINT_DATA";

    private Fixtures() {}

    static Path fixture(String name) {
        String folder = System.getenv(VARIABLE);
        assumeTrue(
                folder != null && !folder.isBlank(),
                "skipped: set " + VARIABLE + " to the data folder to check against fixtures/" + name);
        return Path.of(folder, "fixtures", name);
    }
}
