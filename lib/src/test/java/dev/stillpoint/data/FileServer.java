package dev.stillpoint.data;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Deque;
import java.util.List;

/** A server of one file on this machine, that answers each request as it was told to. */
final class FileServer implements AutoCloseable {
    /** How to answer one request. */
    interface Answer {
        void to(HttpExchange request, byte[] file) throws IOException;
    }

    /** The whole file, or the range asked for. */
    static final Answer GOOD = (request, file) -> send(request, file, file.length);

    /** Half of what is asked for, then the connection is cut. */
    static final Answer CUT = (request, file) -> send(request, file, (start(request) + file.length) / 2);

    /** The first half whatever is asked for, then the connection is cut. */
    static final Answer CUT_WITHOUT_RANGES = (request, file) -> {
        request.sendResponseHeaders(200, file.length);
        request.getResponseBody().write(file, 0, file.length / 2);
        request.getResponseBody().flush();
    };

    /** All bytes, one of them wrong. */
    static final Answer CORRUPTED = (request, file) -> {
        byte[] wrong = file.clone();
        wrong[wrong.length / 3] ^= 1;
        request.sendResponseHeaders(200, wrong.length);
        request.getResponseBody().write(wrong);
    };

    private final HttpServer server;
    private final Deque<Answer> answers = new ArrayDeque<>();
    private final List<String> ranges = Collections.synchronizedList(new ArrayList<>());

    /** The last answer is given to all further requests too. */
    FileServer(byte[] file, Answer... answers) throws IOException {
        Collections.addAll(this.answers, answers);
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext("/", request -> {
            ranges.add(String.valueOf(request.getRequestHeaders().getFirst("Range")));
            try (request) {
                next().to(request, file);
            }
        });
        server.start();
    }

    static Answer status(int code) {
        return (request, file) -> request.sendResponseHeaders(code, -1);
    }

    static Answer redirectTo(URI elsewhere) {
        return (request, file) -> {
            request.getResponseHeaders().add("Location", elsewhere.toString());
            request.sendResponseHeaders(302, -1);
        };
    }

    /** Says that it will send that many bytes. */
    static Answer announcing(long bytes) {
        return (request, file) -> {
            request.sendResponseHeaders(200, bytes);
            request.getResponseBody().write(file);
            request.getResponseBody().flush();
        };
    }

    URI address() {
        return URI.create("http://127.0.0.1:" + server.getAddress().getPort() + "/file.gz");
    }

    /** What each request had as its range, "null" for none. */
    List<String> ranges() {
        return List.copyOf(ranges);
    }

    private synchronized Answer next() {
        return answers.size() > 1 ? answers.remove() : answers.element();
    }

    private static void send(HttpExchange request, byte[] file, int end) throws IOException {
        int start = start(request);
        if (start >= file.length) {
            request.sendResponseHeaders(416, -1);
            return;
        }
        if (start > 0) {
            request.getResponseHeaders()
                    .add("Content-Range", "bytes " + start + "-" + (file.length - 1) + "/" + file.length);
        }
        request.sendResponseHeaders(start > 0 ? 206 : 200, file.length - start);
        request.getResponseBody().write(file, start, end - start);
        request.getResponseBody().flush();
    }

    private static int start(HttpExchange request) {
        String range = request.getRequestHeaders().getFirst("Range");
        return range == null ? 0 : Integer.parseInt(range.replaceFirst("bytes=(\\d+)-", "$1"));
    }

    @Override
    public void close() {
        server.stop(0);
    }
}
