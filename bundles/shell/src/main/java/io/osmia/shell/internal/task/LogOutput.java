package io.osmia.shell.internal.task;

import io.osmia.shell.NotReachable;
import io.osmia.shell.internal.command.NodeNames;
import io.osmia.shell.internal.command.Session;
import io.osmia.shell.internal.command.Tasks;
import io.osmia.wire.osmia.LogLine;
import io.osmia.wire.osmia.ReadLogsRequest;
import io.osmia.wire.swarmkit.GetTaskRequest;
import io.osmia.wire.swarmkit.ListTasksRequest;
import io.osmia.wire.swarmkit.Task;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.Iterator;
import java.util.Map;
import java.util.TreeMap;

/** Prints output of tasks, each line with its origin (rule 10.3.10); the two streams stay apart. */
public final class LogOutput {

    private final Session session;
    private final Map<String, String> origins = new TreeMap<>();

    public LogOutput(Session session) {
        this.session = session;
    }

    /** Returns at the end of the output; when it is followed, once nobody reads it. */
    public void print(ReadLogsRequest request) throws NotReachable {
        NodeNames nodes = NodeNames.ask(session);
        ListTasksRequest known = ListTasksRequest.newBuilder()
                .setFilters(ListTasksRequest.Filters.newBuilder()
                        .addAllServiceIds(request.getServiceIdsList())
                        .addAllIdPrefixes(request.getTaskIdsList()))
                .build();
        session.control().listTasks(known).getTasksList().forEach(task -> remember(task, nodes));
        Iterator<LogLine> lines = session.logs().readLogs(request);
        while (lines.hasNext()) {
            LogLine line = lines.next();
            PrintStream stream = line.getStream() == LogLine.Stream.STDERR ? session.err() : session.out();
            write(stream, line, nodes);
            // Lines are shown as they come; and who is not read any more, as by head, need not go on.
            if (request.getFollow() && stream.checkError()) {
                return;
            }
        }
    }

    private void write(PrintStream stream, LogLine line, NodeNames nodes) throws NotReachable {
        String origin = origins.get(line.getTaskId());
        if (origin == null) {
            origin = remember(
                    session.control()
                            .getTask(GetTaskRequest.newBuilder()
                                    .setTaskId(line.getTaskId())
                                    .build())
                            .getTask(),
                    nodes);
        }
        stream.writeBytes((origin + "❯ ").getBytes(StandardCharsets.UTF_8));
        stream.writeBytes(line.getData().toByteArray());
        stream.println();
    }

    private String remember(Task task, NodeNames nodes) {
        String name = session.showsNames() ? Tasks.name(task) : task.getId();
        String origin = name + "@" + nodes.get(task.getNodeId());
        origins.put(task.getId(), origin);
        return origin;
    }
}
