package io.osmia.control.internal.calls;

import io.osmia.control.internal.rules.Refusal;
import io.osmia.store.Table;
import io.osmia.wire.swarmkit.CreateExtensionRequest;
import io.osmia.wire.swarmkit.CreateExtensionResponse;
import io.osmia.wire.swarmkit.GetExtensionRequest;
import io.osmia.wire.swarmkit.GetExtensionResponse;
import io.osmia.wire.swarmkit.RemoveExtensionRequest;
import io.osmia.wire.swarmkit.RemoveExtensionResponse;

/** Calls about extensions (rule 1.9.3); none can be made yet. */
public final class ExtensionCalls {

    private static final Refusal NO_ID = Refusal.invalid("extension ID must be provided");

    private final StoreAccess store;

    public ExtensionCalls(StoreAccess store) {
        this.store = store;
    }

    public GetExtensionResponse get(GetExtensionRequest request) {
        return GetExtensionResponse.newBuilder()
                .setExtension(
                        StoreAccess.existing(store.view(), Table.EXTENSIONS, request.getExtensionId(), NO_ID))
                .build();
    }

    public CreateExtensionResponse create(CreateExtensionRequest request) {
        if (request.getAnnotations().getName().isEmpty()) {
            throw Refusal.invalid("extension name must be provided").exception();
        }
        throw Refusal.notYet("CreateExtension").exception();
    }

    public RemoveExtensionResponse remove(RemoveExtensionRequest request) {
        StoreAccess.toRemove(store.view(), Table.EXTENSIONS, request.getExtensionId(), NO_ID);
        throw Refusal.notYet("RemoveExtension").exception();
    }
}
