package dev.stillpoint.data;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;

/**
 * Where public data lie: a folder a set below it.
 *
 * @param path the folder, which need not exist
 * @param chosenBy what named it, for people
 */
public record DataFolder(Path path, String chosenBy) {
    /** The environment variable that names the data folder. */
    public static final String VARIABLE = "STILLPOINT_DATA";

    /** The folder that {@link #VARIABLE} names, else one in the user's cache folder. */
    public static DataFolder ofUser() {
        return ofUser(System.getenv(), System.getProperty("os.name"), Path.of(System.getProperty("user.home")));
    }

    /** The folder that an option names, else {@link #ofUser()}. */
    public static DataFolder of(Optional<Path> option) {
        return option.map(path -> new DataFolder(path, "--data")).orElseGet(DataFolder::ofUser);
    }

    static DataFolder ofUser(Map<String, String> environment, String system, Path home) {
        String named = environment.getOrDefault(VARIABLE, "");
        if (!named.isBlank()) {
            return new DataFolder(Path.of(named), VARIABLE);
        }
        Path cache = home.resolve(".cache");
        String variable = "XDG_CACHE_HOME";
        if (system.startsWith("Windows")) {
            cache = home.resolve("AppData").resolve("Local");
            variable = "LOCALAPPDATA";
        } else if (system.startsWith("Mac")) {
            cache = home.resolve("Library").resolve("Caches");
        }
        String given = environment.getOrDefault(variable, "");
        Path root = given.isBlank() ? cache : Path.of(given);
        return new DataFolder(root.resolve("stillpoint").resolve("data"), "the user's cache folder");
    }

    /** Where a file of a set is or would be. */
    public Path resolve(PublicFile file) {
        return path.resolve(file.path());
    }

    /**
     * The files of a set, in its order.
     *
     * @throws DataException if one is missing, with the command that fetches it
     */
    public Path[] require(PublicSet set) {
        Path[] files = new Path[set.files().size()];
        for (int i = 0; i < files.length; i++) {
            files[i] = resolve(set.files().get(i));
            if (!Files.isRegularFile(files[i])) {
                throw new DataException(
                        files[i],
                        "need this file of " + set.name() + ", got none there; 'stillpoint data fetch " + set.name()
                                + "' downloads it, and --data or " + VARIABLE + " names another folder");
            }
        }
        return files;
    }
}
