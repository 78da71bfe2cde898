package io.osmia.control.internal.calls;

import static io.osmia.control.internal.TestCluster.spec;
import static org.assertj.core.api.Assertions.assertThat;
import io.osmia.control.internal.TestCluster;
import io.osmia.store.Table;
import io.osmia.wire.swarmkit.ListServiceStatusesRequest;
import io.osmia.wire.swarmkit.ListServiceStatusesResponse.ServiceStatus;
import io.osmia.wire.swarmkit.Service;
import io.osmia.wire.swarmkit.ServiceSpec;
import io.osmia.wire.swarmkit.Task;
import io.osmia.wire.swarmkit.TaskState;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("API-019")
class ServiceStatusesTest {

    private final TestCluster cluster = new TestCluster();
    private int tasks;

    @AfterEach
    void close() {
        cluster.close();
    }

    @Test
    void aReplicatedServiceWantsItsReplicas() {
        service("web", spec("web"), 0);
        task("web", TaskState.RUNNING, TaskState.RUNNING, 0);
        task("web", TaskState.RUNNING, TaskState.PENDING, 0);
        task("web", TaskState.SHUTDOWN, TaskState.COMPLETE, 0);
        assertThat(statuses("web")).containsExactly(status("web", 2, 1, 0));
    }

    @Test
    void aGlobalServiceWantsTheTasksThatAreMeantToRun() {
        ServiceSpec.Builder global = spec("web");
        global.getGlobalBuilder();
        service("web", global, 0);
        task("web", TaskState.RUNNING, TaskState.RUNNING, 0);
        task("web", TaskState.RUNNING, TaskState.STARTING, 0);
        task("web", TaskState.SHUTDOWN, TaskState.SHUTDOWN, 0);
        assertThat(statuses("web")).containsExactly(status("web", 2, 1, 0));
    }

    @Test
    void jobsCountTheirCurrentIteration() {
        ServiceSpec.Builder replicated = spec("rep");
        replicated.getReplicatedJobBuilder().setMaxConcurrent(3).setTotalCompletions(9);
        service("rep", replicated, 1);
        ServiceSpec.Builder global = spec("glob");
        global.getGlobalJobBuilder();
        service("glob", global, 1);
        for (String service : List.of("rep", "glob")) {
            task(service, TaskState.COMPLETE, TaskState.COMPLETE, 0);
            task(service, TaskState.COMPLETE, TaskState.COMPLETE, 1);
            task(service, TaskState.COMPLETE, TaskState.RUNNING, 1);
        }
        assertThat(statuses("rep", "glob")).containsExactly(status("rep", 3, 1, 1), status("glob", 1, 1, 1));
    }

    @Test
    void everyIdIsAnsweredInTheOrderOfTheRequest() {
        service("web", spec("web"), 0);
        assertThat(statuses("nobody", "web", "nobody"))
                .containsExactly(status("nobody", 0, 0, 0), status("web", 2, 0, 0), status("nobody", 0, 0, 0));
    }

    private void service(String id, ServiceSpec.Builder spec, long iteration) {
        Service.Builder service = Service.newBuilder().setId(id).setSpec(spec);
        service.getJobStatusBuilder().getJobIterationBuilder().setIndex(iteration);
        cluster.put(Table.SERVICES, service.build());
    }

    private void task(String service, TaskState desired, TaskState observed, long iteration) {
        Task.Builder task =
                Task.newBuilder().setId("t" + ++tasks).setServiceId(service).setDesiredState(desired);
        task.getStatusBuilder().setState(observed);
        task.getJobIterationBuilder().setIndex(iteration);
        cluster.put(Table.TASKS, task.build());
    }

    private List<ServiceStatus> statuses(String... ids) {
        return cluster.api
                .listServiceStatuses(ListServiceStatusesRequest.newBuilder()
                        .addAllServices(List.of(ids))
                        .build())
                .getStatusesList();
    }

    private static ServiceStatus status(String id, int desired, int running, int completed) {
        return ServiceStatus.newBuilder()
                .setServiceId(id)
                .setDesiredTasks(desired)
                .setRunningTasks(running)
                .setCompletedTasks(completed)
                .build();
    }
}
