package io.osmia.raft.internal.transport;

import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.apache.ratis.grpc.server.GrpcLogAppender;
import org.apache.ratis.server.RaftServer;
import org.apache.ratis.server.leader.FollowerInfo;
import org.apache.ratis.server.leader.LeaderState;
import org.apache.ratis.server.leader.LogAppender;

/** What sends entries to followers while this member leads, one for each. Thread-safe. */
final class Appenders {

    private final List<Appender> made = new CopyOnWriteArrayList<>();

    LogAppender make(RaftServer.Division division, LeaderState state, FollowerInfo follower) {
        made.removeIf(former -> !former.isRunning());
        Appender appender = new Appender(division, state, follower);
        made.add(appender);
        return appender;
    }

    /**
     * Tells the followers now up to where the log is committed. By itself a leader says so with the next entry, or the next
     * heartbeat, for which who waits for the newest state would wait a quarter of a second.
     */
    void tellCommit() {
        made.forEach(Appender::tellCommit);
    }

    private static final class Appender extends GrpcLogAppender {

        Appender(RaftServer.Division division, LeaderState state, FollowerInfo follower) {
            super(division, state, follower);
        }

        /**
         * Ratis wakes every appender at each reply and each commit, most of the time for nothing: several changes of threads for
         * each write.
         */
        @Override
        public void notifyLogAppender() {
            if (shouldSendAppendEntries()) {
                super.notifyLogAppender();
            }
        }

        void tellCommit() {
            if (isRunning() && getFollower().getCommitIndex() < getRaftLog().getLastCommittedIndex()) {
                triggerHeartbeat();
            }
        }
    }
}
