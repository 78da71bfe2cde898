package io.osmia.agent.internal.session;

import com.google.protobuf.ByteString;
import io.osmia.agent.internal.task.Executors;
import io.osmia.api.executor.ExecutorDescription;
import io.osmia.roles.Credentials;
import io.osmia.wire.swarmkit.EngineDescription;
import io.osmia.wire.swarmkit.NodeDescription;
import io.osmia.wire.swarmkit.NodeTLSInfo;
import io.osmia.wire.swarmkit.Platform;
import io.osmia.wire.swarmkit.PluginDescription;
import io.osmia.wire.swarmkit.Resources;
import java.util.Comparator;
import java.util.Locale;
import java.util.TreeMap;
import java.util.TreeSet;

/** What this node says of itself (rule 6.11.10). Computed anew each time; equal descriptions are equal messages. */
public final class NodeDescriber {

    private static final long NANO = 1_000_000_000L;
    private static final String EXECUTOR_LABEL = "osmia.executor.";
    private static final String ENGINE_LABEL = "osmia.engine.";

    private final String hostname;
    private final String version;
    private final long memoryBytes;
    private final Credentials credentials;
    private final Executors executors;

    public NodeDescriber(
            String hostname, String version, long memoryBytes, Credentials credentials, Executors executors) {
        this.hostname = hostname;
        this.version = version;
        this.memoryBytes = memoryBytes;
        this.credentials = credentials;
        this.executors = executors;
    }

    NodeDescription describe() {
        return NodeDescription.newBuilder()
                .setHostname(hostname)
                .setPlatform(Platform.newBuilder()
                        .setArchitecture(architecture(System.getProperty("os.arch", "")))
                        .setOs(system(System.getProperty("os.name", ""))))
                .setResources(Resources.newBuilder()
                        .setNanoCpus(Runtime.getRuntime().availableProcessors() * NANO)
                        .setMemoryBytes(memoryBytes))
                .setEngine(engine())
                .setTlsInfo(NodeTLSInfo.newBuilder()
                        .setTrustRoot(ByteString.copyFrom(credentials.rootPem()))
                        .setCertIssuerSubject(ByteString.copyFrom(credentials.issuerSubject()))
                        .setCertIssuerPublicKey(ByteString.copyFrom(credentials.issuerPublicKey())))
                .build();
    }

    /**
     * Executors that take work appear as plugins of type Executor, named kind@version, with what their engines offer (rule
     * 6.15.12) and a label with the engine's version: the version of the description is this node's. One that does not is named
     * by a label, so that pending tasks can say why; a node that named no executor at all would pass for a stock container
     * engine.
     */
    private EngineDescription engine() {
        EngineDescription.Builder engine = EngineDescription.newBuilder().setEngineVersion(version);
        TreeSet<PluginDescription> plugins = new TreeSet<>(
                Comparator.comparing(PluginDescription::getType).thenComparing(PluginDescription::getName));
        TreeMap<String, String> labels = new TreeMap<>();
        executors.described().stream()
                .sorted(Comparator.comparing(ExecutorDescription::kind).thenComparing(ExecutorDescription::version))
                .forEach(executor -> {
                    if (executor.available()) {
                        plugins.add(plugin("Executor", executor.kind() + "@" + executor.version()));
                        executor.plugins().forEach(offered -> plugins.add(plugin(offered.type(), offered.name())));
                        labels.putAll(executor.labels());
                        if (!executor.engineVersion().isEmpty()) {
                            labels.put(ENGINE_LABEL + executor.kind(), executor.engineVersion());
                        }
                    } else {
                        labels.put(EXECUTOR_LABEL + executor.kind(), "off");
                    }
                });
        if (plugins.isEmpty() && labels.isEmpty()) {
            labels.put(EXECUTOR_LABEL + "none", "true");
        }
        return engine.addAllPlugins(plugins).putAllLabels(labels).build();
    }

    private static PluginDescription plugin(String type, String name) {
        return PluginDescription.newBuilder().setType(type).setName(name).build();
    }

    /** Architectures as container engines name them. */
    static String architecture(String java) {
        return java.equals("amd64") ? "x86_64" : java;
    }

    static String system(String java) {
        String name = java.toLowerCase(Locale.ROOT);
        if (name.startsWith("windows")) {
            return "windows";
        }
        return name.startsWith("mac") ? "darwin" : name;
    }
}
