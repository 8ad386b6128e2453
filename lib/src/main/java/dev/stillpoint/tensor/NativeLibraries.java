package dev.stillpoint.tensor;

import java.io.File;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.file.StandardOpenOption;
import org.bytedeco.javacpp.Loader;
import org.bytedeco.pytorch.global.torch;

/**
 * Loads libtorch, one process at a time. On a machine's first start JavaCPP unpacks its libraries into a folder that all
 * processes share, and a second process that begins meanwhile may map a file that is still being written: it ends in SIGBUS.
 */
final class NativeLibraries {
    private static final String LOCK = ".stillpoint.lock";

    static {
        loadAlone();
    }

    private NativeLibraries() {}

    /** Loads them, if this is the first call. */
    static void load() {
        // The static initialiser did.
    }

    private static void loadAlone() {
        FileChannel channel;
        try {
            channel = FileChannel.open(
                    new File(Loader.getCacheDir(), LOCK).toPath(), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
        } catch (IOException | UnsupportedOperationException e) {
            // A folder that cannot be written is not being written by another process either.
            Loader.load(torch.class);
            return;
        }
        try (channel;
                FileLock alone = channel.lock()) {
            Loader.load(torch.class);
        } catch (IOException e) {
            // A file system without locks.
            Loader.load(torch.class);
        }
    }
}
