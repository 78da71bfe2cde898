package io.osmia.shell.internal.cluster;

import io.osmia.shell.NotReachable;
import io.osmia.shell.internal.command.InspectCommand;
import io.osmia.shell.internal.command.Lookup;
import io.osmia.shell.internal.command.Session;
import io.osmia.shell.internal.text.GoDuration;
import io.osmia.shell.internal.text.Summary;
import io.osmia.wire.swarmkit.Cluster;
import io.osmia.wire.swarmkit.ClusterSpec;
import io.osmia.wire.swarmkit.Driver;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

@Command(name = "inspect", description = "Show the settings of the cluster.")
final class ClusterInspect extends InspectCommand<Cluster> {

    @Parameters(paramLabel = "CLUSTER", arity = "0..1", defaultValue = Clusters.NAME, description = "Default: default.")
    private String cluster = Clusters.NAME;

    ClusterInspect(Session session) {
        super(session);
    }

    @Override
    protected Cluster find() throws NotReachable {
        return new Lookup(session).cluster(cluster);
    }

    @Override
    protected void print(Cluster found) {
        summary(found).print(session.out());
    }

    private static Summary summary(Cluster cluster) {
        ClusterSpec spec = cluster.getSpec();
        Summary summary = new Summary();
        summary.line("ID", cluster.getId()).line("Name", spec.getAnnotations().getName());
        summary.section("Orchestration settings", () -> summary.line(
                "Task history entries",
                Long.toString(spec.getOrchestration().getTaskHistoryRetentionLimit())));
        summary.section("Dispatcher settings", () -> summary.line(
                "Dispatcher heartbeat period",
                GoDuration.format(spec.getDispatcher().getHeartbeatPeriod())));
        if (spec.getEncryptionConfig().getAutoLockManagers()) {
            summary.line("Managers locked", "yes");
        }
        summary.section("Certificate Authority settings", () -> authority(summary, cluster));
        if (spec.getTaskDefaults().hasLogDriver()) {
            Driver driver = spec.getTaskDefaults().getLogDriver();
            summary.line("Default Log Driver", driver.getName()).pairs("Options", driver.getOptionsMap());
        }
        return summary;
    }

    private static void authority(Summary summary, Cluster cluster) {
        if (cluster.getSpec().getCaConfig().hasNodeCertExpiry()) {
            summary.line(
                    "Certificate Validity Duration",
                    GoDuration.format(cluster.getSpec().getCaConfig().getNodeCertExpiry()));
        }
        summary.optional("Root digest", cluster.getRootCa().getCaCertHash());
        if (cluster.getRootCa().hasRootRotation()) {
            summary.line("Root rotation", "in progress: every node has to get a new certificate");
        }
        summary.section("External CAs", () -> cluster.getSpec()
                .getCaConfig()
                .getExternalCasList()
                .forEach(ca -> summary.line(ca.getProtocol().name(), ca.getUrl())));
        summary.section("Join Tokens", () -> summary.optional(
                "Worker", cluster.getRootCa().getJoinTokens().getWorker())
                .optional("Manager", cluster.getRootCa().getJoinTokens().getManager()));
    }
}
