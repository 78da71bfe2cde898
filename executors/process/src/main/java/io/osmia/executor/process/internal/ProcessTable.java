package io.osmia.executor.process.internal;

import io.osmia.executor.process.internal.ProcFs.Entry;
import io.osmia.executor.process.internal.ProcFs.Identity;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** All processes of the machine as they were at one moment, found by what ties them to a task. */
final class ProcessTable {

    private final Map<Long, List<Entry>> bySession = new HashMap<>();
    private final Map<Long, List<Entry>> byParent = new HashMap<>();
    private final Map<String, List<Entry>> byTask = new HashMap<>();

    private ProcessTable() {}

    static ProcessTable read() throws IOException {
        ProcessTable table = new ProcessTable();
        for (Entry entry : ProcFs.table()) {
            list(table.bySession, entry.session()).add(entry);
            list(table.byParent, entry.parent()).add(entry);
            ProcFs.environment(entry.pid(), ProcessSpec.TASK_ID)
                    .ifPresent(taskId -> list(table.byTask, taskId).add(entry));
        }
        return table;
    }

    private static <K> List<Entry> list(Map<K, List<Entry>> lists, K key) {
        return lists.computeIfAbsent(key, k -> new ArrayList<>(1));
    }

    /**
     * Those that carry the task's id in their environment or are in the session, and all that descend from them; lowest
     * process id first.
     */
    Collection<Identity> members(String taskId, long session) {
        Map<Long, Identity> found = new TreeMap<>();
        List<Entry> next = new ArrayList<>(byTask.getOrDefault(taskId, List.of()));
        next.addAll(bySession.getOrDefault(session, List.of()));
        while (!next.isEmpty()) {
            Entry entry = next.removeLast();
            if (found.putIfAbsent(entry.pid(), new Identity(entry.pid(), entry.startTicks())) == null) {
                next.addAll(byParent.getOrDefault(entry.pid(), List.of()));
            }
        }
        return found.values();
    }
}
