package io.osmia.raft.internal.check;

import io.osmia.raft.StateException;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/**
 * The last record of the log was not wholly written before a crash. It was never synced, so never acknowledged.
 *
 * @param file the open segment
 * @param offset where the record begins
 * @param length size of the file
 */
public record TornTail(Path file, long offset, long length) {

    /** Cuts the record off. */
    public void cut() {
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
            channel.truncate(offset);
            channel.force(true);
        } catch (IOException e) {
            throw new StateException(file, "its torn last record cannot be cut off: " + e.getMessage(), e);
        }
    }
}
