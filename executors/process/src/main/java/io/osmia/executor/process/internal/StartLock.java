package io.osmia.executor.process.internal;

import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/** Held while somebody looks whether a task was started and starts it: of two who start it at the same time one does. */
final class StartLock implements Closeable {

    private final FileChannel channel;

    private StartLock(FileChannel channel) {
        this.channel = channel;
    }

    /** Waits for it. Others may be in this Java process, as an executor that is being replaced, or in another one. */
    static StartLock take(Path file) throws IOException, InterruptedException {
        FileChannel channel = FileChannel.open(
                file, StandardOpenOption.CREATE, StandardOpenOption.READ, StandardOpenOption.WRITE);
        boolean taken = false;
        try {
            while (!locked(channel)) {
                Pause.millis(5);
            }
            taken = true;
            return new StartLock(channel);
        } finally {
            if (!taken) {
                channel.close();
            }
        }
    }

    private static boolean locked(FileChannel channel) throws IOException {
        try {
            FileLock lock = channel.tryLock();
            return lock != null;
        } catch (OverlappingFileLockException e) {
            return false;
        }
    }

    /** Whether nobody has been about to start it before; notes that somebody is now. */
    boolean first() throws IOException {
        boolean first = channel.size() == 0;
        if (first) {
            channel.write(ByteBuffer.wrap(new byte[] {1}));
        }
        return first;
    }

    @Override
    public void close() throws IOException {
        channel.close();
    }
}
