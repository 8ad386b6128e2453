package dev.stillpoint.data;

import java.io.IOException;
import java.net.URI;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * Downloads a public file whole and checked, or not at all. The bytes go to a hidden sibling, which takes the file's name only
 * when its checksum is right. A connection that is cut is taken up again where it ended; what a killed process left is taken
 * up by the next; a failure leaves nothing.
 */
public final class Download {
    /** Told of every piece that has come. */
    @FunctionalInterface
    public interface Listener {
        /**
         * A piece has come.
         *
         * @param bytes so far
         * @param total of the whole file, or -1 where the server does not say
         */
        void progress(long bytes, long total);
    }

    /**
     * How long to wait for a server.
     *
     * @param silence without a byte, until the connection counts as cut
     * @param attempts in a row that bring nothing, until it is given up
     * @param pause before the second attempt, doubled for each further one
     */
    public record Patience(Duration silence, int attempts, Duration pause) {
        /** A minute of silence, five attempts, a second and more between them. */
        public static final Patience DEFAULT = new Patience(Duration.ofMinutes(1), 5, Duration.ofSeconds(1));

        public Patience {
            if (silence.toMillis() < 1
                    || silence.toMillis() > Integer.MAX_VALUE
                    || attempts < 1
                    || pause.isNegative()) {
                throw new IllegalArgumentException(
                        "Patience: need at least 1 ms of silence, 1 attempt and a pause >= 0, got " + silence + ", "
                                + attempts + " and " + pause);
            }
        }
    }

    private final PublicFile file;
    private final Path target;
    private final Path part;
    private final Patience patience;
    private final Listener listener;

    private Download(PublicFile file, Path target, Patience patience, Listener listener) {
        this.file = file;
        this.target = target;
        this.part = target.resolveSibling("." + target.getFileName() + ".part");
        this.patience = patience;
        this.listener = listener;
    }

    /**
     * Fetches a file that is not there, or is another.
     *
     * @param file what
     * @param folder where
     * @param patience with the server
     * @param listener told of the progress
     * @return whether it had to be downloaded: false if it was there
     * @throws DataException naming the address and what came instead, or the folder that cannot be written
     */
    public static boolean fetch(PublicFile file, DataFolder folder, Patience patience, Listener listener) {
        Path target = folder.resolve(file).toAbsolutePath();
        if (file.check(target).state() == PublicFile.State.GOOD) {
            return false;
        }
        new Download(file, target, patience, listener).run();
        return true;
    }

    private void run() {
        try {
            Files.createDirectories(target.getParent());
        } catch (IOException e) {
            throw unwritable(e);
        }
        try (FileChannel out = FileChannel.open(part, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
                FileLock lock = out.tryLock()) {
            if (lock == null) {
                throw busy(null);
            }
            try {
                fill(out);
            } finally {
                // Gone already where it took the file's name.
                Files.deleteIfExists(part);
            }
        } catch (OverlappingFileLockException e) {
            throw busy(e);
        } catch (IOException e) {
            throw unwritable(e);
        }
    }

    private void fill(FileChannel out) throws IOException {
        @Nullable DataException last = null;
        for (URI address : file.addresses()) {
            try {
                fill(out, address);
                return;
            } catch (DataException e) {
                if (last != null) {
                    e.addSuppressed(last);
                }
                last = e;
            }
        }
        if (last != null) {
            throw last;
        }
    }

    private void fill(FileChannel out, URI address) throws IOException {
        boolean inherited = out.size() > 0;
        receive(out, address);
        PublicFile.Check check = file.check(part);
        if (check.state() != PublicFile.State.GOOD && inherited) {
            // What an earlier process left was of another file, or damaged.
            out.truncate(0);
            receive(out, address);
            check = file.check(part);
        }
        if (check.state() != PublicFile.State.GOOD) {
            out.truncate(0);
            throw DataException.at(address, "got another file: " + check.detail(), null);
        }
        Files.move(part, target, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    }

    /** Until all bytes are there, over as many connections as it takes. */
    private void receive(FileChannel out, URI address) throws IOException {
        int fruitless = 0;
        while (true) {
            long before = out.size();
            try (Connection connection = Connection.open(address, before, patience.silence())) {
                connection.receive(out, part, listener);
                out.force(true);
                return;
            } catch (Connection.CutException e) {
                fruitless = out.size() > before ? 1 : fruitless + 1;
                if (fruitless >= patience.attempts()) {
                    String tries = fruitless == 1 ? "" : " (" + fruitless + " attempts)";
                    throw DataException.at(address, e.getMessage() + tries, e);
                }
                pause(address, fruitless);
            }
        }
    }

    private void pause(URI address, int fruitless) {
        try {
            Thread.sleep(patience.pause().toMillis() << Math.min(fruitless - 1, 16));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw DataException.at(address, "need time for a further attempt, got an interrupt", e);
        }
    }

    private DataException unwritable(IOException e) {
        return new DataException(target, "need a folder that can be written to, got " + e, e);
    }

    private DataException busy(@Nullable Throwable cause) {
        return new DataException(target, "need to be its only download, got another one under way", cause);
    }
}
