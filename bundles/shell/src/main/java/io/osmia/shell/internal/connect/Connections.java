package io.osmia.shell.internal.connect;

import io.grpc.Channel;
import io.osmia.shell.Connector;
import io.osmia.shell.NotReachable;
import io.osmia.shell.Place;

/** The connections of one process of the command line. */
public final class Connections implements Connector, AutoCloseable {

    private final Dialer dialer = new Dialer();

    /** Spares netty what a process of half a second has no use for. Process-wide, so only for a process of our own. */
    public static void quickenNetty() {
        // Else it looks at all network interfaces for an id of this machine.
        System.setProperty("io.netty.machineId", "00:00:00:00:00:00:00:01");
        System.setProperty("io.netty.processId", "1");
        System.setProperty("io.netty.allocator.type", "unpooled");
        System.setProperty("io.netty.leakDetection.level", "disabled");
        System.setProperty("io.netty.eventLoopThreads", "1");
        System.setProperty("io.netty.noPreferDirect", "true");
    }

    @Override
    public Channel connect(Place place) throws NotReachable {
        return switch (place) {
            case Place.Socket socket -> new SocketConnector(dialer).connect(socket);
            case Place.Remote remote -> new RemoteConnector(dialer).connect(remote);
        };
    }

    /** Closes all channels. A process that ends at once need not. */
    @Override
    public void close() {
        dialer.close();
    }
}
