package io.osmia.agent.internal.task;

import io.osmia.api.executor.Executor;
import io.osmia.api.executor.ExecutorDescription;
import io.osmia.api.executor.ExecutorException;
import io.osmia.api.executor.TaskHandle;
import io.osmia.wire.ImageReference;
import io.osmia.wire.swarmkit.Task;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import org.osgi.framework.Constants;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.component.annotations.ReferenceCardinality;
import org.osgi.service.component.annotations.ReferencePolicy;
import org.osgi.service.component.annotations.ReferencePolicyOption;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The executors that are installed on this node now, and which of them runs a task.
 *
 * <p>While one is exchanged for another, what arrives waits until it is admitted, and the node's description goes on naming the
 * former one.
 */
@Component(service = Executors.class)
public final class Executors {

    private static final Logger LOG = LoggerFactory.getLogger(Executors.class);
    private static final String ANY_IMAGE = "*";

    /** Of programs of the machine itself: never a container. */
    private static final String HOST_IMAGE = "docker.io/osmia/host";

    private static final Duration DETACH = Duration.ofSeconds(1);
    private static final Duration READING = Duration.ofMillis(400);

    /** Wants to know when executors come and go. */
    public interface Listener {

        void arrived(Installed executor);

        /** The executor is no longer offered; nothing uses it when this returns, but for calls that were given up. */
        void departed(Installed executor);
    }

    /** An executor and what it says of itself. */
    public record Offer(Installed installed, ExecutorDescription description) {

        public Executor executor() {
            return installed.executor();
        }
    }

    /**
     * An exchange that is under way.
     *
     * @param bundles whose executors wait when they arrive
     * @param kept descriptions of those that have left
     */
    private record Exchange(Set<Long> bundles, List<ExecutorDescription> kept) {}

    // The newest first, so that it gets the new work.
    private final List<Installed> executors = new CopyOnWriteArrayList<>();
    private final List<Listener> listeners = new CopyOnWriteArrayList<>();
    private final Set<OutputReading> readings = ConcurrentHashMap.newKeySet();
    private final Object arriving = new Object();
    // the following are guarded by arriving
    private final List<Installed> waiting = new ArrayList<>();
    private volatile @Nullable Exchange exchange;
    private volatile String containerKind = "";
    // Kinds that have taken work since this node started: work waits for them, while it does not for what was never there.
    private final Set<String> proven = ConcurrentHashMap.newKeySet();

    @Reference(cardinality = ReferenceCardinality.MULTIPLE, policy = ReferencePolicy.DYNAMIC, policyOption = ReferencePolicyOption.GREEDY, unbind = "remove")
    void bind(Executor executor, Map<String, Object> properties) {
        add(executor, properties.get(Constants.SERVICE_BUNDLEID) instanceof Long bundle ? bundle : -1);
    }

    public void add(Executor executor) {
        add(executor, -1);
    }

    /** @param bundle id of the bundle that it came from */
    void add(Executor executor, long bundle) {
        Installed arrived = new Installed(executor, bundle);
        // Who is told of it will ask.
        arrived.describe();
        synchronized (arriving) {
            Exchange now = exchange;
            if (now != null && now.bundles().contains(bundle)) {
                waiting.add(arrived);
                arriving.notifyAll();
                return;
            }
        }
        offer(arrived);
    }

    private void offer(Installed arrived) {
        synchronized (arriving) {
            executors.addFirst(arrived);
            arriving.notifyAll();
        }
        listeners.forEach(listener -> listener.arrived(arrived));
    }

    /** Takes the executor out of use; its workloads run on. */
    public void remove(Executor executor) {
        synchronized (arriving) {
            waiting.removeIf(installed -> installed.executor() == executor);
        }
        executors.stream().filter(installed -> installed.executor() == executor).forEach(this::leave);
    }

    /** Takes it out of use and has it let go of its workloads. */
    void leave(Installed leaving) {
        if (!executors.remove(leaving)) {
            return;
        }
        readings.forEach(reading -> reading.departs(leaving));
        listeners.forEach(listener -> listener.departed(leaving));
        try {
            long deadline = System.nanoTime() + READING.toNanos();
            for (OutputReading reading : readings) {
                reading.awaitRelease(leaving, deadline);
            }
            leaving.within("detach", DETACH, () -> {
                leaving.executor().detach();
                return true;
            });
        } catch (ExecutorException e) {
            LOG.warn("executor {} did not let go of its workloads in order: {}", leaving, Wishes.text(e));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** From now on executors of these bundles wait when they arrive, and those that are here are still described. */
    void reserve(Set<Long> bundles) {
        List<ExecutorDescription> kept = new ArrayList<>();
        of(bundles).forEach(leaving -> leaving.describe().ifPresent(kept::add));
        exchange = new Exchange(Set.copyOf(bundles), List.copyOf(kept));
    }

    /** The executors of these bundles that are in use. */
    List<Installed> of(Set<Long> bundles) {
        return executors.stream().filter(installed -> bundles.contains(installed.bundle())).toList();
    }

    /** Waits for an executor of that bundle; empty when none comes in time. */
    Optional<Installed> awaitArrival(long bundle, Duration bound) throws InterruptedException {
        long deadline = System.nanoTime() + bound.toNanos();
        synchronized (arriving) {
            while (true) {
                Optional<Installed> arrived =
                        waiting.stream().filter(one -> one.bundle() == bundle).findFirst();
                long left = TimeUnit.NANOSECONDS.toMillis(deadline - System.nanoTime());
                if (arrived.isPresent() || left <= 0) {
                    return arrived;
                }
                arriving.wait(left);
            }
        }
    }

    /** Whether it has arrived, and neither been admitted nor left again. */
    boolean waits(Installed arrived) {
        synchronized (arriving) {
            return waiting.contains(arrived);
        }
    }

    /** Offers what waited, and ends the exchange; false when it has left again. */
    boolean admit(Installed arrived) {
        List<Installed> others;
        synchronized (arriving) {
            if (!waiting.remove(arrived)) {
                return false;
            }
            executors.addFirst(arrived);
            others = end();
            arriving.notifyAll();
        }
        listeners.forEach(listener -> listener.arrived(arrived));
        others.forEach(this::offer);
        return true;
    }

    /** Ends the exchange; what still waits is for the caller to offer. */
    private List<Installed> end() {
        synchronized (arriving) {
            List<Installed> left = List.copyOf(waiting);
            waiting.clear();
            exchange = null;
            return left;
        }
    }

    /** Ends the exchange, whatever came of it; what still waits is offered. */
    void release() {
        List<Installed> left = end();
        left.forEach(this::offer);
        if (left.isEmpty()) {
            // The description has named what is not here.
            executors.stream().findFirst().ifPresent(any -> listeners.forEach(listener -> listener.arrived(any)));
        }
    }

    void reads(OutputReading reading) {
        readings.add(reading);
    }

    void readsNoMore(OutputReading reading) {
        readings.remove(reading);
    }

    /** {@link #forHandle}; while an exchange is under way, or at least so long, it is waited for. */
    Optional<Offer> awaitOffer(TaskHandle handle, Duration bound) throws InterruptedException {
        long begun = System.nanoTime();
        while (true) {
            Optional<Offer> offer = forHandle(handle);
            long left = TimeUnit.NANOSECONDS.toMillis(begun + bound.toNanos() - System.nanoTime());
            if (offer.isPresent() || (left <= 0 && !changing())) {
                return offer;
            }
            synchronized (arriving) {
                // In steps: one that did not return from a call may do so now.
                arriving.wait(100);
            }
        }
    }

    /** Whether an executor is being exchanged for another. */
    public boolean changing() {
        return exchange != null;
    }

    public void listen(Listener listener) {
        listeners.add(listener);
    }

    public void forget(Listener listener) {
        listeners.remove(listener);
    }

    boolean present(Installed executor) {
        return executors.contains(executor);
    }

    /** All executors with what they say of themselves now. One that does not return from a call is not among them. */
    public List<Offer> offers() {
        List<Offer> offers = new ArrayList<>();
        for (Installed executor : executors) {
            if (executor.trouble().isEmpty()) {
                executor.describe().ifPresent(description -> offers.add(new Offer(executor, description)));
            }
        }
        return offers;
    }

    /** What the node's description is to say of executors. */
    public List<ExecutorDescription> described() {
        List<ExecutorDescription> described =
                new ArrayList<>(offers().stream().map(Offer::description).toList());
        Exchange now = exchange;
        if (now != null) {
            described.addAll(now.kept());
        }
        return described;
    }

    /** Why the executor for the handle, or some executor, is not to be called; empty when there is none that is in trouble. */
    Optional<String> trouble(@Nullable TaskHandle handle) {
        return executors.stream()
                .filter(executor -> handle == null || executor.describe()
                        .filter(description -> description.kind().equals(handle.executorKind()))
                        .isPresent())
                .flatMap(executor -> executor.trouble().stream())
                .findFirst();
    }

    /** Why executors of that bundle are not to be called now. */
    Optional<String> trouble(long bundle) {
        return of(Set.of(bundle)).stream().flatMap(executor -> executor.trouble().stream()).findFirst();
    }

    /** Has containers run by executors of that kind alone; empty for whichever is here. */
    public void containersBy(String kind) {
        containerKind = kind;
    }

    /**
     * The executor for a new task: one that names the image or the generic kind, else, for a container, the one that the node
     * runs containers with. Of several of that sort the first by kind, so that it is always the same one: while that one is
     * exchanged, or its engine is away, the task waits for it.
     */
    public Optional<Offer> forTask(Task task) {
        return choice(task).flatMap(chosen -> first(
                offers(), description -> description.available() && description.kind().equals(chosen.kind())));
    }

    /** Why nobody takes a new task now. */
    String lack(Task task) {
        return choice(task)
                .filter(chosen -> !chosen.available())
                .map(chosen -> "executor " + chosen.kind() + " takes no work at the moment, waiting for it: "
                        + chosen.message())
                .orElse("no executor for it is installed on this node, waiting for one");
    }

    /** What runs the task, whether or not it takes work now. */
    private Optional<ExecutorDescription> choice(Task task) {
        List<ExecutorDescription> candidates = candidates();
        if (task.getSpec().hasGeneric()) {
            String kind = task.getSpec().getGeneric().getKind().toLowerCase(Locale.ROOT);
            return candidates.stream().filter(candidate -> candidate.genericKinds().contains(kind)).findFirst();
        }
        String image = task.getSpec().getContainer().getImage();
        String repository = ImageReference.parse(image).map(ImageReference::repository).orElse(image);
        String wanted = containerKind;
        return candidates.stream()
                .filter(candidate -> candidate.images().contains(repository))
                .findFirst()
                .or(() -> candidates.stream()
                        .filter(candidate -> !repository.equals(HOST_IMAGE))
                        .filter(candidate -> candidate.images().contains(ANY_IMAGE))
                        .filter(candidate -> wanted.isEmpty() || candidate.kind().equals(wanted))
                        .min(Comparator.comparing(ExecutorDescription::kind)));
    }

    /** Those that take work, and those that did and may again; of one kind first what takes work, then the newest. */
    private List<ExecutorDescription> candidates() {
        List<ExecutorDescription> candidates = new ArrayList<>();
        executors.forEach(executor -> executor.describe().ifPresent(candidates::add));
        Exchange now = exchange;
        if (now != null) {
            candidates.addAll(now.kept());
        }
        candidates.stream().filter(ExecutorDescription::available).forEach(able -> proven.add(able.kind()));
        return candidates.stream()
                .filter(candidate -> proven.contains(candidate.kind()))
                .sorted(Comparator.comparing(ExecutorDescription::available).reversed())
                .toList();
    }

    /** The executor that can find the workload again. */
    public Optional<Offer> forHandle(TaskHandle handle) {
        return first(offers(), description -> description.kind().equals(handle.executorKind())
                && description.handleVersions().contains(handle.version()));
    }

    /** An executor of that kind. */
    Optional<Offer> ofKind(String kind) {
        return first(offers(), description -> description.kind().equals(kind));
    }

    private static Optional<Offer> first(List<Offer> offers, Predicate<ExecutorDescription> fits) {
        return offers.stream().filter(offer -> fits.test(offer.description())).findFirst();
    }
}
