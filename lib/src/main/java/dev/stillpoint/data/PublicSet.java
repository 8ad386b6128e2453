package dev.stillpoint.data;

import java.util.List;

/**
 * A public data set: what {@code stillpoint data} lists, fetches and verifies.
 *
 * @param name as on the command line
 * @param summary what it is, in a line
 * @param source whose it is, to be named where it is used
 * @param files all of them
 */
public record PublicSet(String name, String summary, String source, List<PublicFile> files) {
    public PublicSet {
        files = List.copyOf(files);
        if (!name.matches("[a-z][a-z0-9-]*") || files.isEmpty()) {
            throw new IllegalArgumentException(
                    "PublicSet: need a name of lower-case letters, digits and hyphens and a file," + " got '" + name
                            + "' and " + files.size() + " files");
        }
    }

    /** The length of all files. */
    public long bytes() {
        long bytes = 0;
        for (PublicFile file : files) {
            bytes += file.bytes();
        }
        return bytes;
    }
}
