package io.osmia.api.executor;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What a task runs: every field of the protocol's ContainerSpec, so that nothing has to be dropped on the way to an
 * executor. An executor names the fields it honours ({@link ExecutorDescription#honours}); the agent rejects tasks that set
 * another one. Make one with {@link #builder}: the builder does not change when the record grows.
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
 * @param registryAuth credentials for the image's registry as Docker's {@code X-Registry-Auth} header has them, base64 of a
 *     JSON object; empty when none. A secret: never logged, never in a label or a handle
 * @param mounts what appears in its file system
 * @param hosts hosts-file lines, {@code IP name ...}
 * @param dns how it looks up names
 * @param healthCheck how to find out whether it is well
 * @param privileges what keeps it in its place
 * @param isolation {@code default}, {@code process} or {@code hyperv}
 * @param pidsLimit greatest number of processes; 0 for no limit
 * @param sysctls kernel parameters
 * @param capabilityAdd capabilities to add
 * @param capabilityDrop capabilities to drop
 * @param ulimits resource limits
 * @param oomScoreAdj adjustment of the out-of-memory score, -1000 to 1000
 * @param opaque wire form of fields that have no type of their own in this version, by protocol field name: secrets and
 *     configs; each the protobuf encoding of a ContainerSpec that has nothing else
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
        List<Mount> mounts,
        List<String> hosts,
        Dns dns,
        HealthCheck healthCheck,
        Privileges privileges,
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
        mounts = List.copyOf(mounts);
        hosts = List.copyOf(hosts);
        sysctls = Map.copyOf(sysctls);
        capabilityAdd = List.copyOf(capabilityAdd);
        capabilityDrop = List.copyOf(capabilityDrop);
        ulimits = List.copyOf(ulimits);
        opaque = Map.copyOf(opaque);
    }

    /** What it runs; neither the credentials of the registry nor the environment, which may have secrets. */
    @Override
    public String toString() {
        return "Workload[image=" + image + ", genericKind=" + genericKind + ", command=" + command + ", args=" + args
                + "]";
    }

    /** One resource limit, {@code -1} for unlimited. */
    public record Ulimit(String name, long soft, long hard) {}

    /** A workload of that image in which nothing else is stated. */
    public static Builder builder(String image) {
        return new Builder().image(image);
    }

    /** One that begins with what this workload states. */
    public Builder toBuilder() {
        return new Builder()
                .image(image)
                .genericKind(genericKind)
                .labels(labels)
                .command(command)
                .args(args)
                .hostname(hostname)
                .env(env)
                .dir(dir)
                .user(user)
                .groups(groups)
                .init(init)
                .tty(tty)
                .openStdin(openStdin)
                .readOnly(readOnly)
                .stopSignal(stopSignal)
                .stopGracePeriod(stopGracePeriod)
                .registryAuth(registryAuth)
                .mounts(mounts)
                .hosts(hosts)
                .dns(dns)
                .healthCheck(healthCheck)
                .privileges(privileges)
                .isolation(isolation)
                .pidsLimit(pidsLimit)
                .sysctls(sysctls)
                .capabilityAdd(capabilityAdd)
                .capabilityDrop(capabilityDrop)
                .ulimits(ulimits)
                .oomScoreAdj(oomScoreAdj)
                .opaque(opaque);
    }

    /** Makes workloads; not for several threads. */
    public static final class Builder {
        private String image = "";
        private String genericKind = "";
        private Map<String, String> labels = Map.of();
        private List<String> command = List.of();
        private List<String> args = List.of();
        private String hostname = "";
        private List<String> env = List.of();
        private String dir = "";
        private String user = "";
        private List<String> groups = List.of();
        private Optional<Boolean> init = Optional.empty();
        private boolean tty;
        private boolean openStdin;
        private boolean readOnly;
        private String stopSignal = "";
        private Duration stopGracePeriod = Duration.ofSeconds(10);
        private String registryAuth = "";
        private List<Mount> mounts = List.of();
        private List<String> hosts = List.of();
        private Dns dns = Dns.DEFAULT;
        private HealthCheck healthCheck = HealthCheck.INHERITED;
        private Privileges privileges = Privileges.DEFAULT;
        private String isolation = "default";
        private long pidsLimit;
        private Map<String, String> sysctls = Map.of();
        private List<String> capabilityAdd = List.of();
        private List<String> capabilityDrop = List.of();
        private List<Ulimit> ulimits = List.of();
        private long oomScoreAdj;
        private Map<String, byte[]> opaque = Map.of();

        private Builder() {}

        public Builder image(String image) {
            this.image = image;
            return this;
        }

        public Builder genericKind(String genericKind) {
            this.genericKind = genericKind;
            return this;
        }

        public Builder labels(Map<String, String> labels) {
            this.labels = labels;
            return this;
        }

        public Builder command(List<String> command) {
            this.command = command;
            return this;
        }

        public Builder args(List<String> args) {
            this.args = args;
            return this;
        }

        public Builder hostname(String hostname) {
            this.hostname = hostname;
            return this;
        }

        public Builder env(List<String> env) {
            this.env = env;
            return this;
        }

        public Builder dir(String dir) {
            this.dir = dir;
            return this;
        }

        public Builder user(String user) {
            this.user = user;
            return this;
        }

        public Builder groups(List<String> groups) {
            this.groups = groups;
            return this;
        }

        public Builder init(Optional<Boolean> init) {
            this.init = init;
            return this;
        }

        public Builder tty(boolean tty) {
            this.tty = tty;
            return this;
        }

        public Builder openStdin(boolean openStdin) {
            this.openStdin = openStdin;
            return this;
        }

        public Builder readOnly(boolean readOnly) {
            this.readOnly = readOnly;
            return this;
        }

        public Builder stopSignal(String stopSignal) {
            this.stopSignal = stopSignal;
            return this;
        }

        public Builder stopGracePeriod(Duration stopGracePeriod) {
            this.stopGracePeriod = stopGracePeriod;
            return this;
        }

        public Builder registryAuth(String registryAuth) {
            this.registryAuth = registryAuth;
            return this;
        }

        public Builder mounts(List<Mount> mounts) {
            this.mounts = mounts;
            return this;
        }

        public Builder hosts(List<String> hosts) {
            this.hosts = hosts;
            return this;
        }

        public Builder dns(Dns dns) {
            this.dns = dns;
            return this;
        }

        public Builder healthCheck(HealthCheck healthCheck) {
            this.healthCheck = healthCheck;
            return this;
        }

        public Builder privileges(Privileges privileges) {
            this.privileges = privileges;
            return this;
        }

        public Builder isolation(String isolation) {
            this.isolation = isolation;
            return this;
        }

        public Builder pidsLimit(long pidsLimit) {
            this.pidsLimit = pidsLimit;
            return this;
        }

        public Builder sysctls(Map<String, String> sysctls) {
            this.sysctls = sysctls;
            return this;
        }

        public Builder capabilityAdd(List<String> capabilityAdd) {
            this.capabilityAdd = capabilityAdd;
            return this;
        }

        public Builder capabilityDrop(List<String> capabilityDrop) {
            this.capabilityDrop = capabilityDrop;
            return this;
        }

        public Builder ulimits(List<Ulimit> ulimits) {
            this.ulimits = ulimits;
            return this;
        }

        public Builder oomScoreAdj(long oomScoreAdj) {
            this.oomScoreAdj = oomScoreAdj;
            return this;
        }

        public Builder opaque(Map<String, byte[]> opaque) {
            this.opaque = opaque;
            return this;
        }

        public Workload build() {
            return new Workload(
                    image,
                    genericKind,
                    labels,
                    command,
                    args,
                    hostname,
                    env,
                    dir,
                    user,
                    groups,
                    init,
                    tty,
                    openStdin,
                    readOnly,
                    stopSignal,
                    stopGracePeriod,
                    registryAuth,
                    mounts,
                    hosts,
                    dns,
                    healthCheck,
                    privileges,
                    isolation,
                    pidsLimit,
                    sysctls,
                    capabilityAdd,
                    capabilityDrop,
                    ulimits,
                    oomScoreAdj,
                    opaque);
        }
    }
}
