package io.osmia.allocator.internal;

import com.google.protobuf.Timestamp;
import io.osmia.store.By;
import io.osmia.store.Change;
import io.osmia.store.Commit;
import io.osmia.store.Store;
import io.osmia.store.StoreException;
import io.osmia.store.Table;
import io.osmia.store.Tx;
import io.osmia.store.View;
import io.osmia.store.loop.Reactor;
import io.osmia.store.loop.Trouble;
import io.osmia.wire.swarmkit.Service;
import io.osmia.wire.swarmkit.Task;
import io.osmia.wire.swarmkit.TaskState;
import io.osmia.wire.swarmkit.TaskStatus;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Gives services and new tasks what the cluster has only once, then hands the tasks to the scheduler: NEW becomes PENDING
 * (rules 2.3, 5.1, 5.2). Every step reads the object anew inside its transaction, so it never acts on an old version and
 * writes only the fields it owns.
 */
public final class Allocator implements Reactor {

    private static final Logger LOG = LoggerFactory.getLogger(Allocator.class);

    static final String PENDING_MESSAGE = "pending task scheduling";

    /** After so long what failed is tried again (rule 5.1.4). */
    static final Duration RETRY = Duration.ofMinutes(5);

    /** After so long what the store refused is tried again. */
    static final Duration SOON = Duration.ofSeconds(1);

    private final Store store;
    private final long term;
    private final List<Voter> voters;

    private final Set<String> services = new LinkedHashSet<>();
    private final Set<String> tasks = new LinkedHashSet<>();
    /** Ids of services and tasks alike: asking for the one that an id is not costs a look-up and changes nothing. */
    private final Set<String> waiting = new LinkedHashSet<>();
    private final Trouble trouble = new Trouble();
    private @Nullable Instant retryAt;

    public Allocator(Store store, long term) {
        this(store, term, List.of(new NetworkVoter()));
    }

    Allocator(Store store, long term, List<Voter> voters) {
        this.store = store;
        this.term = term;
        this.voters = List.copyOf(voters);
    }

    @Override
    public Set<Table<?>> tables() {
        return Set.of(Table.SERVICES, Table.TASKS);
    }

    @Override
    public void start(View view, Instant now) {
        services.clear();
        tasks.clear();
        waiting.clear();
        retryAt = null;
        view.find(Table.SERVICES, By.ALL).forEach(this::note);
        view.find(Table.TASKS, By.observed(TaskState.NEW)).forEach(this::note);
    }

    @Override
    public void commit(Commit commit, Instant now) {
        for (Change<?> change : commit.changes()) {
            boolean gone = change.kind() == Change.Kind.REMOVE;
            switch (change.object()) {
                case Service service when gone -> retryAll();
                case Service service -> note(service);
                case Task task when gone -> forget(task);
                case Task task -> note(task);
                default -> {}
            }
        }
    }

    @Override
    public void tick(Instant now) {
        if (retryAt != null && !now.isBefore(retryAt)) {
            retryAll();
        }
        if (services.isEmpty() && tasks.isEmpty()) {
            return;
        }
        // services first: their tasks need them allocated
        List<String> ids = new ArrayList<>(services);
        ids.addAll(tasks);
        List<Consumer<Tx>> steps = new ArrayList<>(ids.size());
        Set<String> undecided = new LinkedHashSet<>();
        services.forEach(id -> steps.add(tx -> allocateService(tx, id)));
        tasks.forEach(id -> steps.add(tx -> allocateTask(tx, id, now, undecided)));
        services.clear();
        tasks.clear();
        boolean refused = report(ids, store.batch(term, steps));
        waiting.addAll(undecided);
        retryAt = waiting.isEmpty() ? null : now.plus(refused ? SOON : RETRY);
    }

    @Override
    public @Nullable Instant deadline() {
        return retryAt;
    }

    private void note(Service service) {
        if (!ServiceEndpoints.allocated(service)) {
            services.add(service.getId());
        }
        retryAll();
    }

    private void note(Task task) {
        if (task.getStatus().getState() == TaskState.NEW) {
            tasks.add(task.getId());
        }
    }

    private void forget(Task task) {
        tasks.remove(task.getId());
        waiting.remove(task.getId());
        retryAll();
    }

    private void retryAll() {
        services.addAll(waiting);
        tasks.addAll(waiting);
        waiting.clear();
        retryAt = null;
    }

    private static void allocateService(Tx tx, String id) {
        @Nullable Service service = tx.get(Table.SERVICES, id);
        if (service != null && !ServiceEndpoints.allocated(service)) {
            tx.update(Table.SERVICES, ServiceEndpoints.allocate(service));
        }
    }

    private void allocateTask(Tx tx, String id, Instant now, Set<String> undecided) {
        @Nullable Task task = tx.get(Table.TASKS, id);
        if (task == null || task.getStatus().getState() != TaskState.NEW) {
            return;
        }
        for (Voter voter : voters) {
            switch (voter.vote(tx, task)) {
                case Voter.Allocated(Task allocated) -> task = allocated;
                case Voter.Waits(String reason) -> {
                    LOG.debug("task {} waits for {}: {}", id, voter.name(), reason);
                    undecided.add(id);
                    return;
                }
            }
        }
        tx.update(Table.TASKS, task.toBuilder().setStatus(pending(task.getStatus(), now)).build());
    }

    private static TaskStatus pending(TaskStatus status, Instant now) {
        return status.toBuilder()
                .setState(TaskState.PENDING)
                .setMessage(PENDING_MESSAGE)
                .setTimestamp(Timestamp.newBuilder().setSeconds(now.getEpochSecond()).setNanos(now.getNano()))
                .build();
    }

    /** Notes what the store refused, which it does when it is full or no longer ours, never because of the object. */
    private boolean report(List<String> ids, List<@Nullable StoreException> refusals) {
        boolean any = false;
        for (int i = 0; i < refusals.size(); i++) {
            @Nullable StoreException refusal = refusals.get(i);
            if (refusal != null) {
                any = true;
                waiting.add(ids.get(i));
                if (trouble.begins(String.valueOf(refusal.getMessage()))) {
                    LOG.warn(
                            "{} and maybe others are not allocated, tried again each second: {}",
                            ids.get(i),
                            refusal.getMessage());
                }
            }
        }
        if (!any) {
            trouble.ends();
        }
        return any;
    }
}
