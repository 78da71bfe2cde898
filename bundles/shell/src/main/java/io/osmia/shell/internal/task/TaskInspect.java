package io.osmia.shell.internal.task;

import io.osmia.shell.NotReachable;
import io.osmia.shell.internal.command.InspectCommand;
import io.osmia.shell.internal.command.Lookup;
import io.osmia.shell.internal.command.NodeNames;
import io.osmia.shell.internal.command.Session;
import io.osmia.shell.internal.command.TaskTable;
import io.osmia.shell.internal.command.Tasks;
import io.osmia.shell.internal.text.Summary;
import io.osmia.wire.swarmkit.ListTasksRequest;
import io.osmia.wire.swarmkit.PortConfig;
import io.osmia.wire.swarmkit.Task;
import io.osmia.wire.swarmkit.TaskState;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(name = "inspect", description = "Show all about a task, and the other tasks of its slot.")
final class TaskInspect extends InspectCommand<Task> {

    @Parameters(paramLabel = "TASK", description = "Id, start of an id, or service.slot.")
    private String task = "";

    @Option(names = {"-a", "--all"}, description = "Also tasks of the slot that are not meant to run any more.")
    private boolean all;

    TaskInspect(Session session) {
        super(session);
    }

    @Override
    protected Task find() throws NotReachable {
        return new Lookup(session).task(task);
    }

    @Override
    protected void print(Task found) throws NotReachable {
        summary(found, NodeNames.ask(session)).print(session.out());
        session.out().println();
        new TaskTable(session).printDetailed(sameSlot(found));
    }

    private Summary summary(Task found, NodeNames nodes) {
        Summary summary = new Summary();
        summary.line("ID", found.getId());
        if (found.getSlot() != 0) {
            summary.line("Slot", Long.toUnsignedString(found.getSlot()));
        }
        summary.optional(
                "Service",
                session.showsNames() ? found.getServiceAnnotations().getName() : found.getServiceId());
        summary.section("Status", () -> status(summary, found));
        summary.optional("Node", nodes.get(found.getNodeId()));
        summary.section("Spec", () -> {
            summary.optional("Image", found.getSpec().getContainer().getImage());
            summary.optional("Command", words(found.getSpec().getContainer().getCommandList()));
            summary.optional("Args", words(found.getSpec().getContainer().getArgsList()));
            summary.optional("Env", words(found.getSpec().getContainer().getEnvList()));
        });
        return summary;
    }

    private static String words(List<String> words) {
        return String.join(" ", words).replace('\n', ' ');
    }

    private static void status(Summary summary, Task task) {
        summary.line("Desired State", task.getDesiredState().name());
        summary.line("Last State", task.getStatus().getState().name());
        if (task.getStatus().hasTimestamp()) {
            summary.line(
                    "Timestamp",
                    Instant.ofEpochSecond(
                            task.getStatus().getTimestamp().getSeconds(),
                            task.getStatus().getTimestamp().getNanos())
                            .toString());
        }
        summary.optional("Message", task.getStatus().getMessage());
        summary.optional("Error", Tasks.why(task));
        if (task.getStatus().hasContainer()) {
            summary.optional("ContainerID", task.getStatus().getContainer().getContainerId());
            summary.line("Pid", Integer.toString(task.getStatus().getContainer().getPid()));
            if (task.getStatus().getState().getNumber() > TaskState.RUNNING_VALUE) {
                summary.line(
                        "ExitCode", Integer.toString(task.getStatus().getContainer().getExitCode()));
            }
        }
        for (PortConfig port : task.getStatus().getPortStatus().getPortsList()) {
            summary.line(
                    "Port",
                    "0.0.0.0:" + port.getPublishedPort() + "->" + port.getTargetPort() + "/"
                            + port.getProtocol().name().toLowerCase(Locale.ROOT));
        }
    }

    private List<Task> sameSlot(Task found) throws NotReachable {
        ListTasksRequest request = ListTasksRequest.newBuilder()
                .setFilters(ListTasksRequest.Filters.newBuilder().addServiceIds(found.getServiceId()))
                .build();
        return session.control().listTasks(request).getTasksList().stream()
                .filter(other -> other.getSlot() == found.getSlot())
                .filter(other -> found.getSlot() != 0 || other.getNodeId().equals(found.getNodeId()))
                .filter(other -> all || Tasks.isWanted(other) || other.getId().equals(found.getId()))
                .sorted(Tasks.BY_SLOT)
                .toList();
    }
}
