package io.osmia.control.internal.calls;

import io.osmia.control.internal.rules.Refusal;
import io.osmia.store.Table;
import io.osmia.wire.swarmkit.CreateResourceRequest;
import io.osmia.wire.swarmkit.CreateResourceResponse;
import io.osmia.wire.swarmkit.GetResourceRequest;
import io.osmia.wire.swarmkit.GetResourceResponse;
import io.osmia.wire.swarmkit.ListResourcesRequest;
import io.osmia.wire.swarmkit.ListResourcesResponse;
import io.osmia.wire.swarmkit.RemoveResourceRequest;
import io.osmia.wire.swarmkit.RemoveResourceResponse;
import io.osmia.wire.swarmkit.Resource;
import io.osmia.wire.swarmkit.UpdateResourceRequest;
import io.osmia.wire.swarmkit.UpdateResourceResponse;

/** Calls about resources of extensions (rule 1.9.4); none can be made yet. */
public final class ResourceCalls {

    private static final Refusal NO_ID = Refusal.invalid("resource ID must be present");

    private final StoreAccess store;

    public ResourceCalls(StoreAccess store) {
        this.store = store;
    }

    public GetResourceResponse get(GetResourceRequest request) {
        return GetResourceResponse.newBuilder()
                .setResource(StoreAccess.existing(store.view(), Table.RESOURCES, request.getResourceId(), NO_ID))
                .build();
    }

    public ListResourcesResponse list(ListResourcesRequest request) {
        ListResourcesRequest.Filters filters = request.getFilters();
        return ListResourcesResponse.newBuilder()
                .addAllResources(store
                        .view()
                        .find(
                                Table.RESOURCES,
                                Union.of(
                                        filters.getNamesList(),
                                        filters.getNamePrefixesList(),
                                        filters.getIdPrefixesList()))
                        .stream()
                        .filter(resource -> isOfKind(resource, filters.getKind()))
                        .filter(resource -> Selection.hasAll(
                                resource.getAnnotations().getLabelsMap(), filters.getLabelsMap()))
                        .toList())
                .build();
    }

    private static boolean isOfKind(Resource resource, String kind) {
        return kind.isEmpty() || kind.equals(resource.getKind());
    }

    public CreateResourceResponse create(CreateResourceRequest request) {
        if (request.getAnnotations().getName().isEmpty()) {
            throw Refusal.invalid("Resource must have a name").exception();
        }
        if (request.getKind().isEmpty()) {
            throw Refusal.invalid("Resource must belong to an Extension").exception();
        }
        throw Refusal.notYet("CreateResource").exception();
    }

    public UpdateResourceResponse update(UpdateResourceRequest request) {
        StoreAccess.existing(store.view(), Table.RESOURCES, request.getResourceId(), NO_ID);
        throw Refusal.notYet("UpdateResource").exception();
    }

    public RemoveResourceResponse remove(RemoveResourceRequest request) {
        StoreAccess.existing(store.view(), Table.RESOURCES, request.getResourceId(), NO_ID);
        throw Refusal.notYet("RemoveResource").exception();
    }
}
