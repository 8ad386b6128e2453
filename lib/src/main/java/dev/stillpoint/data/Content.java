package dev.stillpoint.data;

import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * What a file must contain, by SHA-256 of the unpacked bytes: an archive that was packed again has the same content and
 * another checksum.
 */
public sealed interface Content {
    /** How the file's content differs; empty if it is right. */
    Optional<String> difference(Path file);

    /**
     * A file as it is.
     *
     * @param sha256 of its bytes
     */
    record Plain(String sha256) implements Content {
        @Override
        public Optional<String> difference(Path file) {
            return Content.compared("SHA-256", sha256, Digests.ofFile("SHA-256", file));
        }
    }

    /**
     * A gzip-compressed file.
     *
     * @param sha256 of the unpacked bytes
     */
    record Gzip(String sha256) implements Content {
        @Override
        public Optional<String> difference(Path file) {
            return Content.compared("SHA-256 of the unpacked content", sha256, Digests.ofUnpacked(file));
        }
    }

    /**
     * A tar archive, compressed or not. Files beside those named do not matter.
     *
     * @param sha256 of each file by its name without folders
     */
    record Tar(Map<String, String> sha256) implements Content {
        public Tar {
            sha256 = Map.copyOf(sha256);
        }

        @Override
        public Optional<String> difference(Path file) {
            Map<String, String> found = new TreeMap<>();
            try (TarInput in = TarInput.open(file)) {
                while (in.next()) {
                    if (sha256.containsKey(in.lastName())) {
                        found.put(in.lastName(), Digests.ofMember(in));
                    }
                }
            }
            for (String name : new TreeSet<>(sha256.keySet())) {
                String need = sha256.get(name);
                String got = found.getOrDefault(name, "no such file");
                if (!got.equals(need)) {
                    return Content.compared("SHA-256 of " + name, String.valueOf(need), got);
                }
            }
            return Optional.empty();
        }
    }

    /** A file of which the archive's checksum alone was published. */
    record Unpublished() implements Content {
        @Override
        public Optional<String> difference(Path file) {
            return Optional.of("need the published MD5, got " + Digests.ofFile("MD5", file));
        }
    }

    private static Optional<String> compared(String what, String need, String got) {
        return got.equals(need) ? Optional.empty() : Optional.of("need " + what + " " + need + ", got " + got);
    }
}
