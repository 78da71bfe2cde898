package io.osmia.shell.internal.command;

import io.osmia.shell.NotReachable;
import io.osmia.shell.internal.text.Table;
import io.osmia.wire.swarmkit.Task;
import java.util.List;
import java.util.function.Function;
import java.util.stream.Stream;

/** The two tables of tasks. */
public final class TaskTable {

    private final Session session;

    public TaskTable(Session session) {
        this.session = session;
    }

    /** The long one below a summary (rule 10.5). */
    public void printDetailed(List<Task> tasks) throws NotReachable {
        NodeNames nodes = NodeNames.ask(session);
        print(tasks,
                List.of("Task ID", "Service", "Slot", "Image", "Desired State", "Last State", "Node"),
                task -> List.of(
                        task.getId(),
                        session.showsNames() ? task.getServiceAnnotations().getName() : task.getServiceId(),
                        task.getSlot() == 0 ? "" : Long.toUnsignedString(task.getSlot()),
                        task.getSpec().getContainer().getImage(),
                        task.getDesiredState().name(),
                        Tasks.lastState(task, session.now()),
                        nodes.get(task.getNodeId())));
    }

    /** The short one (rule 10.4.1). */
    public void print(List<Task> tasks) throws NotReachable {
        NodeNames nodes = NodeNames.ask(session);
        print(tasks,
                List.of("ID", "Service", "Desired State", "Last State", "Node"),
                task -> List.of(
                        task.getId(),
                        name(task, nodes),
                        task.getDesiredState().name(),
                        Tasks.lastState(task, session.now()),
                        nodes.get(task.getNodeId())));
    }

    /** What went wrong stands in a last column if anything did. */
    private void print(List<Task> tasks, List<String> header, Function<Task, List<String>> cells) {
        boolean withErrors = tasks.stream().anyMatch(task -> !Tasks.why(task).isEmpty());
        Table table = new Table(row(header, "Error", withErrors));
        tasks.forEach(task -> table.row(row(cells.apply(task), Tasks.why(task), withErrors)));
        table.print(session.out());
    }

    private static String[] row(List<String> cells, String error, boolean withErrors) {
        Stream<String> last = withErrors ? Stream.of(error) : Stream.empty();
        return Stream.concat(cells.stream(), last).toArray(String[]::new);
    }

    private String name(Task task, NodeNames nodes) {
        String owner = session.showsNames() && !task.getServiceAnnotations().getName().isEmpty()
                ? task.getServiceAnnotations().getName()
                : task.getServiceId();
        return owner + "."
                + (task.getSlot() == 0 ? nodes.get(task.getNodeId()) : Long.toUnsignedString(task.getSlot()));
    }
}
