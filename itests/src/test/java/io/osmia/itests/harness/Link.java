package io.osmia.itests.harness;

import io.osmia.itests.harness.Proxy.Fate;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/** One connection through a proxy: a socket to each side, and a thread each way. */
final class Link {

    private static final int CONNECT_MILLIS = 5_000;

    private final Proxy proxy;
    private final Socket client;
    private final Socket server = new Socket();
    private final InetSocketAddress target;
    private final boolean recorded;
    private final ByteArrayOutputStream there = new ByteArrayOutputStream();
    private final ByteArrayOutputStream back = new ByteArrayOutputStream();
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition passes = lock.newCondition();
    private Fate fate = Fate.PASS;

    Link(Proxy proxy, Socket client, InetSocketAddress target, boolean recorded) {
        this.proxy = proxy;
        this.client = client;
        this.target = target;
        this.recorded = recorded;
    }

    Socket client() {
        return client;
    }

    boolean isRecorded() {
        return recorded;
    }

    void start() {
        Thread.ofVirtual().start(() -> {
            try {
                client.setTcpNoDelay(true);
                server.setTcpNoDelay(true);
                if (mayPass()) {
                    server.connect(target, CONNECT_MILLIS);
                    Thread.ofVirtual().start(() -> pump(server, client, back));
                    pump(client, server, there);
                }
            } catch (IOException e) {
                end();
            }
        });
    }

    private void pump(Socket from, Socket to, ByteArrayOutputStream record) {
        try {
            InputStream in = from.getInputStream();
            OutputStream out = to.getOutputStream();
            byte[] chunk = new byte[16 << 10];
            for (int n = in.read(chunk); n >= 0 && mayPass(); n = in.read(chunk)) {
                if (recorded) {
                    record.write(chunk, 0, n);
                }
                if (proxy.delay().isPositive()) {
                    Thread.sleep(proxy.delay());
                }
                out.write(chunk, 0, n);
            }
            to.shutdownOutput();
            if (from.isOutputShutdown()) {
                end();
            }
        } catch (IOException e) {
            end();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** Waits while the link is held. */
    private boolean mayPass() {
        lock.lock();
        try {
            while (fate == Fate.HOLD) {
                passes.awaitUninterruptibly();
            }
            return fate == Fate.PASS;
        } finally {
            lock.unlock();
        }
    }

    /** A link that is closed stays closed. */
    void fate(Fate wanted) {
        lock.lock();
        try {
            fate = fate == Fate.CLOSE ? Fate.CLOSE : wanted;
            passes.signalAll();
        } finally {
            lock.unlock();
        }
        if (wanted == Fate.CLOSE) {
            end();
        }
    }

    void end() {
        lock.lock();
        try {
            fate = Fate.CLOSE;
            passes.signalAll();
        } finally {
            lock.unlock();
        }
        closeQuietly(client);
        closeQuietly(server);
        proxy.ended(this);
    }

    /** Nobody is left to be told. */
    private static void closeQuietly(Socket socket) {
        try {
            socket.close();
        } catch (IOException e) {
            throw new IllegalStateException("socket does not close", e);
        }
    }

    boolean saw(byte[] marker) {
        return indexOf(there.toByteArray(), marker) >= 0 || indexOf(back.toByteArray(), marker) >= 0;
    }

    long recorded() {
        return (long) there.size() + back.size();
    }

    private static int indexOf(byte[] bytes, byte[] marker) {
        return Bytes.indexOf(bytes, marker);
    }
}
