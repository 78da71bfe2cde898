package io.osmia.control.listener;

import io.grpc.ManagedChannel;
import io.osmia.roles.Channels;
import io.osmia.roles.Credentials;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * The one connection to the leader; another leader gets another one. Calls that still run on the former have a moment to
 * end, for it may only have stepped down; then they are cut, for it may be frozen.
 */
final class LeaderChannel implements AutoCloseable {

    private static final long LAST_WORDS_SECONDS = 1;

    private @Nullable ManagedChannel channel; // guarded by this
    private String address = ""; // guarded by this

    synchronized ManagedChannel to(String leader, Channels channels) {
        ManagedChannel open = channel;
        if (open != null && leader.equals(address)) {
            return open;
        }
        retire();
        open = channels.open(leader, Credentials.MANAGER_NAME);
        channel = open;
        address = leader;
        return open;
    }

    /** Lets the connection go unless it is the one to this leader. */
    synchronized void leads(String leader) {
        if (!leader.equals(address)) {
            retire();
        }
    }

    private void retire() {
        ManagedChannel former = channel;
        channel = null;
        address = "";
        if (former != null) {
            former.shutdown();
            Thread.ofVirtual().name("forwarding-last-words").start(() -> cut(former));
        }
    }

    private static void cut(ManagedChannel former) {
        try {
            if (!former.awaitTermination(LAST_WORDS_SECONDS, TimeUnit.SECONDS)) {
                former.shutdownNow();
            }
        } catch (InterruptedException e) {
            former.shutdownNow();
            Thread.currentThread().interrupt();
        }
    }

    @Override
    public synchronized void close() {
        ManagedChannel last = channel;
        channel = null;
        address = "";
        if (last != null) {
            last.shutdownNow();
        }
    }
}
