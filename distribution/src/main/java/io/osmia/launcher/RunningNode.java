package io.osmia.launcher;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** The process that holds a state directory. */
record RunningNode(ProcessHandle process) {

    private static final String LOCK = "node.lock";

    /** Empty when nobody holds it. */
    static Optional<RunningNode> of(Path stateDir) throws IOException {
        Path lock = stateDir.resolve(LOCK);
        if (!Files.exists(lock) || !isHeld(lock)) {
            return Optional.empty();
        }
        try {
            long pid = Long.parseLong(Files.readString(lock).strip());
            return Optional.of(new RunningNode(ProcessHandle.of(pid)
                    .orElseThrow(() -> new IOException(lock + " is held, but there is no process " + pid + " here"))));
        } catch (NumberFormatException e) {
            throw new IOException(lock + " is held, and does not say by which process", e);
        }
    }

    private static boolean isHeld(Path lock) throws IOException {
        try (FileChannel channel = FileChannel.open(lock, StandardOpenOption.WRITE)) {
            return channel.tryLock() == null;
        } catch (OverlappingFileLockException e) {
            return true; // by this very process
        }
    }

    /** Asks it to stop; whether it has ended within the time. */
    boolean stop(Duration bound) throws InterruptedException {
        process.destroy();
        try {
            process.onExit().get(bound.toMillis(), TimeUnit.MILLISECONDS);
            return true;
        } catch (TimeoutException e) {
            return false;
        } catch (ExecutionException e) {
            throw new IllegalStateException("cannot wait for process " + process.pid(), e);
        }
    }
}
