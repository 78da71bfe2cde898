package io.osmia.orchestrator.internal.roles;

import io.osmia.roles.Clock;
import io.osmia.roles.Leadership;
import io.osmia.roles.ManagerRole;
import io.osmia.roles.MemberChanges;
import io.osmia.roles.Membership;
import io.osmia.roles.Registration;
import io.osmia.store.Store;
import io.osmia.store.loop.StoreLoop;
import java.util.concurrent.CompletableFuture;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Deactivate;
import org.osgi.service.component.annotations.Reference;

/** Runs the {@link RoleManager} while this manager leads. */
@Component(service = {})
public final class RoleLoop {

    private final StoreLoop loop;
    private final GroupWorker group;
    private final Registration members;

    @Activate
    public RoleLoop(
            @Reference Leadership leadership,
            @Reference ManagerRole self,
            @Reference Store store,
            @Reference Clock clock,
            @Reference Membership membership,
            @Reference MemberChanges changes) {
        // The manager, its loop and the worker need each other.
        CompletableFuture<RoleManager> made = new CompletableFuture<>();
        CompletableFuture<StoreLoop> looping = new CompletableFuture<>();
        group = new GroupWorker(
                changes,
                (request, refusal) -> looping.join().post(() -> made.join().answered(request, refusal)));
        RoleManager manager = new RoleManager(store, leadership.term(), membership, self.nodeId(), group::request);
        loop = new StoreLoop("role-manager", store, clock, manager);
        made.complete(manager);
        looping.complete(loop);
        members = membership.onChange(() -> loop.post(manager::membersChanged));
        loop.start();
    }

    @Deactivate
    void deactivate() {
        members.close();
        group.close();
        loop.close();
    }
}
