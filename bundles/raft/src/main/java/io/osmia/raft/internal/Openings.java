package io.osmia.raft.internal;

import io.osmia.raft.RaftConfig;
import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * The openings of Ratis on the raft folder, one after the other, each with a number. Opened and detached on the keeper's thread,
 * and before that starts; the rest is for any thread.
 */
final class Openings {

    private final RaftConfig config;
    private final AtomicInteger newest = new AtomicInteger();

    /** Null while there is none; written under the lock. */
    private volatile @Nullable RatisServer current;

    /* Guarded by this. */
    private @Nullable RatisServer former;
    private boolean ended;

    /* Only on the keeper's thread, and before it starts. */
    private @Nullable ReplicatedMachine applying;

    Openings(RaftConfig config) {
        this.config = config;
    }

    /** The number of the opening that is to come; what others say is not heard from now on. */
    int next() {
        return newest.incrementAndGet();
    }

    int newest() {
        return newest.get();
    }

    boolean isNewest(int number) {
        return number == newest.get();
    }

    @Nullable
    RatisServer current() {
        return current;
    }

    /**
     * Opens Ratis; what fails leaves nothing open.
     *
     * @throws IOException also when all has ended, be it meanwhile
     */
    RatisServer open(
            RatisServer.@Nullable Transport transport, ReplicatedMachine machine, RatisServer.Owner owner)
            throws IOException {
        applying = machine;
        try {
            requireGoingOn();
            return taken(RatisServer.start(config, transport, machine, owner));
        } catch (IOException | RuntimeException e) {
            machine.detach();
            throw e;
        }
    }

    private RatisServer taken(RatisServer opened) throws IOException {
        try {
            take(opened);
            return opened;
        } catch (IOException e) {
            opened.close(atMost());
            throw e;
        }
    }

    private synchronized void take(RatisServer opened) throws IOException {
        requireGoingOn();
        current = opened;
    }

    private synchronized void requireGoingOn() throws IOException {
        if (ended) {
            throw new IOException("this manager stops");
        }
    }

    /** What the current one says is not heard any more, and what it applies not taken. */
    void detach() {
        newest.incrementAndGet();
        if (applying != null) {
            applying.detach();
        }
    }

    /** Closes the current one, if there is one. */
    void close() {
        RatisServer closing;
        synchronized (this) {
            closing = current;
            current = null;
            former = closing == null ? former : closing;
        }
        if (closing != null) {
            closing.close(atMost());
        }
    }

    private Duration atMost() {
        return config.limits().closeTimeout();
    }

    /** Whether the former one has let go of the folder. */
    synchronized boolean folderIsFree() {
        return former == null || former.closed();
    }

    /** None is opened any more; one that is being opened is closed by who opens it. */
    synchronized void end() {
        ended = true;
    }
}
