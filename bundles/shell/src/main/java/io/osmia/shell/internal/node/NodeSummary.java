package io.osmia.shell.internal.node;

import io.osmia.shell.internal.text.Age;
import io.osmia.shell.internal.text.Amount;
import io.osmia.shell.internal.text.GenericResources;
import io.osmia.shell.internal.text.Summary;
import io.osmia.wire.osmia.NodeEvidence;
import io.osmia.wire.swarmkit.ManagerStatus;
import io.osmia.wire.swarmkit.Node;
import io.osmia.wire.swarmkit.NodeDescription;
import io.osmia.wire.swarmkit.PluginDescription;
import io.osmia.wire.swarmkit.Resources;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** What {@code node inspect} says above the tasks (rule 10.2.1). */
final class NodeSummary {

    private static final long NANOS_PER_CORE = 1_000_000_000L;

    private final Summary summary = new Summary();

    private NodeSummary() {}

    static Summary of(Node node, Optional<NodeEvidence> evidence, Instant now) {
        NodeSummary text = new NodeSummary();
        text.summary
                .line("ID", node.getId())
                .optional("Name", node.getSpec().getAnnotations().getName())
                .line("Hostname", node.getDescription().getHostname())
                .pairs("Node Labels", node.getSpec().getAnnotations().getLabelsMap())
                .section("Status", () -> text.status(node, evidence, now));
        if (node.hasManagerStatus()) {
            text.manager(node.getManagerStatus());
        }
        CertificateSummary.of(node.getCertificate()).ifPresent(certificate -> text.summary.section(
                "Certificate", () -> certificate.addTo(text.summary, now)));
        text.description(node.getDescription());
        return text.summary;
    }

    private void status(Node node, Optional<NodeEvidence> evidence, Instant now) {
        summary.line("State", node.getStatus().getState().name())
                .optional("Message", node.getStatus().getMessage())
                .line("Availability", node.getSpec().getAvailability().name())
                .optional("Address", node.getStatus().getAddr());
        evidence.ifPresent(known -> evidence(known, now));
    }

    private void evidence(NodeEvidence evidence, Instant now) {
        if (evidence.hasRegistered()) {
            summary.line("Registered", Age.of(evidence.getRegistered(), now));
        }
        summary.line(
                "Last heartbeat",
                evidence.hasLastHeartbeat() ? Age.of(evidence.getLastHeartbeat(), now)
                        : "none since this leader leads");
        summary.optional("Last error", evidence.getLastError().replace('\n', ' '));
    }

    private void manager(ManagerStatus status) {
        summary.section("Manager status", () -> summary.line("Address", status.getAddr())
                .line("Raft status", status.getReachability().name())
                .line("Leader", status.getLeader() ? "yes" : "no"));
    }

    private void description(NodeDescription description) {
        summary.section("Platform", () -> summary.optional(
                "Operating System", description.getPlatform().getOs())
                .optional("Architecture", description.getPlatform().getArchitecture()));
        summary.section("Resources", () -> resources(description.getResources()));
        summary.section("Plugins", () -> plugins(description));
        summary.optional("Engine Version", description.getEngine().getEngineVersion());
        summary.pairs("Engine Labels", description.getEngine().getLabelsMap());
    }

    private void resources(Resources resources) {
        summary.line("CPUs", Long.toString(resources.getNanoCpus() / NANOS_PER_CORE));
        summary.line("Memory", Amount.size(resources.getMemoryBytes()));
        summary.optional(
                "Generic Resources",
                GenericResources.text(resources));
    }

    private void plugins(NodeDescription description) {
        Map<String, String> byType = new TreeMap<>();
        for (PluginDescription plugin : description.getEngine().getPluginsList()) {
            byType.merge(plugin.getType(), plugin.getName(), (some, more) -> some + ", " + more);
        }
        byType.forEach(summary::line);
    }
}
