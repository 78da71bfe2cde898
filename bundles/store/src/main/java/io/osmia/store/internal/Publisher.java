package io.osmia.store.internal;

import io.osmia.store.Commit;
import io.osmia.store.Subscription;
import io.osmia.store.View;
import java.util.ArrayList;
import java.util.List;

/** The committed state and who follows it. Thread-safe; {@link #committed} takes no lock. */
public final class Publisher implements AutoCloseable {

    private final Object lock = new Object();
    // guarded by lock
    private final List<Feed> feeds = new ArrayList<>();
    private boolean closed;
    // written under lock
    private volatile State committed = State.EMPTY;

    public State committed() {
        return committed;
    }

    /** Makes the state of a commit the committed one and hands it to all subscribers. */
    public void publish(Commit commit, State after) {
        synchronized (lock) {
            committed = after;
            for (Feed feed : feeds) {
                feed.offer(commit);
            }
        }
    }

    /** Makes another state the committed one; subscribers begin anew. */
    public void replace(State state) {
        synchronized (lock) {
            committed = state;
            for (Feed feed : feeds) {
                feed.offerResync(state);
            }
        }
    }

    public Subscription subscribe(String name, int capacity) {
        synchronized (lock) {
            View start = committed;
            Feed feed = new Feed(name, start, capacity, this);
            if (closed) {
                feed.close();
            } else {
                feeds.add(feed);
            }
            return feed;
        }
    }

    void remove(Feed feed) {
        synchronized (lock) {
            feeds.remove(feed);
        }
    }

    /** Closes all subscriptions, and those to come. */
    @Override
    public void close() {
        List<Feed> all;
        synchronized (lock) {
            closed = true;
            all = List.copyOf(feeds);
        }
        all.forEach(Feed::close);
    }
}
