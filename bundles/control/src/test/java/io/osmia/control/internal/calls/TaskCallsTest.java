package io.osmia.control.internal.calls;

import static io.osmia.control.internal.TestCluster.refusalOf;
import static io.osmia.control.internal.TestCluster.spec;
import static org.assertj.core.api.Assertions.assertThat;
import io.osmia.control.internal.TestCluster;
import io.osmia.store.Table;
import io.osmia.wire.swarmkit.GetTaskRequest;
import io.osmia.wire.swarmkit.ListTasksRequest;
import io.osmia.wire.swarmkit.Node;
import io.osmia.wire.swarmkit.RemoveTaskRequest;
import io.osmia.wire.swarmkit.Service;
import io.osmia.wire.swarmkit.Task;
import io.osmia.wire.swarmkit.TaskSpec;
import io.osmia.wire.swarmkit.TaskState;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("API-035")
class TaskCallsTest {

    private final TestCluster cluster = new TestCluster();
    private final Service web = Service.newBuilder().setId("s1").setSpec(spec("web")).build();

    @BeforeEach
    void fill() {
        cluster.put(Table.SERVICES, web);
        put(task("t1", "n1", TaskState.RUNNING));
        put(task("t2", "n2", TaskState.RUNNING).setSlot(2));
        put(task("t3", "n1", TaskState.SHUTDOWN).setSlot(3));
        put(task("u1", "n2", TaskState.RUNNING).setServiceId("gone"));
    }

    @AfterEach
    void close() {
        cluster.close();
    }

    @Test
    void aTaskIsFoundByItsIdAlone() {
        assertThat(get("t1")).isEqualTo(cluster.get(Table.TASKS, "t1"));
        assertThat(refusalOf(() -> get(""))).isEqualTo("INVALID_ARGUMENT: invalid argument");
        assertThat(refusalOf(() -> get("t9"))).isEqualTo("NOT_FOUND: task t9 not found");
    }

    @Test
    void aRemovedTaskIsGoneAtOnce() {
        remove("t1");
        assertThat(refusalOf(() -> remove("t1"))).isEqualTo("NOT_FOUND: task t1 not found");
        assertThat(refusalOf(() -> remove(""))).isEqualTo("INVALID_ARGUMENT: invalid argument");
    }

    @Test
    void tasksAreListedByWhatTheyAre() {
        assertThat(ids(filters())).containsExactly("t1", "t2", "t3", "u1");
        assertThat(ids(filters().addServiceIds("s1"))).containsExactly("t1", "t2", "t3");
        assertThat(ids(filters().addNodeIds("n1"))).containsExactly("t1", "t3");
        assertThat(ids(filters().addDesiredStates(TaskState.SHUTDOWN))).containsExactly("t3");
        assertThat(ids(filters().addDesiredStatesValue(1))).isEmpty();
        assertThat(ids(filters().addIdPrefixes("t").addNodeIds("n2"))).containsExactly("t2");
        assertThat(ids(filters().addRuntimes("container").addDesiredStates(TaskState.SHUTDOWN))).containsExactly("t3");
        assertThat(ids(filters().putLabels("tier", "front"))).containsExactly("t1", "t2", "t3", "u1");
        assertThat(ids(filters().putLabels("tier", "back"))).isEmpty();
    }

    @Test
    @DisplayName("rule 1.2.7")
    void aTaskIsNamedByServiceSlotAndId() {
        put(task("g1", "n7", TaskState.RUNNING).setSlot(0));
        put(task("x1", "n1", TaskState.RUNNING).setAnnotations(web.getSpec().getAnnotations()));
        assertThat(ids(filters().addNames("web.2.t2"))).containsExactly("t2");
        assertThat(ids(filters().addNames("web.n7.g1"))).containsExactly("g1");
        assertThat(ids(filters().addNames("web"))).containsExactly("x1");
        assertThat(ids(filters().addNamePrefixes("web.2"))).containsExactly("t2");
    }

    @Test
    @DisplayName("rules 1.3.9 and 3.5")
    void upToDateLeavesOutWhatTheServiceNoLongerAsksFor() {
        TaskSpec.Builder other = web.getSpec().getTask().toBuilder().setForceUpdate(1);
        put(task("old", "n1", TaskState.RUNNING).setSpec(other));
        TaskSpec.Builder pulled = web.getSpec().getTask().toBuilder();
        pulled.getContainerBuilder().getPullOptionsBuilder().setRegistryAuth("x");
        Task.Builder ready = task("pulled", "n1", TaskState.RUNNING).setSpec(pulled);
        ready.getStatusBuilder().setState(TaskState.READY);
        put(ready);
        put(task("pending", "n1", TaskState.RUNNING).setSpec(pulled));
        Task.Builder endpoint = task("endpoint", "n1", TaskState.RUNNING);
        endpoint.getEndpointBuilder().getSpecBuilder().addPortsBuilder();
        put(endpoint);
        assertThat(ids(filters().setUpToDate(true))).containsExactly("pulled", "t1", "t2", "t3");
    }

    @Test
    @DisplayName("rule 3.5")
    void aTaskMayStayOnANodeThatMeetsTheNewConstraints() {
        cluster.put(Table.NODES, Node.newBuilder().setId("n1").build());
        Service.Builder moved = cluster.get(Table.SERVICES, "s1").toBuilder();
        moved.getSpecBuilder().getTaskBuilder().getPlacementBuilder().addConstraints("node.labels.a==b");
        Service stored = cluster.replace(Table.SERVICES, moved.build());
        assertThat(ids(filters().setUpToDate(true))).containsExactly("t1", "t3");
        moved = stored.toBuilder();
        moved.getSpecBuilder().getTaskBuilder().getPlacementBuilder().addConstraints("node.id==nowhere");
        cluster.replace(Table.SERVICES, moved.build());
        assertThat(ids(filters().setUpToDate(true))).isEmpty();
    }

    @Test
    @DisplayName("rule 3.5")
    void theSameSpecVersionIsUpToDate() {
        Service stored = cluster.get(Table.SERVICES, "s1");
        Service.Builder updated = stored.toBuilder();
        updated.getSpecVersionBuilder().setIndex(5);
        cluster.replace(Table.SERVICES, updated.build());
        TaskSpec.Builder other = web.getSpec().getTask().toBuilder().setForceUpdate(1);
        Task.Builder task = task("same", "n1", TaskState.RUNNING).setSpec(other);
        task.getSpecVersionBuilder().setIndex(5);
        put(task);
        Task.Builder older = task("older", "n1", TaskState.RUNNING).setSpec(other);
        older.getSpecVersionBuilder().setIndex(4);
        put(older);
        assertThat(ids(filters().setUpToDate(true).addNodeIds("n1"))).contains("same").doesNotContain("older");
    }

    private Task.Builder task(String id, String node, TaskState desired) {
        Task.Builder task = Task.newBuilder()
                .setId(id)
                .setServiceId("s1")
                .setSlot(1)
                .setNodeId(node)
                .setDesiredState(desired)
                .setSpec(web.getSpec().getTask());
        task.getServiceAnnotationsBuilder().setName("web").putLabels("tier", "front");
        return task;
    }

    private void put(Task.Builder task) {
        cluster.put(Table.TASKS, task.build());
    }

    private Task get(String id) {
        return cluster.api
                .getTask(GetTaskRequest.newBuilder().setTaskId(id).build())
                .getTask();
    }

    private void remove(String id) {
        RemoveTaskRequest request = RemoveTaskRequest.newBuilder().setTaskId(id).build();
        assertThat(cluster.api.removeTask(request)).isNotNull();
    }

    private static ListTasksRequest.Filters.Builder filters() {
        return ListTasksRequest.Filters.newBuilder();
    }

    private List<String> ids(ListTasksRequest.Filters.Builder filters) {
        return cluster.api
                .listTasks(ListTasksRequest.newBuilder().setFilters(filters).build())
                .getTasksList()
                .stream()
                .map(Task::getId)
                .toList();
    }
}
