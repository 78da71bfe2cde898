package io.osmia.dispatcher.internal;

import static org.assertj.core.api.Assertions.assertThat;
import com.google.protobuf.Timestamp;
import io.osmia.store.LocalStore;
import io.osmia.store.Table;
import io.osmia.wire.swarmkit.NodeStatus;
import io.osmia.wire.swarmkit.TaskState;
import java.time.Instant;
import org.junit.jupiter.api.Test;

/** What has moved on between a decision and its write is left as it is. */
class PendingWritesTest {

    private final LocalStore store = new LocalStore(() -> Instant.EPOCH);
    private final PendingWrites pending = new PendingWrites();

    private void write() {
        assertThat(store.batch(Objects.TERM, pending.take().steps("leader", Timestamp.getDefaultInstance())))
                .containsOnlyNulls();
    }

    @Test // DIS-032, rule 6.5.3
    void aTaskThatEndedMeanwhileIsNotOrphaned() {
        Objects.create(store, Objects.task("ended", "n", TaskState.FAILED), Objects.task("t", "n", TaskState.RUNNING));
        pending.orphan("ended");
        pending.orphan("t");
        pending.orphan("gone");
        write();
        assertThat(store.view().get(Table.TASKS, "ended").getStatus().getState()).isEqualTo(TaskState.FAILED);
        assertThat(store.view().get(Table.TASKS, "t").getStatus().getState()).isEqualTo(TaskState.ORPHANED);
    }

    @Test
    void aNodeThatWasDeletedMeanwhileDoesNotComeBack() {
        pending.node(NodeWrite.of("gone", NodeStatus.State.DOWN, "heartbeat failure"));
        write();
        assertThat(store.view().get(Table.NODES, "gone")).isNull();
    }

    @Test // rule 6.4.3
    void whatAnEarlierWriteOfANodeKnewIsKeptByTheLaterOne() {
        Objects.create(store, Objects.node("n", NodeStatus.State.UNKNOWN));
        pending.node(new NodeWrite("n", NodeStatus.State.READY, "", "192.0.2.7", null));
        pending.node(NodeWrite.of("n", NodeStatus.State.DOWN, "heartbeat failure"));
        write();
        assertThat(store.view().get(Table.NODES, "n").getStatus())
                .isEqualTo(NodeStatus.newBuilder()
                        .setState(NodeStatus.State.DOWN)
                        .setMessage("heartbeat failure")
                        .setAddr("192.0.2.7")
                        .build());
    }
}
