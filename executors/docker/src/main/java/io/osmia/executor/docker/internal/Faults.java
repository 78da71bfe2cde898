package io.osmia.executor.docker.internal;

import io.osmia.api.executor.ExecutorException;
import java.util.List;
import java.util.Locale;

/** What an engine's failure means for a task: to be tried again, or the end of it. */
final class Faults {

    /** Refusals that say something of the engine's moment and nothing of the task. */
    private static final List<String> PASSING = List.of(
            "no space left",
            "shutting down",
            "is starting up",
            "containerd.sock",
            "transport is closing",
            "client connection is closing",
            "context canceled",
            "context deadline exceeded",
            "deadline exceeded",
            "too many open files",
            "resource temporarily unavailable");

    private Faults() {}

    static ExecutorException of(String taskId, String doing, EngineException e) {
        return new ExecutorException(
                "docker: task " + taskId + ": cannot " + doing + ": " + e.getMessage(), temporary(e), e);
    }

    static boolean temporary(EngineException e) {
        if (e.kind() != EngineException.Kind.REFUSED) {
            return true;
        }
        if (e.status() == 503 || e.status() == 429) {
            return true;
        }
        String text = String.valueOf(e.getMessage()).toLowerCase(Locale.ROOT);
        if (e.status() == 400 && text.startsWith("client version")) {
            return true; // another engine answers than the one that was asked for its version
        }
        // The port is taken for good as far as this task is concerned: another node may have it free.
        return e.status() >= 500 && PASSING.stream().anyMatch(text::contains);
    }
}
