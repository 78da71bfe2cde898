package io.osmia.shell.internal.cluster;

import io.osmia.shell.NotReachable;
import io.osmia.shell.internal.command.Failure;
import io.osmia.shell.internal.command.Session;
import io.osmia.shell.internal.command.SessionCommand;
import io.osmia.wire.swarmkit.KeyRotation;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

@Command(name = "unlock-key", description = "Print the key that unlocks the managers of this cluster.")
final class ClusterUnlockKey extends SessionCommand {

    @Option(names = "--rotate", description = "Make a new key. A manager that is down needs the former one once more.")
    private boolean rotate;

    @Option(names = {"-q", "--quiet"}, description = "Only the key.")
    private boolean quiet;

    ClusterUnlockKey(Session session) {
        super(session);
    }

    @Override
    protected void run() throws NotReachable {
        // Before the rotation: there is nothing to rotate where nothing is locked.
        String former = key();
        if (rotate) {
            Clusters.rotate(session, KeyRotation.newBuilder().setManagerUnlockKey(true).build());
        }
        String key = rotate ? key() : former;
        if (quiet) {
            session.out().println(key);
        } else {
            Clusters.printUnlockKey(session, key);
        }
    }

    private String key() throws NotReachable {
        return Clusters.unlockKey(session)
                .orElseThrow(() -> Failure.refused("the managers are not locked, so there is no unlock key; "
                        + "'osmia cluster update --autolock=true' locks them"));
    }
}
