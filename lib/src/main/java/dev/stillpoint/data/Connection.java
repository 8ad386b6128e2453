package dev.stillpoint.data;

import java.io.IOException;
import java.io.InputStream;
import java.net.HttpURLConnection;
import java.net.URI;
import java.net.URLConnection;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** One answer of a server to the request for a file, or for the rest of it. */
final class Connection implements AutoCloseable {
    private static final int MOST_REDIRECTS = 5;
    private static final int PARTIAL = 206;
    private static final int UNSATISFIABLE = 416;
    private static final int PIECE = 1 << 16;

    /** The connection ended before the file did: a further attempt may bring the rest. */
    static final class CutException extends Exception {
        private static final long serialVersionUID = 1L;

        CutException(String problem, @Nullable Throwable cause) {
            super(problem, cause);
        }

        @Override
        public String getMessage() {
            return String.valueOf(super.getMessage());
        }
    }

    private final URI address;
    private final HttpURLConnection http;
    private final int status;

    private Connection(URI address, HttpURLConnection http, int status) {
        this.address = address;
        this.http = http;
        this.status = status;
    }

    /** Asks for the bytes from {@code from} on, follows redirections, and has the status of the answer. */
    static Connection open(URI address, long from, Duration silence) throws CutException {
        URI at = address;
        for (int redirects = 0; redirects <= MOST_REDIRECTS; redirects++) {
            Connection answer = ask(at, from, silence);
            String location = answer.http.getHeaderField("Location");
            if (answer.status / 100 != 3 || location == null) {
                answer.check(address);
                return answer;
            }
            answer.close();
            URI next = at.resolve(location);
            boolean safe = "https".equals(next.getScheme())
                    || ("http".equals(next.getScheme()) && "http".equals(at.getScheme()));
            if (!safe) {
                throw DataException.at(address, "need a redirection to an address as safe, got " + next, null);
            }
            at = next;
        }
        throw DataException.at(address, "need at most " + MOST_REDIRECTS + " redirections, got more", null);
    }

    private static Connection ask(URI at, long from, Duration silence) throws CutException {
        try {
            URLConnection connection = at.toURL().openConnection();
            if (!(connection instanceof HttpURLConnection http)) {
                throw DataException.at(at, "need an address of HTTP, got another", null);
            }
            http.setInstanceFollowRedirects(false);
            http.setConnectTimeout((int) silence.toMillis());
            http.setReadTimeout((int) silence.toMillis());
            http.setRequestProperty("User-Agent", "Stillpoint");
            // Packed for transport, the length and the offsets would be of something else.
            http.setRequestProperty("Accept-Encoding", "identity");
            if (from > 0) {
                http.setRequestProperty("Range", "bytes=" + from + "-");
            }
            return new Connection(at, http, http.getResponseCode());
        } catch (IOException e) {
            throw new CutException("need an answer, got " + e, e);
        }
    }

    private void check(URI asked) throws CutException {
        if (status / 100 == 5) {
            close();
            throw new CutException("need status 200, got " + status, null);
        }
        if (status != HttpURLConnection.HTTP_OK && status != PARTIAL && status != UNSATISFIABLE) {
            close();
            throw DataException.at(asked, "need status 200, got " + status, null);
        }
    }

    /** Appends what comes to the file, or replaces it where the server sends it from its beginning. */
    void receive(FileChannel out, Path part, Download.Listener listener) throws IOException, CutException {
        long from = status == PARTIAL ? rangeStart() : 0;
        if (status == UNSATISFIABLE || from != (status == PARTIAL ? out.size() : 0)) {
            // Less is there than an earlier process left, or another part than was asked for: begin again.
            out.truncate(0);
            throw new CutException("need the file from byte " + out.size() + ", got status " + status, null);
        }
        out.truncate(from);
        out.position(from);
        long length = http.getContentLengthLong();
        long total = length < 0 ? -1 : from + length;
        long free = Files.getFileStore(part).getUsableSpace();
        if (length > free) {
            throw new DataException(part, "need " + length + " bytes of free space, got " + free);
        }
        byte[] piece = new byte[PIECE];
        try (InputStream in = input()) {
            for (int got = read(in, piece, out, total); got > 0; got = read(in, piece, out, total)) {
                ByteBuffer bytes = ByteBuffer.wrap(piece, 0, got);
                while (bytes.hasRemaining()) {
                    out.write(bytes);
                }
                listener.progress(out.position(), total);
            }
        }
        if (total >= 0 && out.position() < total) {
            throw cut(out, total, "the end of the answer", null);
        }
    }

    private InputStream input() throws CutException {
        try {
            return http.getInputStream();
        } catch (IOException e) {
            throw new CutException("need an answer, got " + e, e);
        }
    }

    /** Apart from writing, since a full disk is no reason to try again. */
    private static int read(InputStream in, byte[] piece, FileChannel out, long total)
            throws IOException, CutException {
        try {
            return in.read(piece);
        } catch (IOException e) {
            // An answer that ends early comes as its end or as this, as the client's buffers happen to stand.
            throw cut(out, total, e.toString(), e);
        }
    }

    private static CutException cut(FileChannel out, long total, String by, @Nullable Throwable cause)
            throws IOException {
        String need = total < 0 ? "the whole file" : total + " bytes";
        return new CutException("need " + need + ", got " + out.position() + " and " + by, cause);
    }

    private long rangeStart() {
        String range = http.getHeaderField("Content-Range");
        try {
            return range == null ? -1 : Long.parseLong(range.replaceFirst("^bytes (\\d+)-.*$", "$1"));
        } catch (NumberFormatException e) {
            return -1;
        }
    }

    @Override
    public void close() {
        http.disconnect();
    }

    @Override
    public String toString() {
        return address + " " + status;
    }
}
