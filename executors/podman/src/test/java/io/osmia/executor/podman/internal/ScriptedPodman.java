package io.osmia.executor.podman.internal;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.net.URLDecoder;
import java.nio.channels.Channels;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Supplier;

/** Answers what it is told to, or takes a request and does not answer. One request for each connection. */
final class ScriptedPodman implements AutoCloseable {

    private static final String HANGS = "";

    /** What comes before each path. */
    private static final String API = "/" + PodmanApi.VERSION + "/libpod";

    private final ServerSocketChannel server;
    private final Map<String, Supplier<String>> answers = new ConcurrentHashMap<>();
    private final Set<SocketChannel> open = ConcurrentHashMap.newKeySet();
    final List<String> requests = new CopyOnWriteArrayList<>();

    ScriptedPodman(Path socket) throws IOException {
        server = ServerSocketChannel.open(StandardProtocolFamily.UNIX);
        server.bind(UnixDomainSocketAddress.of(socket));
        answers.put("GET /_ping", () -> "200 OK\r\nLibpod-Api-Version: 4.3.1\r\nContent-Length: 2\r\n\r\nOK");
        answer("GET /info", "{}");
        answers.put("GET " + API + "/events?stream=true", () -> "200 OK\r\nTransfer-Encoding: chunked\r\n\r\n");
        Thread.ofVirtual().start(this::accept);
    }

    /** @param request method and beginning of the path after the API's version */
    void answer(String request, String body) {
        answer(request, 200, () -> body);
    }

    void answer(String request, int status, Supplier<String> body) {
        answers.put(full(request), () -> {
            String text = body.get();
            return status + " so\r\nContent-Length: " + text.getBytes(StandardCharsets.UTF_8).length + "\r\n\r\n"
                    + text;
        });
    }

    void refuse(String request, int status, String message) {
        answer(request, status, () -> "{\"cause\":\"c\",\"message\":\"" + message + "\",\"response\":" + status + "}");
    }

    /** The whole of an answer after {@code HTTP/1.1}; the connection stays open. */
    void raw(String request, String answer) {
        answers.put(full(request), () -> answer);
    }

    void hang(String request) {
        answers.put(full(request), () -> HANGS);
    }

    void hangPing() {
        answers.put("GET /_ping", () -> HANGS);
    }

    private static String full(String request) {
        return request.replaceFirst(" ", " " + API);
    }

    private void accept() {
        try {
            while (true) {
                SocketChannel channel = server.accept();
                open.add(channel);
                Thread.ofVirtual().start(() -> serve(channel));
            }
        } catch (IOException e) {
            // closed
        }
    }

    private void serve(SocketChannel channel) {
        try (channel; InputStream in = Channels.newInputStream(channel)) {
            String head = head(in);
            if (head.isEmpty()) {
                return;
            }
            String request = URLDecoder.decode(head.substring(0, head.indexOf(" HTTP/")), StandardCharsets.UTF_8);
            requests.add(request.replace(API, ""));
            String answer = answers.entrySet().stream()
                    .filter(entry -> request.startsWith(entry.getKey()))
                    .max(Map.Entry.comparingByKey())
                    .map(entry -> entry.getValue().get())
                    .orElse("404 no\r\nContent-Length: 34\r\n\r\n{\"cause\":\"no\",\"message\":\"no such\"}");
            if (!answer.equals(HANGS)) {
                Channels.newOutputStream(channel).write(("HTTP/1.1 " + answer).getBytes(StandardCharsets.UTF_8));
            }
            in.transferTo(OutputStream.nullOutputStream()); // until the client has had enough
        } catch (IOException e) {
            // the client has had enough
        } finally {
            open.remove(channel);
        }
    }

    private static String head(InputStream in) throws IOException {
        ByteArrayOutputStream head = new ByteArrayOutputStream();
        while (!head.toString(StandardCharsets.UTF_8).endsWith("\r\n\r\n")) {
            int next = in.read();
            if (next < 0) {
                return "";
            }
            head.write(next);
        }
        return head.toString(StandardCharsets.UTF_8);
    }

    /** Connections that clients hold, beside that of the events. */
    long connections() {
        return open.size() - 1L;
    }

    @Override
    public void close() throws IOException {
        server.close();
        for (SocketChannel channel : open) {
            channel.close();
        }
    }
}
