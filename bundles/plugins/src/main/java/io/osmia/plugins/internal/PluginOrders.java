package io.osmia.plugins.internal;

import io.grpc.Channel;
import io.osmia.roles.ManagerLink;
import io.osmia.wire.osmia.PluginsGrpc;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Deactivate;

/**
 * The leader's way to this node's plugins, which leads over the connection of the node's session, so that a worker needs no
 * port. Open while there is such a connection and somebody who does what is ordered.
 */
@Component(service = {ManagerLink.class, PluginOrders.class})
public final class PluginOrders implements ManagerLink {

    /** Who does what is ordered. */
    private record Hands(PluginsGrpc.PluginsImplBase plugins, Consumer<Boolean> signed) {}

    // guarded by this
    private @Nullable Channel manager;
    private @Nullable Hands hands;
    private @Nullable Attendance attendance;

    @Activate
    public PluginOrders() {}

    /**
     * Orders are taken from now on.
     *
     * @param plugins does them
     * @param signed told whether the cluster demands signed plugins
     */
    synchronized void serve(PluginsGrpc.PluginsImplBase plugins, Consumer<Boolean> signed) {
        hands = new Hands(plugins, signed);
        renew();
    }

    synchronized void serveNoMore() {
        hands = null;
        renew();
    }

    @Override
    public synchronized void up(Channel present) {
        manager = present;
        renew();
    }

    @Override
    public synchronized void down(Channel former) {
        if (former.equals(manager)) {
            manager = null;
            renew();
        }
    }

    private void renew() {
        Attendance former = attendance;
        attendance = null;
        if (former != null) {
            former.close();
        }
        Channel to = manager;
        Hands by = hands;
        if (to != null && by != null) {
            attendance = Attendance.begin(to, by.plugins(), by.signed());
        }
    }

    @Deactivate
    synchronized void stop() {
        manager = null;
        renew();
    }
}
