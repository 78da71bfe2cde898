package io.osmia.executor.process.internal;

import io.osmia.executor.process.internal.ProcFs.Entry;
import io.osmia.executor.process.internal.ProcFs.Identity;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * All processes of a task: those in its control group where it has one, and everywhere those that descend from its process,
 * are in its session, or carry its id in their environment. The supervisor is none of them.
 */
final class ProcessTree {

    private static final int ROUNDS = 50;

    private final Cgroups cgroups;

    ProcessTree(Cgroups cgroups) {
        this.cgroups = cgroups;
    }

    /** The members now, oldest process id first. */
    List<Identity> members(String taskId, Identity process) throws IOException {
        List<Entry> table = ProcFs.table();
        Set<Long> grouped = cgroups.members(taskId);
        Set<Long> found = new HashSet<>();
        String mark = ProcessSpec.TASK_ID + "=" + taskId;
        // Long after the end of the process its id may be given to somebody else, who may begin a session of that id.
        long session = ProcFs.isReused(process) ? ProcFs.NOBODY.pid() : process.pid();
        for (Entry entry : table) {
            boolean ours = grouped.contains(entry.pid())
                    || entry.session() == session
                    // None is older than the first: most of a busy machine need not be looked into.
                    || (entry.startTicks() >= process.startTicks() && ProcFs.hasEnvironment(entry.pid(), mark));
            if (ours) {
                found.add(entry.pid());
            }
        }
        boolean grew = true;
        while (grew) {
            grew = false;
            for (Entry entry : table) {
                if (found.contains(entry.parent()) && found.add(entry.pid())) {
                    grew = true;
                }
            }
        }
        List<Identity> members = new ArrayList<>();
        for (Entry entry : table) {
            if (found.contains(entry.pid())) {
                members.add(new Identity(entry.pid(), entry.startTicks()));
            }
        }
        return members;
    }

    /** Sends the signal to every member. */
    void signal(String taskId, Identity process, int signal) throws IOException {
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
        for (int round = 0; round < ROUNDS; round++) {
            List<Identity> members = members(taskId, process);
            if (members.isEmpty()) {
                return true;
            }
            for (Identity member : members) {
                Signals.send(member, Signals.KILL);
            }
            Pause.millis(10);
        }
        return false;
    }
}
