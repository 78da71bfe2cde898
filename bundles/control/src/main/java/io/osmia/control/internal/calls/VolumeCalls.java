package io.osmia.control.internal.calls;

import io.osmia.control.internal.rules.Refusal;
import io.osmia.store.By;
import io.osmia.store.Table;
import io.osmia.wire.swarmkit.CreateVolumeRequest;
import io.osmia.wire.swarmkit.CreateVolumeResponse;
import io.osmia.wire.swarmkit.GetVolumeRequest;
import io.osmia.wire.swarmkit.GetVolumeResponse;
import io.osmia.wire.swarmkit.ListVolumesRequest;
import io.osmia.wire.swarmkit.ListVolumesResponse;
import io.osmia.wire.swarmkit.RemoveVolumeRequest;
import io.osmia.wire.swarmkit.RemoveVolumeResponse;
import io.osmia.wire.swarmkit.UpdateVolumeRequest;
import io.osmia.wire.swarmkit.UpdateVolumeResponse;
import io.osmia.wire.swarmkit.Volume;

/** Calls about cluster volumes (rule 1.9.2); none can be made yet. */
public final class VolumeCalls {

    private static final Refusal NO_ID = Refusal.invalid("VolumeID must not be empty");

    private final StoreAccess store;

    public VolumeCalls(StoreAccess store) {
        this.store = store;
    }

    public GetVolumeResponse get(GetVolumeRequest request) {
        return GetVolumeResponse.newBuilder()
                .setVolume(StoreAccess.existing(store.view(), Table.VOLUMES, request.getVolumeId()))
                .build();
    }

    /** Filters in an order of their own (rule 1.3.6). */
    public ListVolumesResponse list(ListVolumesRequest request) {
        ListVolumesRequest.Filters filters = request.getFilters();
        return ListVolumesResponse.newBuilder()
                .addAllVolumes(new Selection<>(
                        Table.VOLUMES, (Volume volume) -> volume.getSpec().getAnnotations().getName())
                        .names(filters.getNamesList())
                        .idPrefixes(filters.getIdPrefixesList())
                        .filter(
                                filters.getGroupsList(),
                                By.VolumeGroup::new,
                                volume -> filters.getGroupsList().contains(volume.getSpec().getGroup()))
                        .filter(
                                filters.getDriversList(),
                                By.VolumeDriver::new,
                                volume -> filters.getDriversList()
                                        .contains(volume.getSpec().getDriver().getName()))
                        .namePrefixes(filters.getNamePrefixesList())
                        .labels(
                                filters.getLabelsMap(),
                                volume -> volume.getSpec().getAnnotations().getLabelsMap())
                        .from(store.view()))
                .build();
    }

    public CreateVolumeResponse create(CreateVolumeRequest request) {
        if (!request.hasSpec()) {
            throw Refusal.invalid("spec must not be nil").exception();
        }
        throw Refusal.notYet("CreateVolume").exception();
    }

    public UpdateVolumeResponse update(UpdateVolumeRequest request) {
        StoreAccess.existing(store.view(), Table.VOLUMES, request.getVolumeId(), NO_ID);
        throw Refusal.notYet("UpdateVolume").exception();
    }

    public RemoveVolumeResponse remove(RemoveVolumeRequest request) {
        StoreAccess.existing(store.view(), Table.VOLUMES, request.getVolumeId());
        throw Refusal.notYet("RemoveVolume").exception();
    }
}
