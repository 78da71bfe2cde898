package io.osmia.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import com.google.protobuf.ByteString;
import com.google.protobuf.InvalidProtocolBufferException;
import io.osmia.store.StoreException.Reason;
import io.osmia.store.Subscription.Committed;
import io.osmia.wire.osmia.Transaction;
import io.osmia.wire.swarmkit.Secret;
import io.osmia.wire.swarmkit.Service;
import io.osmia.wire.swarmkit.Task;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;

/** Proposals, commits, replays and foreign entries. */
class StoreMachineTest {

    private final StoreMachine machine = new StoreMachine();

    private Proposal<Service> propose(StoreMachine on, String id) {
        return on.propose(Instant.EPOCH, tx -> tx.create(Table.SERVICES, Samples.service(id, "name-" + id)));
    }

    private static Transaction copy(Transaction transaction) throws InvalidProtocolBufferException {
        return Transaction.parseFrom(transaction.toByteArray());
    }

    @Test
    void proposalsBuildOnEachOtherAndStayTentative() {
        Proposal<Service> first = propose(machine, "s1");
        Proposal<Service> second = propose(machine, "s2");

        assertThat(first.version()).isEqualTo(1);
        assertThat(second.version()).isEqualTo(2);
        assertThat(machine.pending()).isEqualTo(2);
        assertThat(machine.committed().version()).isZero();
        assertThat(machine.tentative().version()).isEqualTo(2);
        assertThatThrownBy(() -> propose(machine, "s1")).hasMessage("object already exists");
    }

    @Test
    void aCommittedProposalIsSwappedInWithoutDecoding() throws InvalidProtocolBufferException {
        Proposal<Service> first = propose(machine, "s1");
        Proposal<Service> second = propose(machine, "s2");

        Commit commit = machine.apply(first.transaction());
        machine.apply(copy(second.transaction()));

        assertThat(commit.version()).isEqualTo(1);
        assertThat(machine.committed().get(Table.SERVICES, "s1")).isSameAs(first.result());
        assertThat(machine.committed().get(Table.SERVICES, "s2")).isSameAs(second.result());
        assertThat(machine.pending()).isZero();
        assertThat(machine.tentative()).isSameAs(machine.committed());
    }

    @Test
    void abortReturnsToTheCommittedHead() {
        machine.apply(propose(machine, "s1").transaction());
        propose(machine, "s2");

        machine.abort();

        assertThat(machine.pending()).isZero();
        assertThat(machine.tentative()).isSameAs(machine.committed());
        assertThat(propose(machine, "s2").version()).isEqualTo(2);
    }

    @Test
    void aForeignTransactionDropsWhatIsPending() throws InvalidProtocolBufferException {
        StoreMachine leader = new StoreMachine();
        Transaction foreign = propose(leader, "theirs").transaction();
        Proposal<Service> mine = propose(machine, "mine");

        Commit commit = machine.apply(copy(foreign));

        assertThat(commit.changes()).extracting(Change::id).containsExactly("theirs");
        assertThat(machine.pending()).isZero();
        assertThat(machine.tentative()).isSameAs(machine.committed());
        assertThat(machine.committed().get(Table.SERVICES, "mine")).isNull();
        assertThat(machine.apply(mine.transaction()))
                .as("same version as the foreign one: never applied")
                .isNull();
    }

    @Test
    void aProposalWhoseGroundIsLostWhileItsBodyRunsIsRefused() throws InvalidProtocolBufferException {
        Transaction foreign = copy(propose(new StoreMachine(), "theirs").transaction());

        assertThatThrownBy(() -> machine.propose(Instant.EPOCH, tx -> {
            machine.apply(foreign);
            return tx.create(Table.SERVICES, Samples.service("s1", "one"));
        }))
                .isInstanceOfSatisfying(
                        StoreException.class, e -> assertThat(e.reason()).isEqualTo(Reason.LOST_LEADERSHIP));
        assertThat(machine.tentative()).isSameAs(machine.committed());
    }

    @Test
    void aReplayChangesNothing() throws InterruptedException {
        Transaction transaction = propose(machine, "s1").transaction();
        machine.apply(transaction);
        Subscription subscription = machine.subscribe("test", 1);

        assertThat(machine.apply(transaction)).isNull();

        assertThat(machine.committed().version()).isEqualTo(1);
        assertThat(subscription.poll(Duration.ZERO)).isNull();
    }

    @Test
    void aFollowerComesToTheSameStateWithMetaUntouched() throws InvalidProtocolBufferException, InterruptedException {
        StoreMachine follower = new StoreMachine();
        Subscription subscription = follower.subscribe("test", 10);
        Transaction first = propose(machine, "s1").transaction();
        Transaction second = machine.propose(Instant.ofEpochSecond(7), tx -> {
            tx.create(Table.SERVICES, Samples.service("s2", "two"));
            tx.update(Table.SERVICES, tx.get(Table.SERVICES, "s2"));
            tx.update(Table.SERVICES, tx.get(Table.SERVICES, "s1"));
            tx.delete(Table.SERVICES, "s2");
            return 0;
        })
                .transaction();
        machine.apply(first);
        Commit here = machine.apply(second);
        follower.apply(copy(first));
        Commit there = follower.apply(copy(second));

        assertThat(follower.committed().find(Table.SERVICES, By.ALL))
                .isEqualTo(machine.committed().find(Table.SERVICES, By.ALL));
        assertThat(follower.committed().version()).isEqualTo(2);
        assertThat(there.changes()).isEqualTo(here.changes());
        assertThat(((Committed) subscription.poll(Duration.ZERO)).commit().version())
                .isEqualTo(1);
        assertThat(((Committed) subscription.poll(Duration.ZERO)).commit()).isSameAs(there);
    }

    @Test
    void whatIsReadSharesEqualParts() throws InvalidProtocolBufferException {
        Task one = Samples.task("t1", "s1", 1, "n1");
        Task two = Samples.task("t2", "s1", 2, "n1");
        StoreMachine follower = new StoreMachine();
        for (Task task : new Task[] {one, two}) {
            Transaction transaction =
                    machine.propose(Instant.EPOCH, tx -> tx.create(Table.TASKS, task)).transaction();
            machine.apply(transaction);
            follower.apply(copy(transaction));
        }

        Task first = follower.committed().get(Table.TASKS, "t1");
        Task second = follower.committed().get(Table.TASKS, "t2");

        assertThat(second).isEqualTo(machine.committed().get(Table.TASKS, "t2"));
        assertThat(second.getSpec()).isSameAs(first.getSpec());
        assertThat(second.getServiceAnnotations()).isSameAs(first.getServiceAnnotations());
        assertThat(second.getServiceId()).isSameAs(first.getServiceId());
    }

    @Test
    void aTransactionBeyondTheLimitIsRefused() {
        int most = StoreMachine.MAX_TRANSACTION_BYTES;
        assertThatThrownBy(() -> machine.propose(Instant.EPOCH, tx -> tx.create(Table.SECRETS, secret("x", most))))
                .hasMessage("raft: raft message is too large and can't be sent");
        assertThat(machine.pending()).isZero();

        machine.propose(Instant.EPOCH, tx -> tx.create(Table.SECRETS, secret("y", most - 200)));
        assertThat(machine.pending()).isEqualTo(1);
    }

    private static Secret secret(String id, int bytes) {
        Secret secret = Samples.secret(id, id);
        return secret.toBuilder()
                .setSpec(secret.getSpec().toBuilder().setData(ByteString.copyFrom(new byte[bytes])))
                .build();
    }

    @Test
    void aBodyWithoutChangesProposesNothing() {
        Proposal<Integer> proposal = machine.propose(Instant.EPOCH, tx -> tx.count(Table.SERVICES));

        assertThat(proposal.changes()).isFalse();
        assertThat(machine.pending()).isZero();
    }
}
