package io.osmia.executor.process.internal;

import io.osmia.api.executor.TaskExit;
import io.osmia.executor.process.internal.TaskFiles.Run;
import java.io.IOException;
import java.nio.file.ClosedWatchServiceException;
import java.nio.file.StandardWatchEventKinds;
import java.nio.file.WatchEvent;
import java.nio.file.WatchKey;
import java.nio.file.WatchService;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Learns from the supervisors' files who has started and who has ended: one thread for all tasks, whether this Java process
 * or an earlier one started them. A supervisor that is gone without a word is noticed within {@link #CHECK}.
 */
final class ExitWatch implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(ExitWatch.class);

    static final Duration CHECK = Duration.ofSeconds(1);

    static final String UNKNOWN = "exit status unknown";

    private final TaskFiles files;
    private final Supervisor supervisor;
    private final Exits ends;
    private final WatchService watch;
    private final Thread thread;
    private final Map<String, CompletableFuture<Run>> starts = new ConcurrentHashMap<>();
    private final Map<String, CompletableFuture<TaskExit>> exits = new ConcurrentHashMap<>();

    private volatile boolean closed;

    /** Who the waited for ones are, once they have said so. */
    private final Map<String, Run> runs = new ConcurrentHashMap<>();

    ExitWatch(TaskFiles files, Supervisor supervisor, Exits ends) throws IOException {
        this.files = files;
        this.supervisor = supervisor;
        this.ends = ends;
        this.watch = files.root().getFileSystem().newWatchService();
        files.runFolder().register(watch, StandardWatchEventKinds.ENTRY_CREATE, StandardWatchEventKinds.ENTRY_MODIFY);
        files.exitFolder().register(watch, StandardWatchEventKinds.ENTRY_CREATE);
        this.thread = Thread.ofPlatform().name("process-exits").daemon(true).start(this::run);
    }

    /** Completes when the supervisor has said who the process is; cancelled when nobody watches any more. */
    CompletableFuture<Run> started(String taskId) throws IOException {
        CompletableFuture<Run> future = starts.computeIfAbsent(taskId, id -> new CompletableFuture<>());
        cancelWhenClosed(future);
        look(taskId, false);
        return future;
    }

    /** Completes when the process has ended, or when nobody can know any more how it does. */
    CompletableFuture<TaskExit> ended(String taskId) throws IOException {
        CompletableFuture<TaskExit> future = exits.computeIfAbsent(taskId, id -> new CompletableFuture<>());
        cancelWhenClosed(future);
        look(taskId, false);
        return future;
    }

    /** Looked at after it was entered: {@link #close} cancels those that it finds. */
    private void cancelWhenClosed(CompletableFuture<?> future) {
        if (closed) {
            future.cancel(false);
        }
    }

    void forget(String taskId) {
        runs.remove(taskId);
        Stream.of(starts.remove(taskId), exits.remove(taskId))
                .filter(Objects::nonNull)
                .forEach(waiting -> waiting.cancel(false));
    }

    private void run() {
        Instant next = Instant.now().plus(CHECK);
        try {
            while (true) {
                Duration left = Duration.between(Instant.now(), next);
                @Nullable WatchKey key = left.isPositive() ? watch.poll(left.toMillis(), TimeUnit.MILLISECONDS) : null;
                if (key != null) {
                    for (WatchEvent<?> event : key.pollEvents()) {
                        if (event.context() != null) {
                            lookQuietly(event.context().toString(), false);
                        } else {
                            next = Instant.now(); // events were lost: look at all of them
                        }
                    }
                    key.reset();
                }
                if (!Instant.now().isBefore(next)) {
                    checkAll();
                    next = Instant.now().plus(CHECK);
                }
            }
        } catch (ClosedWatchServiceException e) {
            LOG.debug("process exits: watch closed");
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void checkAll() {
        starts.keySet().forEach(taskId -> lookQuietly(taskId, true));
        for (String taskId : exits.keySet()) {
            @Nullable Run run = runs.get(taskId);
            // While its supervisor is there, there is no status to read: one look per task is enough.
            if (run == null || !run.supervisor().alive()) {
                lookQuietly(taskId, true);
            }
        }
    }

    private void lookQuietly(String taskId, boolean thoroughly) {
        try {
            look(taskId, thoroughly);
        } catch (IOException e) {
            LOG.error("task {}: cannot look at its process: {}", taskId, e.getMessage());
        }
    }

    /**
     * Completes what the files of one task allow.
     *
     * @param thoroughly whether to look for a supervisor that has said nothing whole, in all of {@code /proc}: a file that has
     *     just appeared is about to be whole, as a rule
     */
    private void look(String taskId, boolean thoroughly) throws IOException {
        @Nullable CompletableFuture<Run> start = starts.get(taskId);
        @Nullable CompletableFuture<TaskExit> end = exits.get(taskId);
        if (start == null && end == null) {
            return;
        }
        Optional<Run> run = files.run(taskId);
        if (start != null && run.isPresent()) {
            start.complete(run.get());
            starts.remove(taskId, start);
        }
        if (end == null) {
            return;
        }
        Optional<TaskExit> exit = ends.of(taskId);
        if (exit.isEmpty() && (run.isPresent() ? isLost(run.get()) : thoroughly && isAbandoned(taskId))) {
            // The supervisor may have written between the two looks.
            exit = ends.of(taskId).or(() -> Optional.of(unknown()));
        }
        run.ifPresent(r -> runs.put(taskId, r));
        if (exit.isPresent()) {
            end.complete(exit.get());
            exits.remove(taskId, end);
            runs.remove(taskId);
        }
    }

    /** Whether nobody is left who could write the exit status. */
    static boolean isLost(Run run) throws IOException {
        return !run.boot().equals(ProcFs.bootId()) || !run.supervisor().alive();
    }

    /** Whether its supervisor was killed, or the disk was full, just when it said who it is. */
    private boolean isAbandoned(String taskId) throws IOException {
        return files.begun(taskId) && !supervisor.isAlive(taskId) && files.run(taskId).isEmpty();
    }

    static TaskExit unknown() {
        return new TaskExit(OptionalInt.empty(), UNKNOWN, Instant.now());
    }

    @Override
    public void close() {
        closed = true;
        try {
            watch.close();
            thread.join(Duration.ofSeconds(1));
        } catch (IOException e) {
            LOG.warn("process exits: {}", e.getMessage());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        starts.values().forEach(f -> f.cancel(false));
        exits.values().forEach(f -> f.cancel(false));
    }
}
