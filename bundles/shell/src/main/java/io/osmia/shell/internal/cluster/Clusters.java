package io.osmia.shell.internal.cluster;

import io.osmia.shell.NotReachable;
import io.osmia.shell.internal.command.Failure;
import io.osmia.shell.internal.command.Lookup;
import io.osmia.shell.internal.command.ReadAndWrite;
import io.osmia.shell.internal.command.Session;
import io.osmia.wire.UnlockKey;
import io.osmia.wire.swarmkit.Cluster;
import io.osmia.wire.swarmkit.ClusterSpec;
import io.osmia.wire.swarmkit.GetUnlockKeyRequest;
import io.osmia.wire.swarmkit.KeyRotation;
import io.osmia.wire.swarmkit.UpdateClusterRequest;
import java.util.Optional;
import java.util.function.Consumer;

/** What several commands do with the cluster object. */
final class Clusters {

    /** The only name there is (rule 1.8.1). */
    static final String NAME = "default";

    private Clusters() {}

    /** Changes the specification, rotates what is to be rotated, and returns the id. */
    static String update(Session session, String given, Consumer<ClusterSpec.Builder> change, KeyRotation rotation)
            throws NotReachable {
        return ReadAndWrite.of(() -> {
            Cluster found = new Lookup(session).cluster(given);
            ClusterSpec.Builder spec = found.getSpec().toBuilder();
            change.accept(spec);
            if (spec.build().equals(found.getSpec()) && rotation.equals(KeyRotation.getDefaultInstance())) {
                throw Failure.refused("no changes detected");
            }
            session.control()
                    .updateCluster(UpdateClusterRequest.newBuilder()
                            .setClusterId(found.getId())
                            .setClusterVersion(found.getMeta().getVersion())
                            .setSpec(spec)
                            .setRotation(rotation)
                            .build());
            return found.getId();
        });
    }

    /** Changes no setting. */
    static void rotate(Session session, KeyRotation rotation) throws NotReachable {
        update(session, NAME, spec -> {}, rotation);
    }

    /** As users see it; empty when the managers are not locked. */
    static Optional<String> unlockKey(Session session) throws NotReachable {
        byte[] key = session.upToDateCa()
                .getUnlockKey(GetUnlockKeyRequest.getDefaultInstance())
                .getUnlockKey()
                .toByteArray();
        return key.length == 0 ? Optional.empty() : Optional.of(UnlockKey.format(key));
    }

    static void printUnlockKey(Session session, String key) {
        session.out().println("""
                To unlock a manager when it starts, give it this key:

                    %s

                as 'osmia node --unlock-key @FILE' or in the variable OSMIA_UNLOCK_KEY.
                Keep it somewhere else, such as in a password manager: without it, no manager
                that was stopped starts again.""".formatted(key));
    }
}
