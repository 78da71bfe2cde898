package io.osmia.dispatcher.internal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.DynamicTest.dynamicTest;
import io.grpc.Context;
import io.grpc.MethodDescriptor;
import io.grpc.Status;
import io.osmia.roles.Caller;
import io.osmia.wire.swarmkit.AssignmentsRequest;
import io.osmia.wire.swarmkit.DispatcherGrpc;
import io.osmia.wire.swarmkit.HeartbeatRequest;
import io.osmia.wire.swarmkit.SessionRequest;
import io.osmia.wire.swarmkit.TasksRequest;
import io.osmia.wire.swarmkit.UpdateTaskStatusRequest;
import io.osmia.wire.swarmkit.UpdateVolumeStatusRequest;
import java.util.Map;
import java.util.function.BiConsumer;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/** The door of the dispatcher. */
class DispatcherServiceTest extends DispatcherScene {

    private final DispatcherService service = new DispatcherService(dispatching, Runnable::run, simulation.clock());

    @TestFactory // DIS-005, DIS-021
    Stream<DynamicTest> nobodyGetsInWithoutAnIdentity() {
        Map<String, BiConsumer<DispatcherService, RecordingAnswer<?>>> calls = Map.of(
                "Session", (to, answer) -> to.session(SessionRequest.getDefaultInstance(), cast(answer)),
                "Heartbeat", (to, answer) -> to.heartbeat(HeartbeatRequest.getDefaultInstance(), cast(answer)),
                "Assignments", (to, answer) -> to.assignments(AssignmentsRequest.getDefaultInstance(), cast(answer)),
                "Tasks", (to, answer) -> to.tasks(TasksRequest.getDefaultInstance(), cast(answer)),
                "UpdateTaskStatus",
                (to, answer) -> to.updateTaskStatus(UpdateTaskStatusRequest.getDefaultInstance(), cast(answer)),
                "UpdateVolumeStatus",
                (to, answer) -> to.updateVolumeStatus(UpdateVolumeStatusRequest.getDefaultInstance(), cast(answer)));
        assertThat(calls.keySet())
                .containsExactlyInAnyOrderElementsOf(DispatcherGrpc.getServiceDescriptor().getMethods().stream()
                        .map(MethodDescriptor::getBareMethodName)
                        .toList());
        Caller nobody = new Caller("", "", "", "192.0.2.9:1", false);
        return calls.entrySet().stream().map(call -> dynamicTest(call.getKey(), () -> {
            RecordingAnswer<Object> answer = new RecordingAnswer<>();
            Context.current().withValue(Caller.KEY, nobody).run(() -> call.getValue().accept(service, answer));
            assertRefused(
                    answer.failure,
                    Status.Code.PERMISSION_DENIED,
                    "Permission denied: no client certificates in request");
        }));
    }

    @SuppressWarnings("unchecked")
    private static <T> RecordingAnswer<T> cast(RecordingAnswer<?> answer) {
        return (RecordingAnswer<T>) answer;
    }
}
