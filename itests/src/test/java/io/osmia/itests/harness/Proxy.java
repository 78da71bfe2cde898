package io.osmia.itests.harness;

import java.io.Closeable;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Function;

/**
 * Stands on loopback before one port and passes bytes on; connections can be cut, held, slowed down and recorded, each by the
 * process that opened it.
 */
public final class Proxy implements Closeable {

    /** What becomes of a connection, and of those that are asked for. */
    public enum Fate {
        PASS,
        /** Closed at once. */
        CLOSE,
        /** Open and silent, as when a cable is pulled. What is held goes on when it passes again. */
        HOLD
    }

    private final ServerSocket server;
    private final InetSocketAddress target;
    private final Function<Socket, Fate> rule;
    private final List<Link> links = new CopyOnWriteArrayList<>();
    private volatile Duration delay = Duration.ZERO;
    private volatile boolean recording;

    /** @param rule asked for each connection when it is opened, and again at {@link #apply} */
    public Proxy(InetSocketAddress target, Function<Socket, Fate> rule) throws IOException {
        this.target = target;
        this.rule = rule;
        this.server = new ServerSocket();
        server.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), Ports.free()), 1024);
        Thread.ofVirtual().name("proxy-" + server.getLocalPort()).start(this::accept);
    }

    public Proxy(InetSocketAddress target) throws IOException {
        this(target, from -> Fate.PASS);
    }

    public String address() {
        return "127.0.0.1:" + server.getLocalPort();
    }

    /** Asks the rule again for every open connection. */
    public void apply() {
        links.forEach(link -> link.fate(rule.apply(link.client())));
    }

    /** How much later bytes arrive, each way. */
    public void delay(Duration each) {
        delay = each;
    }

    Duration delay() {
        return delay;
    }

    /** Keeps the bytes of all connections that are opened from now on. */
    public Proxy record() {
        recording = true;
        return this;
    }

    /** Whether these bytes went over any recorded connection, in one direction. */
    public boolean saw(byte[] marker) {
        return links.stream().anyMatch(link -> link.saw(marker));
    }

    /** How many bytes were recorded, both ways. */
    public long recorded() {
        return links.stream().mapToLong(Link::recorded).sum();
    }

    private void accept() {
        while (!server.isClosed()) {
            try {
                Socket client = server.accept();
                Link link = new Link(this, client, target, recording);
                links.add(link);
                link.fate(rule.apply(client));
                link.start();
            } catch (IOException e) {
                if (!server.isClosed()) {
                    throw new IllegalStateException("proxy for " + target + " is broken", e);
                }
            }
        }
    }

    /** What was recorded stays, what was not is forgotten. */
    void ended(Link link) {
        if (!link.isRecorded()) {
            links.remove(link);
        }
    }

    @Override
    public void close() throws IOException {
        server.close();
        links.forEach(Link::end);
    }
}
