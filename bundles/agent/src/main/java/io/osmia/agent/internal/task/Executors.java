package io.osmia.agent.internal.task;

import io.osmia.api.executor.Executor;
import io.osmia.api.executor.ExecutorDescription;
import io.osmia.api.executor.TaskHandle;
import io.osmia.wire.ImageReference;
import io.osmia.wire.swarmkit.Task;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Predicate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.component.annotations.ReferenceCardinality;
import org.osgi.service.component.annotations.ReferencePolicy;
import org.osgi.service.component.annotations.ReferencePolicyOption;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The executors that are installed on this node now, and which of them runs a task. */
@Component(service = Executors.class)
public final class Executors {

    private static final Logger LOG = LoggerFactory.getLogger(Executors.class);
    private static final String ANY_IMAGE = "*";

    /** Wants to know when executors come and go. */
    public interface Listener {

        void arrived(Executor executor);

        /** The executor is no longer offered; nothing may use it when this returns. */
        void departed(Executor executor);
    }

    /** An executor and what it says of itself. */
    public record Offer(Executor executor, ExecutorDescription description) {}

    // The newest first, so that it gets the new work.
    private final List<Executor> executors = new CopyOnWriteArrayList<>();
    private final List<Listener> listeners = new CopyOnWriteArrayList<>();

    @Reference(cardinality = ReferenceCardinality.MULTIPLE, policy = ReferencePolicy.DYNAMIC, policyOption = ReferencePolicyOption.GREEDY, unbind = "remove")
    public void add(Executor executor) {
        executors.addFirst(executor);
        listeners.forEach(listener -> listener.arrived(executor));
    }

    /** Takes the executor out of use; its workloads run on. */
    public void remove(Executor executor) {
        executors.remove(executor);
        listeners.forEach(listener -> listener.departed(executor));
        try {
            executor.detach();
        } catch (RuntimeException | LinkageError e) {
            LOG.warn("executor {} did not let go of its workloads in order", executor.getClass().getName(), e);
        }
    }

    public void listen(Listener listener) {
        listeners.add(listener);
    }

    public void forget(Listener listener) {
        listeners.remove(listener);
    }

    public boolean present(Executor executor) {
        return executors.contains(executor);
    }

    /** All executors with what they say of themselves now. */
    public List<Offer> offers() {
        List<Offer> offers = new ArrayList<>();
        for (Executor executor : executors) {
            try {
                offers.add(new Offer(executor, executor.describe()));
            } catch (RuntimeException | LinkageError e) {
                LOG.error("executor {} cannot describe itself and gets no work", executor.getClass().getName(), e);
            }
        }
        return offers;
    }

    /** The executor for a new task: one that names the image or kind, else one that takes any image. */
    public Optional<Offer> forTask(Task task) {
        List<Offer> able = offers().stream().filter(offer -> offer.description().available()).toList();
        if (task.getSpec().hasGeneric()) {
            String kind = task.getSpec().getGeneric().getKind();
            return first(able, description -> description.genericKinds().contains(kind));
        }
        String image = task.getSpec().getContainer().getImage();
        String repository = ImageReference.parse(image).map(ImageReference::repository).orElse(image);
        return first(able, description -> description.images().contains(repository))
                .or(() -> first(able, description -> description.images().contains(ANY_IMAGE)));
    }

    /** The executor that can find the workload again. */
    public Optional<Offer> forHandle(TaskHandle handle) {
        return first(offers(), description -> description.kind().equals(handle.executorKind())
                && description.handleVersions().contains(handle.version()));
    }

    private static Optional<Offer> first(List<Offer> offers, Predicate<ExecutorDescription> fits) {
        return offers.stream().filter(offer -> fits.test(offer.description())).findFirst();
    }
}
