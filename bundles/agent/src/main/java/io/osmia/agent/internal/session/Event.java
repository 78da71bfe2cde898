package io.osmia.agent.internal.session;

import io.grpc.Status;
import io.osmia.wire.swarmkit.AssignmentsMessage;
import io.osmia.wire.swarmkit.HeartbeatResponse;
import io.osmia.wire.swarmkit.SessionMessage;
import io.osmia.wire.swarmkit.TaskStatus;
import java.util.Map;

/** What a session's loop is told. */
sealed interface Event {

    /** @param stream number of the stream that it came on; an older one's no longer count */
    record Told(int stream, SessionMessage message) implements Event {}

    record Assigned(int stream, AssignmentsMessage message) implements Event {}

    record Beaten(HeartbeatResponse response) implements Event {}

    record Reported() implements Event {}

    record NotReported(Map<String, TaskStatus> batch, Status status) implements Event {}

    /** A stream or call has failed. */
    record Failed(int stream, String what, Status status) implements Event {}

    /** Something may have to be reported. */
    record ReportsWait() implements Event {}

    /** The node's description may have changed. */
    record DescriptionMayDiffer() implements Event {}

    /** Another manager is to be looked for. */
    record Leave(String why) implements Event {}

    record Stop() implements Event {}
}
