package io.osmia.raft.internal;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import org.apache.ratis.proto.RaftProtos.LogEntryProto;
import org.apache.ratis.proto.RaftProtos.RaftConfigurationProto;
import org.apache.ratis.protocol.RaftPeer;
import org.apache.ratis.server.raftlog.segmented.SegmentedRaftLogOutputStream;

/**
 * Makes one member of several a cluster of its own (rule 8.3.6): puts a configuration behind the last entry of its log that names
 * nobody else. Ratis goes by the newest one. Entries before it stay, committed or not: any of them may have been acknowledged.
 */
final class OnlyMember {

    private static final long SEGMENT_BYTES = 4L << 20;

    private OnlyMember() {}

    /**
     * Nothing may have the log open.
     *
     * @param current the folder of the log's segments
     * @param next index of the next entry
     */
    static void append(Path current, RaftPeer self, long term, long next) throws IOException {
        LogEntryProto entry = LogEntryProto.newBuilder()
                .setTerm(term)
                .setIndex(next)
                .setConfigurationEntry(RaftConfigurationProto.newBuilder().addPeers(self.getRaftPeerProto()))
                .build();
        Path segment = open(current, next);
        boolean exists = Files.exists(segment);
        try (SegmentedRaftLogOutputStream out = new SegmentedRaftLogOutputStream(
                segment.toFile(), exists, SEGMENT_BYTES, 0, ByteBuffer.allocateDirect(1 << 16))) {
            out.write(entry);
            out.flush();
        }
        try (FileChannel synced = FileChannel.open(segment, StandardOpenOption.WRITE)) {
            synced.force(true);
        }
    }

    private static Path open(Path current, long next) throws IOException {
        try (DirectoryStream<Path> segments = Files.newDirectoryStream(current, "log_inprogress_*")) {
            for (Path segment : segments) {
                return segment;
            }
        }
        return current.resolve("log_inprogress_" + next);
    }
}
