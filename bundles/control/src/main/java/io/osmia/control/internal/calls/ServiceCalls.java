package io.osmia.control.internal.calls;

import io.osmia.control.internal.rules.Refusal;
import io.osmia.control.internal.rules.ServiceRules;
import io.osmia.control.internal.support.SupportedFields;
import io.osmia.control.internal.support.Templates;
import io.osmia.control.internal.support.Unsupported;
import io.osmia.store.By;
import io.osmia.store.Names;
import io.osmia.store.StoreException;
import io.osmia.store.Table;
import io.osmia.store.Tx;
import io.osmia.wire.swarmkit.CreateServiceRequest;
import io.osmia.wire.swarmkit.CreateServiceResponse;
import io.osmia.wire.swarmkit.GetServiceRequest;
import io.osmia.wire.swarmkit.GetServiceResponse;
import io.osmia.wire.swarmkit.ListServiceStatusesRequest;
import io.osmia.wire.swarmkit.ListServiceStatusesResponse;
import io.osmia.wire.swarmkit.ListServicesRequest;
import io.osmia.wire.swarmkit.ListServicesResponse;
import io.osmia.wire.swarmkit.RemoveServiceRequest;
import io.osmia.wire.swarmkit.RemoveServiceResponse;
import io.osmia.wire.swarmkit.Service;
import io.osmia.wire.swarmkit.ServiceSpec;
import io.osmia.wire.swarmkit.UpdateServiceRequest;
import io.osmia.wire.swarmkit.UpdateServiceResponse;
import io.osmia.wire.swarmkit.Version;
import java.util.Optional;

/** Calls about services (rules 1.3 and 1.4). */
public final class ServiceCalls {

    private final StoreAccess store;

    public ServiceCalls(StoreAccess store) {
        this.store = store;
    }

    public GetServiceResponse get(GetServiceRequest request) {
        Service service = StoreAccess.existing(store.view(), Table.SERVICES, request.getServiceId());
        return GetServiceResponse.newBuilder()
                .setService(request.getInsertDefaults() ? ServiceDefaults.insert(service) : service)
                .build();
    }

    public ListServicesResponse list(ListServicesRequest request) {
        ListServicesRequest.Filters filters = request.getFilters();
        Selection<Service> selection = new Selection<>(
                Table.SERVICES, service -> service.getSpec().getAnnotations().getName())
                .names(filters.getNamesList())
                .namePrefixes(filters.getNamePrefixesList())
                .idPrefixes(filters.getIdPrefixesList())
                .filter(
                        filters.getRuntimesList(),
                        By.Runtime::new,
                        service -> filters.getRuntimesList()
                                .contains(Names.runtime(service.getSpec().getTask()).orElse("")))
                .labels(
                        filters.getLabelsMap(),
                        service -> service.getSpec().getAnnotations().getLabelsMap());
        return ListServicesResponse.newBuilder()
                .addAllServices(selection.from(store.view()))
                .build();
    }

    public ListServiceStatusesResponse statuses(ListServiceStatusesRequest request) {
        ServiceStatuses statuses = new ServiceStatuses(store.view());
        return ListServiceStatusesResponse.newBuilder()
                .addAllStatuses(
                        request.getServicesList().stream().map(statuses::of).toList())
                .build();
    }

    public CreateServiceResponse create(CreateServiceRequest request) {
        StoreAccess.need(request.hasSpec());
        ServiceSpec spec = request.getSpec();
        Refusal.raise(ServiceRules.check(spec));
        Refusal.raise(unsupported(spec, ServiceSpec.getDefaultInstance()));
        Service service = Service.newBuilder()
                .setId(store.ids().next())
                .setSpec(spec)
                // present and zero, so that its tasks are one group for the scheduler (rules 1.1.6, 4.1.5)
                .setSpecVersion(Version.getDefaultInstance())
                .build();
        Service created = store.write(tx -> create(tx, service));
        return CreateServiceResponse.newBuilder().setService(created).build();
    }

    private static Service create(Tx tx, Service service) {
        try {
            return tx.create(Table.SERVICES, service);
        } catch (StoreException refused) {
            throw refused.reason() == StoreException.Reason.NAME_CONFLICT
                    ? Refusal.exists(refused.reason().text() + ": service "
                            + service.getSpec().getAnnotations().getName() + " already exists")
                            .exception()
                    : refused;
        }
    }

    public UpdateServiceResponse update(UpdateServiceRequest request) {
        StoreAccess.need(!request.getServiceId().isEmpty() && request.hasServiceVersion() && request.hasSpec());
        Refusal.raise(ServiceRules.check(request.getSpec()));
        Service updated = store.write(tx -> update(tx, request));
        return UpdateServiceResponse.newBuilder().setService(updated).build();
    }

    /** Rule 1.4.18: what changes between the specs is judged before the version, as SwarmKit does. */
    private Service update(Tx tx, UpdateServiceRequest request) {
        Service stored = StoreAccess.existing(tx, Table.SERVICES, request.getServiceId());
        Refusal.raise(ServiceChange.objection(stored.getSpec(), request.getSpec()));
        return switch (request.getRollback()) {
            case NONE -> replace(tx, stored, request);
            case PREVIOUS -> rollBack(tx, stored, request);
            case UNRECOGNIZED -> throw Refusal.INVALID_ARGUMENT.exception();
        };
    }

    private static Service replace(Tx tx, Service stored, UpdateServiceRequest request) {
        StoreAccess.sameVersion(Table.SERVICES, stored, request.getServiceVersion());
        Refusal.raise(unsupported(request.getSpec(), stored.getSpec()));
        return tx.update(
                Table.SERVICES, ServiceChange.replaced(stored, request.getSpec(), request.getServiceVersion()));
    }

    private Service rollBack(Tx tx, Service stored, UpdateServiceRequest request) {
        Refusal.raise(ServiceChange.objectionToRollback(stored));
        StoreAccess.sameVersion(Table.SERVICES, stored, request.getServiceVersion());
        return tx.update(Table.SERVICES, ServiceChange.rolledBack(stored, store.now()));
    }

    /** Rule breaks are told first, so that a user is not sent away to wait for what would be refused anyway. */
    private static Optional<Refusal> unsupported(ServiceSpec spec, ServiceSpec stored) {
        return Unsupported.in(SupportedFields.SERVICE, spec, stored)
                .or(() -> Templates.in(spec.getTask().getContainer()));
    }

    /** Rule 1.4.19: gone at once; its tasks are the orchestrator's. */
    public RemoveServiceResponse remove(RemoveServiceRequest request) {
        store.write(tx -> {
            Service stored = StoreAccess.existing(tx, Table.SERVICES, request.getServiceId());
            tx.delete(Table.SERVICES, stored.getId());
            return stored;
        });
        return RemoveServiceResponse.getDefaultInstance();
    }
}
