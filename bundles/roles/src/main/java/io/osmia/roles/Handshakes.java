package io.osmia.roles;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.security.cert.CertificateException;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLHandshakeException;
import org.jspecify.annotations.Nullable;

/**
 * The connections to a port whose handshake is not finished. They are few, for whoever they come from has shown nothing yet:
 * beyond the limits the one that has taken longest gives its place to a newcomer, if that was more than a second, else the
 * newcomer is closed. Honest handshakes take milliseconds, so that a flood of silent connections keeps nobody out.
 *
 * <p>Thread-safe; connections are closed outside of the lock.
 */
public final class Handshakes {

    public static final int PER_SOURCE = 256;
    public static final int IN_ALL = 1_024;

    /** After this a handshake is given up. */
    public static final int SECONDS = 10;

    private static final long MINUTE_NANOS = TimeUnit.MINUTES.toNanos(1);

    /** In a minute. */
    private static final int MOST_LINES = 10;

    private static final long SLOW_NANOS = TimeUnit.SECONDS.toNanos(1);

    /** A connection and when it came. */
    private record Pending(InetSocketAddress remote, Runnable closing, long since) {}

    private final int perSource;
    private final int inAll;
    private final LongSupplier nanoTime;

    /** By source, the oldest first; guarded by this. */
    private final Map<InetAddress, LinkedHashMap<SocketAddress, Pending>> bySource = new HashMap<>();

    private int count; // guarded by this

    private final Consumer<String> log;

    /** What was said since {@link #saidSince}; guarded by this. */
    private final Set<String> said = new HashSet<>();

    private long saidSince; // guarded by this

    /**
     * @param nanoTime like {@link System#nanoTime}
     * @param log told what is worth a line, which is little however much is amiss
     */
    public Handshakes(int perSource, int inAll, LongSupplier nanoTime, Consumer<String> log) {
        this.perSource = perSource;
        this.inAll = inAll;
        this.nanoTime = nanoTime;
        this.log = log;
    }

    /**
     * With the limits that hold for every port.
     *
     * @param log told what is worth a line, which is little however much is amiss
     */
    public Handshakes(Consumer<String> log) {
        this(PER_SOURCE, IN_ALL, System::nanoTime, log);
    }

    /**
     * Whether a new connection may begin; one that may not is to be closed. Of one that may, {@link #finished} has to be told
     * when its handshake is done, and when it is closed.
     *
     * @param remote where it comes from; null when it is gone already
     * @param closing closes it, does not wait for that
     */
    public boolean admit(@Nullable SocketAddress remote, Runnable closing) {
        if (!(remote instanceof InetSocketAddress address)) {
            return false;
        }
        boolean full;
        Optional<Pending> evicted;
        synchronized (this) {
            InetAddress source = address.getAddress();
            LinkedHashMap<SocketAddress, Pending> crowd = crowd(source);
            full = crowd != null;
            evicted = crowd == null ? Optional.empty() : slowest(crowd);
            evicted.ifPresent(slow -> remove(slow.remote()));
            if (!full || evicted.isPresent()) {
                bySource.computeIfAbsent(source, first -> new LinkedHashMap<>())
                        .put(address, new Pending(address, closing, nanoTime.getAsLong()));
                count++;
            }
        }
        evicted.ifPresent(slow -> slow.closing().run());
        if (full) {
            say("too many connections do not finish their handshake: at most " + perSource
                    + " from one address and " + inAll + " in all are kept, others are closed; one came from "
                    + address.getAddress().getHostAddress(), "full");
        }
        return !full || evicted.isPresent();
    }

    /**
     * A handshake failed.
     *
     * @param cause why; only what TLS says of it is worth a line
     */
    public void failed(@Nullable SocketAddress remote, Throwable cause) {
        @Nullable String reason = null;
        for (@Nullable Throwable one = cause; one != null && !isVerdict(reason, one); one = one.getCause()) {
            if (one instanceof SSLHandshakeException || one instanceof CertificateException) {
                reason = String.valueOf(one.getMessage());
            }
        }
        if (reason != null && remote instanceof InetSocketAddress address) {
            say("no TLS with " + address.getAddress().getHostAddress() + ": " + reason, reason);
        }
    }

    /** Below the first word on a certificate there are only details. */
    private static boolean isVerdict(@Nullable String reason, Throwable one) {
        return reason != null && !(one instanceof SSLException) && !(one instanceof CertificateException);
    }

    /** @param kind of which a line a minute is enough */
    private void say(String text, String kind) {
        synchronized (this) {
            long now = nanoTime.getAsLong();
            if (said.isEmpty() || now - saidSince > MINUTE_NANOS) {
                said.clear();
                saidSince = now;
            }
            if (said.size() >= MOST_LINES || !said.add(kind)) {
                return;
            }
        }
        log.accept(text);
    }

    /** Those among whom one has to go before another may come from this source; null when there is room. */
    private @Nullable LinkedHashMap<SocketAddress, Pending> crowd(InetAddress source) {
        LinkedHashMap<SocketAddress, Pending> own = bySource.get(source);
        if (own != null && own.size() >= perSource) {
            return own;
        }
        return count < inAll
                ? null
                : bySource.values().stream()
                        .max(Comparator.comparingInt(Map::size))
                        .orElseThrow();
    }

    private Optional<Pending> slowest(LinkedHashMap<SocketAddress, Pending> crowd) {
        Pending oldest = crowd.firstEntry().getValue();
        return nanoTime.getAsLong() - oldest.since() > SLOW_NANOS ? Optional.of(oldest) : Optional.empty();
    }

    /** The handshake of the connection from there is done, or the connection is. */
    public synchronized void finished(@Nullable SocketAddress remote) {
        remove(remote);
    }

    private void remove(@Nullable SocketAddress remote) {
        if (!(remote instanceof InetSocketAddress address)) {
            return;
        }
        LinkedHashMap<SocketAddress, Pending> own = bySource.get(address.getAddress());
        if (own != null && own.remove(address) != null) {
            count--;
            if (own.isEmpty()) {
                bySource.remove(address.getAddress());
            }
        }
    }

    /** Connections that have not finished theirs. */
    public synchronized int count() {
        return count;
    }
}
