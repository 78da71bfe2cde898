package io.osmia.shell.internal.node;

import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.osmia.shell.NotReachable;
import io.osmia.shell.internal.command.Session;
import io.osmia.wire.osmia.GetManagerStatusRequest;
import io.osmia.wire.osmia.ListEvidenceRequest;
import io.osmia.wire.osmia.NodeEvidence;
import java.util.Optional;
import java.util.Set;

/** What only a node of Osmia tells. One of SwarmKit, or one that cannot tell now, leaves it out. */
final class Answering {

    private static final Set<Status.Code> DOES_NOT_TELL = Set.of(
            Status.Code.UNIMPLEMENTED,
            Status.Code.UNAVAILABLE,
            Status.Code.ABORTED,
            Status.Code.FAILED_PRECONDITION,
            Status.Code.DEADLINE_EXCEEDED);

    private interface Question<T> {
        T ask() throws NotReachable;
    }

    private Answering() {}

    /** Id of the node that answers; empty if it does not say. */
    static String nodeId(Session session) throws NotReachable {
        return told(() -> session.managerState()
                .getManagerStatus(GetManagerStatusRequest.getDefaultInstance())
                .getStatus()
                .getMember()
                .getNodeId())
                .orElse("");
    }

    /** Why the leader says of a node what it says. */
    static Optional<NodeEvidence> evidence(Session session, String nodeId) throws NotReachable {
        ListEvidenceRequest request =
                ListEvidenceRequest.newBuilder().addNodeIds(nodeId).build();
        return told(() -> session.nodes().listEvidence(request).getNodesList()).stream()
                .flatMap(all -> all.stream())
                .filter(evidence -> evidence.getNodeId().equals(nodeId))
                .findFirst();
    }

    private static <T> Optional<T> told(Question<T> question) throws NotReachable {
        try {
            return Optional.of(question.ask());
        } catch (StatusRuntimeException e) {
            if (DOES_NOT_TELL.contains(e.getStatus().getCode())) {
                return Optional.empty();
            }
            throw e;
        }
    }
}
