package io.osmia.executor.docker.internal;

import java.io.BufferedOutputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.StandardProtocolFamily;
import java.net.URI;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.Channels;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import org.jspecify.annotations.Nullable;

/** Answers what it is told to, or begins to and stops. */
final class ScriptedEngine implements AutoCloseable {

    static final String RUNNING = "{\"Id\":\"c1\",\"Name\":\"/web.1.t1\",\"State\":{\"Status\":\"running\",\"Pid\":5},"
            + "\"Config\":{\"Labels\":{\"" + Labels.TASK_ID + "\":\"t1\"}}}";

    private final Path socket;
    private final ServerSocketChannel server;
    private final Map<String, String> answers = new ConcurrentHashMap<>();
    private final Map<String, Queue<String>> once = new ConcurrentHashMap<>();
    private final Set<String> stuck = ConcurrentHashMap.newKeySet();
    private final Set<String> stuckOnce = ConcurrentHashMap.newKeySet();
    private final Map<String, Runnable> breaking = new ConcurrentHashMap<>();
    private final Map<String, byte[]> begun = new ConcurrentHashMap<>();
    private final Map<String, Boolean> hijacked = new ConcurrentHashMap<>();
    private final Set<SocketChannel> open = ConcurrentHashMap.newKeySet();
    private final Set<SocketChannel> events = ConcurrentHashMap.newKeySet();
    final List<String> requests = new CopyOnWriteArrayList<>();

    ScriptedEngine(Path socket) throws IOException {
        this.socket = socket;
        this.server = ServerSocketChannel.open(StandardProtocolFamily.UNIX);
        server.bind(UnixDomainSocketAddress.of(socket));
        answer("GET /version", "{\"ApiVersion\":\"1.41\",\"MinAPIVersion\":\"1.12\"}");
        answer("GET /v1.41/info", "{\"ServerVersion\":\"20.10\"}");
        Thread.ofVirtual().start(this::accept);
    }

    URI host() {
        return URI.create("unix://" + socket);
    }

    /** @param request method and beginning of the path */
    ScriptedEngine answer(String request, String body) {
        answers.put(request, "200 OK\n" + body);
        return this;
    }

    /** Answers so once, before it answers as it is told to otherwise; several in their order. */
    ScriptedEngine answerFirst(String request, String body) {
        once.computeIfAbsent(request, any -> new ConcurrentLinkedQueue<>()).add("200 OK\n" + body);
        return this;
    }

    ScriptedEngine refuse(String request, int status, String message) {
        answers.put(request, status + " no\n{\"message\":\"" + message + "\"}");
        return this;
    }

    /** Sends half of the answer's first line and no more. */
    ScriptedEngine stick(String request) {
        stuck.add(request);
        return this;
    }

    /** Does so once; the next time it answers. */
    ScriptedEngine stickOnce(String request) {
        stuckOnce.add(request);
        return this;
    }

    /** Does what is asked for, and closes the connection instead of answering; the next time it answers. */
    ScriptedEngine breakOnce(String request, Runnable effect) {
        breaking.put(request, effect);
        return this;
    }

    /** Sends the head of an answer and its first bytes, and no more. */
    ScriptedEngine begin(String request, byte[] bytes) {
        begun.put(request, bytes);
        return this;
    }

    /** Lets a program's connection begin, and end if its program has. */
    ScriptedEngine hijack(String request, boolean ended) {
        hijacked.put(request, ended);
        return this;
    }

    /** Ends the stream of events, as an engine that ends. */
    void endEvents() throws IOException {
        for (SocketChannel channel : events) {
            channel.close();
        }
    }

    private void accept() {
        try {
            while (true) {
                SocketChannel channel = server.accept();
                open.add(channel);
                Thread.ofVirtual().start(() -> serve(channel));
            }
        } catch (IOException e) {
            // Closed.
        }
    }

    private void serve(SocketChannel channel) {
        try (channel;
                InputStream in = Channels.newInputStream(channel);
                OutputStream out = new BufferedOutputStream(Channels.newOutputStream(channel))) {
            while (true) {
                String head = head(in);
                if (head.isEmpty()) {
                    return;
                }
                if (head.toLowerCase(java.util.Locale.ROOT).contains("transfer-encoding: chunked")) {
                    skipChunks(in);
                }
                String request = head.substring(0, head.indexOf(" HTTP/"));
                requests.add(request);
                @Nullable Runnable effect = first(breaking, request);
                byte @Nullable [] bytes = first(begun, request);
                @Nullable Boolean ended = first(hijacked, request);
                if (request.contains("/events")) {
                    events.add(channel);
                    send(out, "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n");
                    awaitEnd(in);
                } else if (effect != null) {
                    breaking.values().remove(effect);
                    effect.run();
                    return;
                } else if (ended != null) {
                    send(out, "HTTP/1.1 101 UPGRADED\r\nConnection: Upgrade\r\nUpgrade: tcp\r\n\r\n");
                    if (!ended) {
                        awaitEnd(in);
                    }
                    return;
                } else if (bytes != null) {
                    send(out, "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n");
                    if (bytes.length > 0) {
                        send(out, Integer.toHexString(bytes.length) + "\r\n");
                        out.write(bytes);
                        send(out, "\r\n");
                    }
                    awaitEnd(in);
                } else if (stuck.stream().anyMatch(request::startsWith) || stuckOnce.removeIf(request::startsWith)) {
                    send(out, "HTTP/1.1 2");
                    awaitEnd(in);
                } else {
                    reply(out, request);
                }
            }
        } catch (IOException e) {
            // The client has had enough.
        } finally {
            open.remove(channel);
            events.remove(channel);
        }
    }

    private static <T> @Nullable T first(Map<String, T> scripted, String request) {
        return scripted.entrySet().stream()
                .filter(entry -> request.startsWith(entry.getKey()))
                .map(Map.Entry::getValue)
                .findFirst()
                .orElse(null);
    }

    /** Returns when the client has closed the connection. */
    private static void awaitEnd(InputStream in) throws IOException {
        in.transferTo(OutputStream.nullOutputStream());
    }

    private void reply(OutputStream out, String request) throws IOException {
        @Nullable Queue<String> queue = first(once, request);
        @Nullable String next = queue == null ? null : queue.poll();
        @Nullable String always = first(answers, request);
        String answer = next != null ? next
                : always != null ? always : "404 no\n{\"message\":\"No such thing\"}";
        String body = answer.substring(answer.indexOf('\n') + 1);
        send(out, "HTTP/1.1 " + answer.substring(0, answer.indexOf('\n')) + "\r\nContent-Type: application/json\r\n"
                + "Content-Length: " + body.getBytes(StandardCharsets.UTF_8).length + "\r\n\r\n" + body);
    }

    private static void send(OutputStream out, String text) throws IOException {
        out.write(text.getBytes(StandardCharsets.UTF_8));
        out.flush();
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

    private static void skipChunks(InputStream in) throws IOException {
        while (true) {
            StringBuilder size = new StringBuilder();
            for (int next = in.read(); next != '\n'; next = in.read()) {
                size.append((char) next);
            }
            int length = Integer.parseInt(size.toString().strip(), 16);
            in.skipNBytes(length + 2L);
            if (length == 0) {
                return;
            }
        }
    }

    /** Connections that clients hold. */
    int connections() {
        return open.size();
    }

    @Override
    public void close() throws IOException {
        server.close();
        for (SocketChannel channel : open) {
            channel.close();
        }
    }
}
