package io.osmia.shell.internal.cluster;

import io.osmia.shell.NotReachable;
import io.osmia.shell.internal.command.Failure;
import io.osmia.shell.internal.command.Lookup;
import io.osmia.shell.internal.command.Session;
import io.osmia.shell.internal.command.SessionCommand;
import io.osmia.shell.internal.command.Unsupported;
import io.osmia.shell.internal.text.GoDuration;
import io.osmia.wire.swarmkit.Cluster;
import io.osmia.wire.swarmkit.ClusterSpec;
import io.osmia.wire.swarmkit.UpdateClusterRequest;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(name = "update", description = "Change settings of the cluster and print its id.")
final class ClusterUpdate extends SessionCommand implements Unsupported {

    @Parameters(paramLabel = "CLUSTER", arity = "0..1", defaultValue = "default", description = "Default: default.")
    private String cluster = "default";

    @Option(names = "--taskhistory", paramLabel = "N", description = "How many ended tasks each slot keeps.")
    private @Nullable Long taskHistory;

    @Option(names = "--heartbeatperiod", paramLabel = "TIME", description = "How often nodes report that they live.")
    private @Nullable String heartbeatPeriod;

    ClusterUpdate(Session session) {
        super(session);
    }

    @Override
    protected void run() throws NotReachable {
        Cluster found = new Lookup(session).cluster(cluster);
        ClusterSpec.Builder spec = found.getSpec().toBuilder();
        if (taskHistory != null) {
            spec.getOrchestrationBuilder().setTaskHistoryRetentionLimit(taskHistory);
        }
        if (heartbeatPeriod != null) {
            try {
                spec.getDispatcherBuilder().setHeartbeatPeriod(GoDuration.parse(heartbeatPeriod));
            } catch (IllegalArgumentException e) {
                throw Failure.usage(String.valueOf(e.getMessage()));
            }
        }
        if (spec.build().equals(found.getSpec())) {
            throw Failure.refused("no changes detected");
        }
        session.control()
                .updateCluster(UpdateClusterRequest.newBuilder()
                        .setClusterId(found.getId())
                        .setClusterVersion(found.getMeta().getVersion())
                        .setSpec(spec)
                        .build());
        session.out().println(found.getId());
    }

    @Override
    public List<String> unsupportedFlags() {
        return List.of(
                "--certexpiry",
                "--external-ca",
                "--log-driver",
                "--log-opt",
                "--rotate-join-token",
                "--rotate-unlock-key",
                "--autolock");
    }
}
