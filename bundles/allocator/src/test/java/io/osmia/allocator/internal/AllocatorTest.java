package io.osmia.allocator.internal;

import static org.assertj.core.api.Assertions.assertThat;
import io.osmia.store.Store;
import io.osmia.store.Table;
import io.osmia.store.loop.Simulation;
import io.osmia.wire.swarmkit.EndpointSpec;
import io.osmia.wire.swarmkit.Service;
import io.osmia.wire.swarmkit.Task;
import io.osmia.wire.swarmkit.TaskState;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

class AllocatorTest {

    private static final EndpointSpec DNSRR =
            EndpointSpec.newBuilder().setMode(EndpointSpec.ResolutionMode.DNSRR).build();

    private final Simulation simulation = new Simulation(Instant.parse("2026-01-01T00:00:00Z"));
    private final Store store = simulation.store();

    @Test
    @DisplayName("ALC-004")
    void aTaskWithoutNetworksIsPendingAtOnce() {
        start();
        create(service("s"));
        create(task("t", "s"));
        simulation.settle();
        Task task = stored("t");
        assertThat(task.getStatus().getState()).isEqualTo(TaskState.PENDING);
        assertThat(task.getStatus().getMessage()).isEqualTo("pending task scheduling");
        assertThat(task.getStatus().getTimestamp().getSeconds()).isPositive();
        assertThat(task.hasEndpoint()).isFalse();
    }

    @Test
    void tasksFromBeforeTheStartAreAllocated() {
        create(service("s"));
        create(task("t", "s"));
        create(task("alone", ""));
        start();
        assertThat(stored("t").getStatus().getState()).isEqualTo(TaskState.PENDING);
        assertThat(stored("alone").getStatus().getState()).isEqualTo(TaskState.PENDING);
    }

    @Test
    void theEndpointFollowsTheSpecAndIsCopiedToTasks() {
        start();
        Service service = service("s");
        create(service.toBuilder()
                .setSpec(service.getSpec().toBuilder().setEndpoint(DNSRR))
                .build());
        create(task("t", "s"));
        simulation.settle();
        assertThat(service("s", store).getEndpoint().getSpec()).isEqualTo(DNSRR);
        assertThat(stored("t").getEndpoint().getSpec()).isEqualTo(DNSRR);

        store.update(1, tx -> {
            Service.Builder builder = tx.get(Table.SERVICES, "s").toBuilder();
            builder.getSpecBuilder().clearEndpoint();
            return tx.update(Table.SERVICES, builder.build());
        });
        simulation.settle();
        assertThat(service("s", store).hasEndpoint()).isFalse();
    }

    @Test
    void anOlderStateIsLeftAlone() {
        start();
        create(service("s"));
        create(task("t", "s").toBuilder()
                .setStatus(task("t", "s").getStatus().toBuilder().setState(TaskState.RUNNING).setMessage("started"))
                .build());
        simulation.settle();
        assertThat(stored("t").getStatus().getMessage()).isEqualTo("started");
    }

    @Test
    void aTaskIsPendingWhenEveryVoterAgreed() {
        boolean[] agrees = {false};
        Voter second = new Voter() {
            @Override
            public String name() {
                return "second";
            }

            @Override
            public Vote vote(io.osmia.store.View view, Task task) {
                return agrees[0] ? new Allocated(task) : new Waits("not yet");
            }
        };
        simulation.add("allocator", new Allocator(store, 1, List.of(new NetworkVoter(), second)));
        create(service("s"));
        create(task("t", "s"));
        simulation.settle();
        assertThat(stored("t").getStatus().getState()).isEqualTo(TaskState.NEW);
        agrees[0] = true;
        simulation.advance(Allocator.RETRY);
        assertThat(stored("t").getStatus().getState()).isEqualTo(TaskState.PENDING);
    }

    @Test
    void whatWaitsIsTriedWhenSomethingIsGivenBack() {
        start();
        create(service("s"));
        Task.Builder withNetwork = task("t", "s").toBuilder();
        withNetwork.getSpecBuilder().addNetworksBuilder().setTarget("net");
        create(withNetwork.build());
        simulation.settle();
        assertThat(stored("t").getStatus().getState()).isEqualTo(TaskState.NEW);
        store.update(1, tx -> {
            Task.Builder builder = tx.get(Table.TASKS, "t").toBuilder();
            builder.getSpecBuilder().clearNetworks();
            return tx.update(Table.TASKS, builder.build());
        });
        simulation.settle();
        assertThat(stored("t").getStatus().getState()).isEqualTo(TaskState.PENDING);
    }

    @Test
    void whatTheStoreRefusesIsTriedSoon() {
        start();
        simulation.store().requireTerm(1);
        create(service("s"));
        create(task("t", "s"));
        simulation.store().requireTerm(2);
        simulation.settle();
        assertThat(stored("t").getStatus().getState()).isEqualTo(TaskState.NEW);
        simulation.store().requireTerm(1);
        simulation.advance(Duration.ofSeconds(1));
        assertThat(stored("t").getStatus().getState()).isEqualTo(TaskState.PENDING);
    }

    private void start() {
        simulation.add("allocator", new Allocator(store, 1));
        simulation.settle();
    }

    private void create(Service service) {
        store.update(1, tx -> tx.create(Table.SERVICES, service));
    }

    private void create(Task task) {
        store.update(1, tx -> tx.create(Table.TASKS, task));
    }

    private static Service service(String id) {
        Service.Builder service = Service.newBuilder().setId(id);
        service.getSpecBuilder().getAnnotationsBuilder().setName(id);
        return service.build();
    }

    private static Service service(String id, Store store) {
        return store.view().get(Table.SERVICES, id);
    }

    private static Task task(String id, String service) {
        Task.Builder task = Task.newBuilder().setId(id).setServiceId(service).setDesiredState(TaskState.RUNNING);
        task.getStatusBuilder().setState(TaskState.NEW).setMessage("created");
        return task.build();
    }

    private Task stored(String id) {
        return store.view().get(Table.TASKS, id);
    }
}
