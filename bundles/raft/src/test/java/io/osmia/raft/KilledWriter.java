package io.osmia.raft;

import java.nio.file.Path;
import java.util.OptionalLong;
import java.util.concurrent.LinkedBlockingQueue;

/** A process that writes and says what was acknowledged, until it is killed. */
public final class KilledWriter {

    static final int WRITERS = 4;

    private KilledWriter() {}

    public static void main(String[] args) throws InterruptedException {
        RaftLimits limits = RaftLimits.DEFAULT.withSnapshotInterval(50).withKeptEntries(10);
        RaftNode raft = RaftNode.open(Fixture.config(Path.of(args[0]), limits));
        LinkedBlockingQueue<OptionalLong> leadership = new LinkedBlockingQueue<>();
        raft.onLeadership(leadership::add);
        OptionalLong term = leadership.take();
        while (term.isEmpty()) {
            term = leadership.take();
        }
        for (int writer = 0; writer < WRITERS; writer++) {
            String prefix = args[1] + "-" + writer + "-";
            long leading = term.getAsLong();
            Thread.ofPlatform().start(() -> write(raft, leading, prefix));
        }
    }

    private static void write(RaftNode raft, long term, String prefix) {
        for (int i = 0;; i++) {
            String id = "%s%06d".formatted(prefix, i);
            raft.update(term, Fixture.creating(id));
            System.out.println(id);
        }
    }
}
