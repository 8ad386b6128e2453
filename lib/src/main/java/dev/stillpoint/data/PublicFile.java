package dev.stillpoint.data;

import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * A file of a public data set.
 *
 * @param path within the data folder, with /
 * @param addresses where it is published, tried in this order
 * @param bytes its published length
 * @param md5 of the published file, or empty where none was published
 * @param content what is in it
 */
public record PublicFile(String path, List<URI> addresses, long bytes, String md5, Content content) {
    public PublicFile {
        addresses = List.copyOf(addresses);
        if (path.isEmpty() || path.startsWith("/") || path.contains("..") || path.contains("\\")) {
            throw new IllegalArgumentException("PublicFile: need a path within the data folder, got '" + path + "'");
        }
        if (addresses.isEmpty() || bytes < 0) {
            throw new IllegalArgumentException("PublicFile: need an address and a length, got " + addresses.size()
                    + " addresses and " + bytes + " bytes for " + path);
        }
        if (md5.isEmpty() ? content instanceof Content.Unpublished : !md5.matches("[0-9a-f]{32}")) {
            throw new IllegalArgumentException(
                    "PublicFile: need 32 hexadecimal digits, or nothing beside a content, got '" + md5 + "' for "
                            + path);
        }
    }

    /** Whether a file is there, and whether it is this one. */
    public enum State {
        /** It is this one. */
        GOOD,
        /** There is none. */
        ABSENT,
        /** There is another. */
        DIFFERENT
    }

    /**
     * What came of a check.
     *
     * @param state the outcome
     * @param detail what makes it so, for people
     */
    public record Check(State state, String detail) {}

    /**
     * Compares a file with this one, as a whole by its published MD5, else by its content. Time to read it once or twice.
     *
     * @param file where it should be
     */
    public Check check(Path file) {
        if (!Files.isRegularFile(file)) {
            return new Check(State.ABSENT, "no file there");
        }
        try {
            if (!md5.isEmpty() && Digests.ofFile("MD5", file).equals(md5)) {
                return new Check(State.GOOD, "the published file");
            }
            Optional<String> difference = content.difference(file);
            return difference
                    .map(text -> new Check(State.DIFFERENT, text))
                    .orElseGet(() ->
                            new Check(State.GOOD, md5.isEmpty() ? "the published file" : "the published content"));
        } catch (DataException e) {
            String message = String.valueOf(e.getMessage());
            String own = file + ": ";
            return new Check(State.DIFFERENT, message.startsWith(own) ? message.substring(own.length()) : message);
        }
    }
}
