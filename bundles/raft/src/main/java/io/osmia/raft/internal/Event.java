package io.osmia.raft.internal;

import java.util.Queue;
import java.util.concurrent.CompletableFuture;

/** What the keeper is told. Each opening of Ratis has a number; what a former one says later is not heard. */
sealed interface Event {

    record LeaderReady(int opening) implements Event {}

    record LeaderLost(int opening) implements Event {}

    record LogFailed(int opening, Throwable cause) implements Event {}

    record EntryFailed(int opening, long term, Throwable cause) implements Event {}

    record LeaderChanged(int opening) implements Event {}

    record MembersChanged(int opening, boolean member) implements Event {}

    record Ended(int opening) implements Event {}

    /** Open the port for others. */
    record Connect(CompletableFuture<Void> done) implements Event {}

    /** Moving leadership came to nothing. */
    record Stayed() implements Event {}

    record Close() implements Event {}

    /** Leaves what an opening of Ratis says in the keeper's queue: Ratis holds its locks meanwhile. */
    static RaftEvents of(int number, Queue<Event> events) {
        return new RaftEvents() {
            @Override
            public void leaderReady() {
                events.add(new LeaderReady(number));
            }

            @Override
            public void leaderLost() {
                events.add(new LeaderLost(number));
            }

            @Override
            public void leaderChanged() {
                events.add(new LeaderChanged(number));
            }

            @Override
            public void membersChanged(boolean member) {
                events.add(new MembersChanged(number, member));
            }

            @Override
            public void ended() {
                events.add(new Ended(number));
            }

            @Override
            public void logFailed(Throwable cause) {
                events.add(new LogFailed(number, cause));
            }
        };
    }
}
