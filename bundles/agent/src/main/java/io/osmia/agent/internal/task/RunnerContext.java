package io.osmia.agent.internal.task;

import io.osmia.agent.internal.journal.TaskJournal;
import io.osmia.roles.Clock;
import java.time.Duration;
import java.util.function.Consumer;

/**
 * What all runners of a node share.
 *
 * @param retry time between attempts (rule 6.14.4)
 * @param crash told where tasks are
 * @param ended called on a runner's thread as its last act
 */
record RunnerContext(
        String nodeId,
        TaskJournal journal,
        Executors executors,
        Reports reports,
        Clock clock,
        Duration retry,
        CrashPoint.Watcher crash,
        Consumer<TaskRunner> ended) {}
