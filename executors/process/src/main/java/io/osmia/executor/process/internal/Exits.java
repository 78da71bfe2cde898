package io.osmia.executor.process.internal;

import io.osmia.api.executor.Health;
import io.osmia.api.executor.TaskExit;
import java.io.IOException;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * How tasks' processes ended, with the reason where the machine knows one.
 *
 * @param files where the supervisors wrote their statuses
 * @param cgroups which know whom the kernel killed
 */
record Exits(TaskFiles files, Cgroups cgroups) {

    private static final int KILLED = 137;

    /** How the process ended; empty while nobody has written so. */
    Optional<TaskExit> of(String taskId) throws IOException {
        Optional<TaskExit> exit = files.exit(taskId);
        if (exit.isPresent() && exit.get().code().orElse(0) == KILLED && cgroups.ranOutOfMemory(taskId)) {
            return Optional.of(new TaskExit(exit.get().code(), TaskExit.OUT_OF_MEMORY, exit.get().at()));
        }
        if (exit.isPresent() && files.health(taskId) == Health.UNHEALTHY) {
            return Optional.of(new TaskExit(OptionalInt.empty(), TaskExit.UNHEALTHY, exit.get().at()));
        }
        return exit;
    }
}
