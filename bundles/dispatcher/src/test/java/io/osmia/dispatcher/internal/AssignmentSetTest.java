package io.osmia.dispatcher.internal;

import static org.assertj.core.api.Assertions.assertThat;
import io.osmia.store.Change;
import io.osmia.store.Commit;
import io.osmia.store.LocalStore;
import io.osmia.store.Subscription;
import io.osmia.wire.swarmkit.Assignment;
import io.osmia.wire.swarmkit.AssignmentChange;
import io.osmia.wire.swarmkit.AssignmentsMessage;
import io.osmia.wire.swarmkit.Task;
import io.osmia.wire.swarmkit.TaskState;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class AssignmentSetTest {

    private final LocalStore store = new LocalStore(() -> Instant.EPOCH);
    private final AssignmentSet set = new AssignmentSet("me");
    private final Subscription commits = store.subscribe("test", 10_000);

    /** The commits that have come since. */
    private List<Commit> committed() {
        List<Commit> all = new ArrayList<>();
        try {
            for (var next = commits.poll(Duration.ZERO); next != null; next = commits.poll(Duration.ZERO)) {
                all.add(((Subscription.Committed) next).commit());
            }
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
        return all;
    }

    /** Takes over everything that was committed; the message, or an empty one. */
    private AssignmentsMessage next() {
        committed().forEach(this::follow);
        return set.incremental().orElse(AssignmentsMessage.getDefaultInstance());
    }

    @SuppressWarnings("unchecked")
    private void follow(Commit commit) {
        for (Change<?> change : commit.changes()) {
            if (change.object() instanceof Task task && task.getNodeId().equals("me")) {
                set.change((Change<Task>) change, commit.after());
            }
        }
    }

    private AssignmentsMessage complete() {
        committed();
        return set.complete(store.view());
    }

    private static List<String> said(AssignmentsMessage message) {
        return message.getChangesList().stream().map(AssignmentSetTest::said).sorted().toList();
    }

    private static String said(AssignmentChange change) {
        Assignment item = change.getAssignment();
        String id = switch (item.getItemCase()) {
            case TASK -> "task " + item.getTask().getId();
            case SECRET -> "secret " + item.getSecret().getId();
            case CONFIG -> "config " + item.getConfig().getId();
            default -> item.toString();
        };
        return (change.getAction() == AssignmentChange.AssignmentAction.REMOVE ? "-" : "+") + id;
    }

    @Test // DIS-009
    void theFirstMessageHasTasksFromAssignedOnAndDependenciesOfLiveOnes() {
        Objects.create(store, Objects.secret("s1"), Objects.secret("s2"), Objects.config("c1"));
        for (TaskState state : TaskState.values()) {
            if (state != TaskState.UNRECOGNIZED && state != TaskState.REMOVE) {
                String secret = state.getNumber() <= TaskState.RUNNING_VALUE ? "s1" : "s2";
                Objects.create(
                        store,
                        Objects.using(Objects.task(state.name(), "me", state), List.of(secret), List.of("c1")));
            }
        }
        Objects.create(store, Objects.task("other", "you", TaskState.RUNNING));

        AssignmentsMessage message = complete();

        assertThat(message.getType()).isEqualTo(AssignmentsMessage.Type.COMPLETE);
        assertThat(message.getAppliesTo()).isEmpty();
        assertThat(message.getResultsIn()).isEqualTo("1");
        assertThat(said(message))
                .containsExactly(
                        "+config c1",
                        "+secret s1",
                        "+task ACCEPTED",
                        "+task ASSIGNED",
                        "+task COMPLETE",
                        "+task FAILED",
                        "+task ORPHANED",
                        "+task PREPARING",
                        "+task READY",
                        "+task REJECTED",
                        "+task RUNNING",
                        "+task SHUTDOWN",
                        "+task STARTING");
    }

    @Test // rule 6.9.1
    void anEmptyNodeGetsAnEmptyCompleteMessageAndTheNumbersGoOn() {
        assertThat(complete().getChangesList()).isEmpty();
        Objects.create(store, Objects.task("t", "me", TaskState.ASSIGNED));
        AssignmentsMessage second = next();
        assertThat(second.getType()).isEqualTo(AssignmentsMessage.Type.INCREMENTAL);
        assertThat(second.getAppliesTo()).isEqualTo("1");
        assertThat(second.getResultsIn()).isEqualTo("2");
    }

    @Test // DIS-010
    void assignedTasksAreSentAgainAndEndedOnesReleaseWhatNobodyElseUses() {
        Objects.create(
                store,
                Objects.secret("shared"),
                Objects.secret("own"),
                Objects.using(Objects.task("a", "me", TaskState.ASSIGNED), List.of("shared"), List.of()),
                Objects.using(Objects.task("b", "me", TaskState.RUNNING), List.of("shared", "own"), List.of()));
        complete();

        Objects.changeTask(store, "a", task -> task.toBuilder()
                .setStatus(task.getStatus().toBuilder().setMessage("touched"))
                .build());
        Objects.setState(store, "b", TaskState.FAILED);

        assertThat(said(next())).containsExactly("+task a", "-secret own");
    }

    @Test // DIS-011
    void deletedTasksAndTheirDependenciesAreRemovedByIdAlone() {
        Objects.create(
                store,
                Objects.secret("s"),
                Objects.config("c"),
                Objects.using(Objects.task("a", "me", TaskState.RUNNING), List.of("s"), List.of("c")),
                Objects.task("b", "me", TaskState.COMPLETE));
        complete();

        Objects.delete(store, "a", "b");

        AssignmentsMessage message = next();
        assertThat(said(message)).containsExactly("-config c", "-secret s", "-task a", "-task b");
        assertThat(message.getChangesList().getFirst().getAssignment().getTask())
                .isEqualTo(Task.newBuilder().setId("a").build());
    }

    @Test // DIS-012
    void tasksAppearWhenTheyAreAssignedAndMissingSecretsAreLeftOut() {
        complete();
        Objects.create(
                store,
                Objects.secret("s"),
                Objects.using(Objects.task("a", "me", TaskState.PENDING), List.of("s", "missing"), List.of("missing")));
        assertThat(said(next())).isEmpty();

        Objects.setState(store, "a", TaskState.ASSIGNED);

        assertThat(said(next())).containsExactly("+secret s", "+task a");
    }

    @Test // DIS-019
    void aStatusEchoIsNotSentBackAndAChangedDesiredStateIs() {
        Objects.create(store, Objects.task("a", "me", TaskState.ACCEPTED));
        complete();

        Objects.setState(store, "a", TaskState.RUNNING);
        assertThat(said(next())).isEmpty();

        Objects.changeTask(
                store, "a", task -> task.toBuilder().setDesiredState(TaskState.SHUTDOWN).build());
        assertThat(said(next())).containsExactly("+task a");
    }

    @Test // DIS-020
    void aBurstBecomesOneChangePerObjectWithTheFinalState() {
        complete();
        for (int i : IntStream.range(0, 300).toArray()) {
            Objects.create(store, Objects.task("t" + i, "me", TaskState.ASSIGNED));
            Objects.changeTask(
                    store, "t" + i, task -> task.toBuilder().setDesiredState(TaskState.SHUTDOWN).build());
            if (i % 3 == 0) {
                Objects.delete(store, "t" + i);
            }
        }
        AssignmentsMessage message = next();
        assertThat(message.getChangesList()).hasSize(300);
        assertThat(message.getChangesList())
                .filteredOn(change -> change.getAction() == AssignmentChange.AssignmentAction.UPDATE)
                .hasSize(200)
                .allMatch(change -> change.getAssignment().getTask().getDesiredState() == TaskState.SHUTDOWN);
    }

    @Test
    void aDependencyThatWasReleasedIsSentAgainWhenItIsUsedAgain() {
        Objects.create(
                store,
                Objects.secret("s"),
                Objects.using(Objects.task("a", "me", TaskState.RUNNING), List.of("s"), List.of()));
        complete();
        Objects.setState(store, "a", TaskState.COMPLETE);
        assertThat(said(next())).containsExactly("-secret s");

        Objects.create(store, Objects.using(Objects.task("b", "me", TaskState.ASSIGNED), List.of("s"), List.of()));

        assertThat(said(next())).containsExactly("+secret s", "+task b");
    }

    @Test
    void afterAGapTheDifferenceIsFoundFromTheStateAlone() {
        Objects.create(
                store, Objects.task("a", "me", TaskState.RUNNING), Objects.task("b", "me", TaskState.RUNNING));
        complete();
        Objects.delete(store, "a");
        Objects.create(store, Objects.task("c", "me", TaskState.ASSIGNED));

        set.resync(store.view());

        assertThat(said(set.incremental().orElseThrow())).containsExactly("+task c", "-task a");
    }
}
