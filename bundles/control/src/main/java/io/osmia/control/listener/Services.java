package io.osmia.control.listener;

import io.grpc.BindableService;
import io.grpc.ServerMethodDefinition;
import io.grpc.ServerServiceDefinition;
import io.osmia.roles.Channels;
import io.osmia.roles.Membership;
import io.osmia.roles.ReadBarrier;
import io.osmia.roles.Readiness;
import io.osmia.store.Store;
import io.osmia.store.Table;
import io.osmia.wire.swarmkit.ControlGrpc;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.component.annotations.ReferenceCardinality;
import org.osgi.service.component.annotations.ReferencePolicy;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The gRPC services that exist at this moment, whoever offers them. They come and go while the listeners stay.
 *
 * <p>Reading is free of locks; changes come from the threads of the service registry.
 */
@Component(service = Services.class)
public final class Services {

    private static final Logger LOG = LoggerFactory.getLogger(Services.class);

    /** One offered service. */
    record Offer(BindableService service, ServerServiceDefinition definition, Object listener) {

        String name() {
            return definition.getServiceDescriptor().getName();
        }
    }

    private final List<Runnable> watchers = new CopyOnWriteArrayList<>();
    private volatile List<Offer> offers = List.of(); // replaced under this object's lock
    private final Present<Store> store = new Present<>();
    private final Present<Readiness> readiness = new Present<>();
    private final Present<Membership> membership = new Present<>();
    private final Present<Channels> channels = new Present<>();
    private final Present<ReadBarrier> barrier = new Present<>();
    private final CatchingUp catchingUp = new CatchingUp(this::changed);

    @Reference(cardinality = ReferenceCardinality.MULTIPLE, policy = ReferencePolicy.DYNAMIC)
    void addService(BindableService service, Map<String, Object> properties) {
        Object listener = properties.getOrDefault(Reach.PROPERTY, "both");
        Reach.LOCAL.offers(listener);
        Offer offer = new Offer(service, Readable.of(service.bindService()), listener);
        synchronized (this) {
            List<Offer> more = new ArrayList<>(offers);
            more.add(offer);
            offers = List.copyOf(more);
        }
        LOG.debug("{} is offered", offer.name());
        changed();
    }

    void removeService(BindableService service) {
        synchronized (this) {
            offers = offers.stream().filter(offer -> offer.service() != service).toList();
        }
        LOG.debug("{} is gone", service.getClass().getName());
        changed();
    }

    /** Optional, so that the listeners do not wait for the store, which may itself wait to know their address. */
    @Reference(cardinality = ReferenceCardinality.OPTIONAL, policy = ReferencePolicy.DYNAMIC)
    void addStore(Store present) {
        store.comes(present);
    }

    void removeStore(Store gone) {
        store.goes(gone);
    }

    @Reference(cardinality = ReferenceCardinality.OPTIONAL, policy = ReferencePolicy.DYNAMIC)
    void addReadiness(Readiness present) {
        readiness.comes(present);
    }

    void removeReadiness(Readiness gone) {
        readiness.goes(gone);
    }

    @Reference(cardinality = ReferenceCardinality.OPTIONAL, policy = ReferencePolicy.DYNAMIC)
    void addMembership(Membership present) {
        membership.comes(present);
    }

    void removeMembership(Membership gone) {
        membership.goes(gone);
    }

    @Reference(cardinality = ReferenceCardinality.OPTIONAL, policy = ReferencePolicy.DYNAMIC)
    void addChannels(Channels present) {
        channels.comes(present);
    }

    void removeChannels(Channels gone) {
        channels.goes(gone);
    }

    @Reference(cardinality = ReferenceCardinality.OPTIONAL, policy = ReferencePolicy.DYNAMIC)
    void addBarrier(ReadBarrier present) {
        barrier.comes(present);
        catchingUp.begin(present);
    }

    void removeBarrier(ReadBarrier gone) {
        catchingUp.end(gone);
        barrier.goes(gone);
    }

    Optional<Membership> membership() {
        return membership.service();
    }

    Optional<Channels> channels() {
        return channels.service();
    }

    Optional<ReadBarrier> barrier() {
        return barrier.service();
    }

    /** Why this manager takes no changes, if so. */
    Optional<String> trouble() {
        return readiness.service().flatMap(Readiness::trouble);
    }

    Optional<Store> store() {
        return store.service();
    }

    /** What a listener offers; of several with the same name the first counts. */
    List<Offer> offers(Reach reach) {
        return offers.stream().filter(offer -> reach.offers(offer.listener())).toList();
    }

    /** A service of that name at a listener. */
    Optional<ServerServiceDefinition> find(Reach reach, String name) {
        for (Offer offer : offers) {
            if (offer.name().equals(name) && reach.offers(offer.listener())) {
                return Optional.of(offer.definition());
            }
        }
        return Optional.empty();
    }

    /**
     * The method at a listener; the methods of one service may be offered by several.
     *
     * @param fullMethod as gRPC has it
     */
    Optional<ServerMethodDefinition<?, ?>> method(Reach reach, String service, String fullMethod) {
        for (Offer offer : offers) {
            if (offer.name().equals(service) && reach.offers(offer.listener())) {
                ServerMethodDefinition<?, ?> method = offer.definition().getMethod(fullMethod);
                if (method != null) {
                    return Optional.of(method);
                }
            }
        }
        return Optional.empty();
    }

    private void changed() {
        watchers.forEach(Runnable::run);
    }

    /**
     * Whether the cluster is known here, as it stands and not as the last snapshot had it, without which no read has an answer;
     * true while nobody has a store.
     */
    boolean knowsCluster() {
        return catchingUp.isDone() && store().map(present -> present.view().count(Table.CLUSTERS) > 0).orElse(true);
    }

    /** Whether calls of the Control service have answers at a listener: it is offered, and there is a cluster to speak of. */
    boolean servesControl(Reach reach) {
        return find(reach, ControlGrpc.SERVICE_NAME).isPresent() && knowsCluster();
    }

    /** Calls the watcher after each change, on the thread that made it. */
    void watch(Runnable watcher) {
        watchers.add(watcher);
    }

    void unwatch(Runnable watcher) {
        watchers.remove(watcher);
    }
}
