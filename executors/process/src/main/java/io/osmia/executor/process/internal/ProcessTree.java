package io.osmia.executor.process.internal;

import io.osmia.executor.process.internal.ProcFs.Identity;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;
import java.util.Set;

/**
 * All processes of a task. Where it has a control group, those in it: the kernel keeps that list, and nothing has to be
 * searched. Elsewhere those that descend from its process, are in its session, or carry its id in their environment. The
 * supervisor is none of them.
 */
final class ProcessTree {

    private static final Duration KILLED_WITHIN = Duration.ofSeconds(10);
    private static final long LONGEST_PAUSE = 100;

    private final Cgroups cgroups;
    private final SharedScan processes;

    ProcessTree(Cgroups cgroups) {
        this(cgroups, new SharedScan(ProcessTable::read));
    }

    ProcessTree(Cgroups cgroups, SharedScan processes) {
        this.cgroups = cgroups;
        this.processes = processes;
    }

    /** The members now, lowest process id first. */
    List<Identity> members(String taskId, Identity process) throws IOException, InterruptedException {
        if (cgroups.has(taskId)) {
            return grouped(taskId, process);
        }
        // Long after the end of the process its id may be given to somebody else, who may begin a session of that id.
        long session = ProcFs.isReused(process) ? ProcFs.NOBODY.pid() : process.pid();
        List<Identity> members = new ArrayList<>(processes.now().members(taskId, session));
        if (!members.contains(process) && process.alive()) {
            // It has said who it is, and is about to begin its session.
            members.add(process);
        }
        return members;
    }

    /** The process itself is not in the group yet in the moment in which it has said who it is. */
    private List<Identity> grouped(String taskId, Identity process) throws IOException {
        Set<Long> pids = cgroups.members(taskId);
        List<Identity> members = new ArrayList<>();
        if (!pids.contains(process.pid()) && process.alive()) {
            members.add(process);
        }
        for (long pid : pids) {
            OptionalLong start = ProcFs.startTicks(pid);
            if (start.isPresent()) {
                members.add(new Identity(pid, start.getAsLong()));
            }
        }
        return members;
    }

    /** Sends the signal to every member. */
    void signal(String taskId, Identity process, int signal) throws IOException, InterruptedException {
        for (Identity member : members(taskId, process)) {
            Signals.send(member, signal);
        }
    }

    /**
     * Kills until nobody is left: a member may start another one while it is being killed.
     *
     * @return whether the tree is gone
     */
    boolean kill(String taskId, Identity process) throws IOException, InterruptedException {
        long end = System.nanoTime() + KILLED_WITHIN.toNanos();
        long pause = 1;
        while (true) {
            List<Identity> members = members(taskId, process);
            if (members.isEmpty()) {
                return true;
            }
            if (System.nanoTime() - end >= 0) {
                return false;
            }
            for (Identity member : members) {
                Signals.send(member, Signals.KILL);
            }
            Pause.millis(pause);
            pause = Math.min(2 * pause, LONGEST_PAUSE);
        }
    }
}
