package io.osmia.store;

import static org.assertj.core.api.Assertions.assertThat;
import com.google.protobuf.InvalidProtocolBufferException;
import io.osmia.wire.osmia.Transaction;
import io.osmia.wire.swarmkit.Service;
import io.osmia.wire.swarmkit.Task;
import io.osmia.wire.swarmkit.TaskState;
import io.osmia.wire.swarmkit.TaskStatus;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Deque;
import java.util.List;
import java.util.Random;
import java.util.TreeMap;
import java.util.function.Function;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;

/** Random transactions on two machines, a leader and a follower, against two plain maps. */
class StorePropertyTest {

    private static final int IDS = 40;
    private static final TaskState[] STATES = {TaskState.NEW, TaskState.RUNNING, TaskState.FAILED};

    // new for each try
    private StoreMachine leader = new StoreMachine();
    private StoreMachine follower = new StoreMachine();

    /** What the store should hold. */
    private static final class Model {
        final TreeMap<String, Task> tasks = new TreeMap<>();
        final TreeMap<String, Service> services = new TreeMap<>();

        Model copy() {
            Model copy = new Model();
            copy.tasks.putAll(tasks);
            copy.services.putAll(services);
            return copy;
        }
    }

    private record Proposed(Transaction transaction, Model after) {}

    private record Old(View view, Model model) {}

    @Property(tries = 150)
    void theStoreIsAMapWithIndices(@ForAll long seed) throws IOException {
        leader = new StoreMachine();
        follower = new StoreMachine();
        Random random = new Random(seed);
        Model committed = new Model();
        Model tentative = new Model();
        Deque<Proposed> pending = new ArrayDeque<>();
        List<Old> kept = new ArrayList<>();
        for (int round = 0; round < 60; round++) {
            switch (random.nextInt(10)) {
                case 0, 1, 2, 3, 4, 5 -> tentative = propose(random, tentative, pending);
                case 6, 7, 8 -> committed = commit(pending, committed);
                default -> {
                    leader.abort();
                    pending.clear();
                    tentative = committed;
                }
            }
            check(leader.committed(), committed);
            check(leader.tentative(), tentative);
            check(follower.committed(), committed);
            checkDigests();
            if (random.nextInt(8) == 0) {
                kept.add(new Old(leader.committed(), committed));
            }
        }
        kept.forEach(old -> check(old.view, old.model));
        restoredEquals(committed);
    }

    private Model propose(Random random, Model before, Deque<Proposed> pending) {
        Model after = before.copy();
        Proposal<Integer> proposal;
        try {
            proposal = leader.propose(Instant.ofEpochSecond(random.nextInt(1000)), tx -> {
                int changes = random.nextInt(8);
                for (int i = 0; i < changes; i++) {
                    change(random, tx, after);
                }
                if (random.nextInt(6) == 0) {
                    throw new IllegalStateException("changed my mind");
                }
                return changes;
            });
        } catch (IllegalStateException undone) {
            return before;
        }
        if (proposal.changes()) {
            pending.add(new Proposed(proposal.transaction(), after));
        }
        return after;
    }

    private Model commit(Deque<Proposed> pending, Model committed) throws InvalidProtocolBufferException {
        Proposed oldest = pending.poll();
        if (oldest == null) {
            return committed;
        }
        leader.apply(oldest.transaction);
        follower.apply(Transaction.parseFrom(oldest.transaction.toByteArray()));
        return oldest.after;
    }

    private static void change(Random random, Tx tx, Model model) {
        if (random.nextInt(4) == 0) {
            changeService(random, tx, model);
        } else {
            changeTask(random, tx, model);
        }
    }

    private static void changeTask(Random random, Tx tx, Model model) {
        String id = "t" + random.nextInt(IDS);
        Task former = model.tasks.get(id);
        Task task = Samples.task(id, "s" + random.nextInt(3), random.nextInt(3), "n" + random.nextInt(3)).toBuilder()
                .setDesiredState(STATES[random.nextInt(STATES.length)])
                .setStatus(TaskStatus.newBuilder().setState(STATES[random.nextInt(STATES.length)]))
                .setSpec(
                        random.nextBoolean()
                                ? Samples.spec("image")
                                : Samples.specWith("w" + random.nextInt(2), "x" + random.nextInt(2), "f"))
                .build();
        if (former == null) {
            model.tasks.put(id, tx.create(Table.TASKS, task));
        } else if (random.nextInt(3) == 0) {
            tx.delete(Table.TASKS, id);
            model.tasks.remove(id);
        } else {
            model.tasks.put(id, tx.update(Table.TASKS, Table.TASKS.withMeta(task, former.getMeta())));
        }
    }

    private static void changeService(Random random, Tx tx, Model model) {
        String id = "s" + random.nextInt(8);
        Service former = model.services.get(id);
        Service service = Samples.service(id, (random.nextBoolean() ? "Name" : "name") + random.nextInt(10));
        boolean taken = model.services.values().stream()
                .anyMatch(other -> !other.getId().equals(id) && name(other).equals(name(service)));
        try {
            if (former == null) {
                model.services.put(id, tx.create(Table.SERVICES, service));
            } else {
                model.services.put(
                        id, tx.update(Table.SERVICES, Table.SERVICES.withMeta(service, former.getMeta())));
            }
            assertThat(taken).isFalse();
        } catch (StoreException conflict) {
            assertThat(conflict.reason()).isEqualTo(StoreException.Reason.NAME_CONFLICT);
            assertThat(taken).isTrue();
        }
    }

    private static String name(Service service) {
        return service.getSpec().getAnnotations().getName().toLowerCase(java.util.Locale.ROOT);
    }

    private void checkDigests() {
        StateDigest followed = leader.committed().digest();
        assertThat(followed).as("the sum that was kept").isEqualTo(StateDigest.of(leader.committed()));
        assertThat(followed).as("leader and follower").isEqualTo(follower.committed().digest());
    }

    private void restoredEquals(Model model) throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        leader.writeSnapshot(leader.committed(), out);
        StoreMachine restored = new StoreMachine();
        restored.restore(new ByteArrayInputStream(out.toByteArray()));
        check(restored.committed(), model);
        assertThat(restored.committed().version()).isEqualTo(leader.committed().version());
    }

    private static void check(View view, Model model) {
        assertThat(view.count(Table.TASKS)).isEqualTo(model.tasks.size());
        assertThat(view.find(Table.TASKS, By.ALL)).isEqualTo(List.copyOf(model.tasks.values()));
        assertThat(view.find(Table.SERVICES, By.ALL)).isEqualTo(List.copyOf(model.services.values()));
        assertThat(view.find(Table.SERVICES, By.namePrefix("NAME")))
                .isEqualTo(model.services.values().stream()
                        .sorted(Comparator.comparing(StorePropertyTest::name))
                        .toList());
        for (int i = 0; i < 3; i++) {
            String service = "s" + i;
            String node = "n" + i;
            long slot = i;
            TaskState state = STATES[i];
            same(view, model, By.service(service), task -> task.getServiceId().equals(service));
            same(view, model, By.node(node), task -> task.getNodeId().equals(node));
            same(view, model, By.desired(state), task -> task.getDesiredState() == state);
            same(view, model, By.observed(state), task -> task.getStatus().getState() == state);
            same(
                    view,
                    model,
                    By.slot("s1", slot),
                    task -> task.getServiceId().equals("s1") && task.getSlot() == slot);
            same(view, model, By.idPrefix("t" + i), task -> task.getId().startsWith("t" + slot));
        }
        same(view, model, By.network("w1"), task -> task.getSpec().getNetworksList().stream()
                .anyMatch(network -> network.getTarget().equals("w1")));
        same(view, model, By.secret("x0"), task -> task.getSpec().getContainer().getSecretsList().stream()
                .anyMatch(secret -> secret.getSecretId().equals("x0")));
        model.tasks.values().forEach(task -> {
            assertThat(view.get(Table.TASKS, task.getId())).isEqualTo(task);
            assertThat(view.find(Table.TASKS, By.name(Names.taskName(task)))).containsExactly(task);
        });
    }

    private static void same(View view, Model model, By by, Function<Task, Boolean> expected) {
        List<Task> tasks =
                model.tasks.values().stream().filter(expected::apply).toList();
        assertThat(view.find(Table.TASKS, by)).isEqualTo(tasks);
    }
}
