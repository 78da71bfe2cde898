package io.osmia.control.internal;

import io.grpc.BindableService;
import io.grpc.ServerServiceDefinition;
import io.osmia.ca.CaConfiguration;
import io.osmia.control.internal.calls.ClusterCalls;
import io.osmia.control.internal.calls.JoinTokenSource;
import io.osmia.control.internal.calls.NodeCalls;
import io.osmia.control.internal.calls.StoreAccess;
import io.osmia.control.internal.calls.UnlockKeySource;
import io.osmia.roles.Clock;
import io.osmia.roles.Credentials;
import io.osmia.roles.Ids;
import io.osmia.roles.Leadership;
import io.osmia.roles.ManagerRole;
import io.osmia.roles.MemberChanges;
import io.osmia.roles.Membership;
import io.osmia.scheduler.PlacementRules;
import io.osmia.store.Store;
import java.security.SecureRandom;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;

/** The calls of {@code docker.swarmkit.v1.Control} that change something, on the leader. */
@Component(service = BindableService.class)
public final class ControlWrites implements BindableService {

    private final ControlWriteCalls calls;

    /** @param founded there is a cluster to speak of */
    @Activate
    public ControlWrites(
            @Reference Founded founded,
            @Reference Leadership leadership,
            @Reference ManagerRole manager,
            @Reference Membership membership,
            @Reference MemberChanges changes,
            @Reference Credentials credentials,
            @Reference PlacementRules placement,
            @Reference Store store,
            @Reference Clock clock,
            @Reference Ids ids) {
        StoreAccess access = new StoreAccess(store, leadership.term(), clock, ids);
        SecureRandom random = new SecureRandom();
        calls = new ControlWriteCalls(
                access,
                new NodeCalls(access, membership, changes, manager.clusterId()),
                new ClusterCalls(
                        access,
                        new JoinTokenSource(random),
                        new UnlockKeySource(random),
                        new CaConfiguration(credentials, clock)),
                placement);
    }

    @Override
    public ServerServiceDefinition bindService() {
        return ControlMethods.writes(calls.bindService());
    }
}
