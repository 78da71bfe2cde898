package io.osmia.shell.internal.gogo;

import io.grpc.Channel;
import io.osmia.shell.Connector;
import io.osmia.shell.NotReachable;
import io.osmia.shell.Place;
import io.osmia.shell.internal.connect.Connections;
import org.jspecify.annotations.Nullable;

/**
 * The one connection of a session to the node around it, opened at the first call. It goes over the control socket as everybody's
 * does, so that calls meet the same rules. Thread-safe: the commands of a pipe run side by side.
 */
final class OwnConnection implements Connector, AutoCloseable {

    private final Connections connections = new Connections();
    private @Nullable Channel open; // guarded by this

    @Override
    public synchronized Channel connect(Place place) throws NotReachable {
        Channel channel = open;
        if (channel == null) {
            channel = connections.connect(place);
            open = channel;
        }
        return channel;
    }

    @Override
    public synchronized void close() {
        connections.close();
    }
}
