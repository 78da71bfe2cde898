package io.osmia.api.executor;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What a task runs: every field of the protocol's ContainerSpec, so that nothing has to be dropped on the way to an
 * executor. An executor names the fields it honours ({@link ExecutorDescription#honours}); the agent rejects tasks that set
 * another one.
 *
 * @param image image reference as submitted; empty for generic tasks
 * @param genericKind kind of a generic task; empty for container tasks
 * @param labels labels of the workload
 * @param command program and leading arguments; empty when the image decides
 * @param args further arguments
 * @param hostname host name inside; empty for the executor's choice
 * @param env environment, {@code NAME=value} each
 * @param dir working directory; empty for the executor's choice
 * @param user user (and group) to run as; empty for the executor's choice
 * @param groups supplementary groups
 * @param init whether a small init process reaps children; empty when not stated
 * @param tty whether a terminal is allocated
 * @param openStdin whether standard input stays open
 * @param readOnly whether the root file system is read only
 * @param stopSignal signal that asks the workload to stop, e.g. {@code SIGTERM}; empty for the default
 * @param stopGracePeriod time between that signal and SIGKILL; 10 s when not stated
 * @param registryAuth credentials for the image's registry, base64; empty when none
 * @param hosts hosts-file lines, {@code IP name ...}
 * @param isolation {@code default}, {@code process} or {@code hyperv}
 * @param pidsLimit greatest number of processes; 0 for no limit
 * @param sysctls kernel parameters
 * @param capabilityAdd capabilities to add
 * @param capabilityDrop capabilities to drop
 * @param ulimits resource limits
 * @param oomScoreAdj adjustment of the out-of-memory score, -1000 to 1000
 * @param opaque wire form of fields that have no type of their own in this version, by protocol field name: mounts,
 *     secrets, configs, privileges, dns_config, healthcheck; each the protobuf encoding of the field
 */
public record Workload(
        String image,
        String genericKind,
        Map<String, String> labels,
        List<String> command,
        List<String> args,
        String hostname,
        List<String> env,
        String dir,
        String user,
        List<String> groups,
        Optional<Boolean> init,
        boolean tty,
        boolean openStdin,
        boolean readOnly,
        String stopSignal,
        Duration stopGracePeriod,
        String registryAuth,
        List<String> hosts,
        String isolation,
        long pidsLimit,
        Map<String, String> sysctls,
        List<String> capabilityAdd,
        List<String> capabilityDrop,
        List<Ulimit> ulimits,
        long oomScoreAdj,
        Map<String, byte[]> opaque) {

    public Workload {
        labels = Map.copyOf(labels);
        command = List.copyOf(command);
        args = List.copyOf(args);
        env = List.copyOf(env);
        groups = List.copyOf(groups);
        hosts = List.copyOf(hosts);
        sysctls = Map.copyOf(sysctls);
        capabilityAdd = List.copyOf(capabilityAdd);
        capabilityDrop = List.copyOf(capabilityDrop);
        ulimits = List.copyOf(ulimits);
        opaque = Map.copyOf(opaque);
    }

    /** One resource limit, {@code -1} for unlimited. */
    public record Ulimit(String name, long soft, long hard) {}
}
