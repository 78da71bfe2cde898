package io.osmia.agent.internal.session;

import io.osmia.agent.internal.journal.TaskJournal;
import io.osmia.agent.internal.task.Executors;
import io.osmia.agent.internal.task.Worker;
import io.osmia.roles.Clock;
import java.io.IOException;
import java.time.Duration;
import java.util.random.RandomGenerator;

/** The worker and its sessions, put together. */
public final class Agent implements AutoCloseable {

    private static final Duration RETRY = Duration.ofSeconds(1);

    private final Worker worker;
    private final Sessions sessions;
    private final Executors executors;

    public Agent(
            String nodeId,
            String selfAddress,
            TaskJournal journal,
            Executors executors,
            NodeDescriber describer,
            Channels channels,
            Clock clock,
            RandomGenerator random) {
        this.executors = executors;
        // Tasks report from the start, and what they say waits for the first session.
        Reporter reporter = new Reporter(this::reportsWait);
        worker = new Worker(nodeId, journal, executors, reporter, clock, RETRY);
        sessions = new Sessions(nodeId, selfAddress, worker, reporter, describer, channels, random);
    }

    private void reportsWait() {
        sessions.reportsWait();
    }

    /** Takes up the tasks of the journal, then looks for a manager. */
    public void start() throws IOException {
        worker.start();
        executors.listen(sessions);
        sessions.start();
    }

    public Worker worker() {
        return worker;
    }

    /** Ends the session, so that nothing new comes, then every workload; false when some still run after that time. */
    public boolean stopAll(Duration bound) {
        sessions.close();
        return worker.stopAll(bound);
    }

    /** Ends the session and lets go of all workloads, which run on. */
    @Override
    public void close() {
        executors.forget(sessions);
        sessions.close();
        worker.close();
    }
}
