package io.osmia.executor.process.internal;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps output files within a size while processes write to them. A process keeps its descriptor, so a file is never copied,
 * truncated or renamed: the space of its oldest lines is given back as a hole at its head. Nobody who writes notices, no line
 * gets lost between two files, and the place of a line in its file stays the same for whoever reads.
 */
final class OutputLimit implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(OutputLimit.class);

    private static final Duration CHECK = Duration.ofSeconds(2);

    /** How far the end of a line is looked for. */
    private static final int LONGEST = 64 * 1024;

    private final TaskFiles files;
    private final long maxBytes;
    private final CountDownLatch closed = new CountDownLatch(1);
    private final Thread thread;

    /** @param maxBytes of each file; 0 for no limit */
    OutputLimit(TaskFiles files, long maxBytes) {
        this.files = files;
        this.maxBytes = maxBytes;
        this.thread = Thread.ofPlatform().name("process-output").daemon(true).unstarted(this::run);
        if (maxBytes > 0) {
            thread.start();
        }
    }

    private void run() {
        String objection = Holes.objection(files.root());
        if (!objection.isEmpty()) {
            LOG.warn("the output of processes is not limited to {} bytes: the file system of {} cannot give back a part"
                    + " of a file ({})", maxBytes, files.root(), objection);
            return;
        }
        try {
            while (!closed.await(CHECK.toMillis(), TimeUnit.MILLISECONDS)) {
                trimAll();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void trimAll() {
        try {
            for (String taskId : files.taskIds()) {
                for (Path output : files.outputs(taskId)) {
                    trim(taskId, output);
                }
            }
        } catch (IOException e) {
            LOG.warn("the output of processes is not limited now: {}", e.toString());
        }
    }

    private void trim(String taskId, Path output) {
        try {
            long size = Files.size(output);
            if (size <= maxBytes) {
                return;
            }
            long head = OutputHead.of(output);
            if (head > size) {
                OutputHead.set(output, 0); // its task has truncated it
            } else if (size - head > maxBytes) {
                // A quarter goes at once, so that it is not done for each line.
                long cut = startOfLine(output, size - maxBytes / 4 * 3);
                OutputHead.set(output, cut);
                Holes.punch(output, cut);
            }
        } catch (NoSuchFileException e) {
            LOG.debug("task {} is being removed", taskId);
        } catch (IOException e) {
            LOG.warn("task {}: its output is not limited now: {}", taskId, e.toString());
        }
    }

    /** The first start of a line there or behind. */
    private static long startOfLine(Path output, long from) throws IOException {
        try (RandomAccessFile file = new RandomAccessFile(output.toFile(), "r")) {
            file.seek(from - 1);
            byte[] block = new byte[LONGEST];
            int size = file.read(block);
            for (int i = 0; i < size; i++) {
                if (block[i] == '\n') {
                    return from + i;
                }
            }
            return from;
        }
    }

    @Override
    public void close() {
        closed.countDown();
        try {
            thread.join(Duration.ofSeconds(1));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
