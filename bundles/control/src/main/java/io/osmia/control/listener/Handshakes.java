package io.osmia.control.listener;

import io.netty.channel.Channel;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * The connections whose handshake is not finished. They are few, for whoever they come from has shown nothing yet: beyond the
 * limits the one that has taken longest gives its place to a newcomer, if that was more than a second, else the newcomer is
 * closed. Honest handshakes take milliseconds, so that a flood of silent connections keeps nobody out.
 *
 * <p>Thread-safe; connections are closed outside of the lock.
 */
final class Handshakes {

    static final int PER_SOURCE = 256;
    static final int IN_ALL = 1_024;

    /** After this a handshake is given up. */
    static final int SECONDS = 10;

    private static final long SLOW_NANOS = TimeUnit.SECONDS.toNanos(1);

    /** A connection and when it came. */
    private record Pending(Channel channel, long since) {}

    private final int perSource;
    private final int inAll;
    private final LongSupplier nanoTime;

    /** By source, the oldest first; guarded by this. */
    private final Map<InetAddress, LinkedHashMap<SocketAddress, Pending>> bySource = new HashMap<>();

    private int count; // guarded by this

    Handshakes(int perSource, int inAll, LongSupplier nanoTime) {
        this.perSource = perSource;
        this.inAll = inAll;
        this.nanoTime = nanoTime;
    }

    /** Whether a new connection may begin; one that may not is to be closed. */
    boolean admit(Channel channel) {
        if (!(channel.remoteAddress() instanceof InetSocketAddress address)) {
            return false; // gone already
        }
        Optional<Channel> evicted;
        synchronized (this) {
            InetAddress source = address.getAddress();
            LinkedHashMap<SocketAddress, Pending> crowd = crowd(source);
            evicted = crowd == null ? Optional.empty() : slowest(crowd);
            if (crowd != null && evicted.isEmpty()) {
                return false;
            }
            evicted.ifPresent(slow -> remove(slow.remoteAddress()));
            bySource.computeIfAbsent(source, first -> new LinkedHashMap<>())
                    .put(address, new Pending(channel, nanoTime.getAsLong()));
            count++;
        }
        evicted.ifPresent(Channel::close);
        channel.closeFuture().addListener(closed -> finished(address));
        return true;
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

    private Optional<Channel> slowest(LinkedHashMap<SocketAddress, Pending> crowd) {
        Pending oldest = crowd.firstEntry().getValue();
        return nanoTime.getAsLong() - oldest.since() > SLOW_NANOS ? Optional.of(oldest.channel()) : Optional.empty();
    }

    /** The handshake of the connection from there is done, or the connection is. */
    synchronized void finished(@Nullable SocketAddress remote) {
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

    synchronized int count() {
        return count;
    }
}
