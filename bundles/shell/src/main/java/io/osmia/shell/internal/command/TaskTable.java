package io.osmia.shell.internal.command;

import io.osmia.shell.NotReachable;
import io.osmia.shell.internal.text.Table;
import io.osmia.wire.swarmkit.Task;
import java.util.Arrays;
import java.util.List;

/** The two tables of tasks. */
public final class TaskTable {

    private final Session session;

    public TaskTable(Session session) {
        this.session = session;
    }

    /** The long one below a summary (rule 10.5). */
    public void printDetailed(List<Task> tasks) throws NotReachable {
        NodeNames nodes = NodeNames.ask(session);
        Table table = new Table("Task ID", "Service", "Slot", "Image", "Desired State", "Last State", "Node");
        for (Task task : tasks) {
            table.row(
                    task.getId(),
                    session.showsNames() ? task.getServiceAnnotations().getName() : task.getServiceId(),
                    task.getSlot() == 0 ? "" : Long.toUnsignedString(task.getSlot()),
                    task.getSpec().getContainer().getImage(),
                    task.getDesiredState().name(),
                    Tasks.lastState(task, session.now()),
                    nodes.get(task.getNodeId()));
        }
        table.print(session.out());
    }

    /** The short one (rule 10.4.1). What went wrong stands in a last column if anything did. */
    public void print(List<Task> tasks) throws NotReachable {
        NodeNames nodes = NodeNames.ask(session);
        boolean withErrors = tasks.stream().anyMatch(task -> !Tasks.why(task).isEmpty());
        Table table = withErrors
                ? new Table("ID", "Service", "Desired State", "Last State", "Node", "Error")
                : new Table("ID", "Service", "Desired State", "Last State", "Node");
        for (Task task : tasks) {
            String[] cells = {
                task.getId(),
                name(task, nodes),
                task.getDesiredState().name(),
                Tasks.lastState(task, session.now()),
                nodes.get(task.getNodeId()),
                Tasks.why(task)
            };
            table.row(withErrors ? cells : Arrays.copyOf(cells, cells.length - 1));
        }
        table.print(session.out());
    }

    private String name(Task task, NodeNames nodes) {
        String owner = session.showsNames() && !task.getServiceAnnotations().getName().isEmpty()
                ? task.getServiceAnnotations().getName()
                : task.getServiceId();
        return owner + "."
                + (task.getSlot() == 0 ? nodes.get(task.getNodeId()) : Long.toUnsignedString(task.getSlot()));
    }
}
