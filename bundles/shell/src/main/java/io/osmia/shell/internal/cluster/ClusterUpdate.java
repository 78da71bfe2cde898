package io.osmia.shell.internal.cluster;

import io.osmia.shell.NotReachable;
import io.osmia.shell.internal.command.Failure;
import io.osmia.shell.internal.command.LabelFlags;
import io.osmia.shell.internal.command.Session;
import io.osmia.shell.internal.command.SessionCommand;
import io.osmia.shell.internal.command.Unsupported;
import io.osmia.shell.internal.text.GoDuration;
import io.osmia.wire.swarmkit.ClusterSpec;
import io.osmia.wire.swarmkit.KeyRotation;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(name = "update", description = "Change settings of the cluster and print its id.")
final class ClusterUpdate extends SessionCommand implements Unsupported {

    @Parameters(paramLabel = "CLUSTER", arity = "0..1", defaultValue = Clusters.NAME, description = "Default: default.")
    private String cluster = Clusters.NAME;

    @Option(names = {"--task-history",
        "--taskhistory"}, paramLabel = "N", description = "How many ended tasks each slot keeps.")
    private @Nullable Long taskHistory;

    @Option(names = {"--heartbeat-period",
        "--heartbeatperiod"}, paramLabel = "TIME", description = "How often nodes report that they live.")
    private @Nullable String heartbeatPeriod;

    @Option(names = "--snapshot-interval", paramLabel = "N", description = "Log entries between two snapshots.")
    private @Nullable Long snapshotInterval;

    @Option(names = "--autolock", arity = "0..1", fallbackValue = "true", paramLabel = "true|false", description = "Whether managers need the unlock key when they start.")
    private @Nullable Boolean autolock;

    @Option(names = "--rotate-join-token", paramLabel = "worker|manager", description = "Make a new join token; see 'osmia cluster join-token'.")
    private @Nullable String rotateJoinToken;

    @Option(names = "--rotate-unlock-key", description = "Make a new unlock key and print it.")
    private boolean rotateUnlockKey;

    @Mixin
    private final LabelFlags labels = new LabelFlags();

    @Mixin
    private final AuthorityFlags authority = new AuthorityFlags();

    ClusterUpdate(Session session) {
        super(session);
    }

    @Override
    protected void run() throws NotReachable {
        if (snapshotInterval != null && snapshotInterval < 0) {
            throw Failure.usage("--snapshot-interval is a number of log entries, not " + snapshotInterval);
        }
        KeyRotation rotation = rotation();
        try {
            authority.check();
            session.out().println(Clusters.update(session, cluster, this::mergeInto, rotation));
        } catch (IllegalArgumentException e) {
            throw Failure.usage(String.valueOf(e.getMessage()));
        }
        if (rotateUnlockKey || Boolean.TRUE.equals(autolock)) {
            session.out().flush();
            Clusters.unlockKey(session).ifPresent(key -> Clusters.printUnlockKey(session, key));
        }
    }

    private KeyRotation rotation() {
        KeyRotation.Builder rotation = KeyRotation.newBuilder().setManagerUnlockKey(rotateUnlockKey);
        switch (rotateJoinToken == null ? "" : rotateJoinToken) {
            case "" -> {}
            case "worker" -> rotation.setWorkerJoinToken(true);
            case "manager" -> rotation.setManagerJoinToken(true);
            default -> throw Failure.usage("--rotate-join-token flag must be followed by 'worker' or 'manager'");
        }
        return rotation.build();
    }

    private void mergeInto(ClusterSpec.Builder spec) {
        if (taskHistory != null) {
            spec.getOrchestrationBuilder().setTaskHistoryRetentionLimit(taskHistory);
        }
        if (heartbeatPeriod != null) {
            spec.getDispatcherBuilder().setHeartbeatPeriod(GoDuration.parse(heartbeatPeriod));
        }
        if (snapshotInterval != null) {
            spec.getRaftBuilder().setSnapshotInterval(snapshotInterval);
        }
        if (autolock != null) {
            spec.getEncryptionConfigBuilder().setAutoLockManagers(autolock);
        }
        labels.mergeInto(spec.getAnnotationsBuilder());
        authority.mergeInto(spec.getCaConfigBuilder());
    }

    @Override
    public List<String> unsupportedFlags() {
        return List.of("--log-driver", "--log-opt");
    }
}
