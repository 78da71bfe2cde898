package io.osmia.agent.internal.session;

import io.osmia.agent.internal.journal.TaskJournal;
import io.osmia.agent.internal.task.Executors;
import io.osmia.agent.internal.task.Worker;
import io.osmia.roles.Channels;
import io.osmia.roles.Clock;
import io.osmia.roles.ManagerLink;
import io.osmia.roles.Remotes;
import io.osmia.roles.SessionNews;
import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.ExecutorService;
import java.util.function.Consumer;
import java.util.random.RandomGenerator;

/** The worker and its sessions, put together. */
public final class Agent implements AutoCloseable {

    private static final Duration RETRY = Duration.ofSeconds(1);

    private final Worker worker;
    private final Sessions sessions;
    private final Executors executors;
    private final ExecutorService telling =
            java.util.concurrent.Executors.newSingleThreadExecutor(Thread.ofVirtual().name("agent-news").factory());
    private final News news = new News(telling);
    private final Links links = new Links(telling);

    /**
     * @param remotes the managers that are known; what sessions tell of managers goes there too
     * @param untrusted told the reason when a joining node does not trust the manager it was given (rule 6.11.13)
     */
    public Agent(
            String nodeId,
            Remotes remotes,
            TaskJournal journal,
            Executors executors,
            NodeDescriber describer,
            Channels channels,
            Consumer<String> untrusted,
            Clock clock,
            RandomGenerator random) {
        this.executors = executors;
        // Tasks report from the start, and what they say waits for the first session.
        Reporter reporter = new Reporter(this::reportsWait);
        worker = new Worker(nodeId, journal, executors, reporter, clock, RETRY);
        sessions = new Sessions(
                nodeId,
                new Managers(nodeId, remotes),
                worker,
                reporter,
                describer,
                channels,
                new Sessions.Hearers(news::heard, untrusted, links),
                random);
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

    /** This node has become a manager, which takes connections at that address. */
    public void managerHere(String selfAddress) {
        sessions.managerHere(selfAddress);
    }

    /** This node's manager takes no connections any more. */
    public void managerGone() {
        sessions.managerGone();
    }

    /** The certificate or the trust root changed: the description tells of both (rule 6.11.9). Does not block. */
    public void credentialsChanged() {
        sessions.descriptionMayDiffer();
    }

    /** The listener hears every session message from now on, the last one first. */
    public void tell(SessionNews listener) {
        news.add(listener);
    }

    public void tellNoMore(SessionNews listener) {
        news.remove(listener);
    }

    /** The listener hears of the connection of each session from now on, and of the present one. */
    public void link(ManagerLink listener) {
        links.add(listener);
    }

    public void linkNoMore(ManagerLink listener) {
        links.remove(listener);
    }

    /** Ends the session, so that nothing new comes, then every workload; false when some still run after that time. */
    public boolean stopAll(Duration bound) {
        sessions.close();
        return worker.stopAll(bound);
    }

    /** Ends the session, then removes every task; false when some are left after that time (rule 6.11.14). */
    public boolean leave(Duration bound) {
        sessions.close();
        return worker.leave(bound);
    }

    /** Ends the session and lets go of all workloads, which run on. */
    @Override
    public void close() {
        executors.forget(sessions);
        sessions.close();
        telling.shutdown();
        worker.close();
    }
}
