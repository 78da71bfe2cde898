package io.osmia.agent.internal.task;

import io.osmia.api.executor.Dns;
import io.osmia.api.executor.Driver;
import io.osmia.api.executor.HealthCheck;
import io.osmia.api.executor.Mount;
import io.osmia.api.executor.Port;
import io.osmia.api.executor.Privileges;
import io.osmia.wire.swarmkit.ContainerSpec;
import io.osmia.wire.swarmkit.HealthConfig;
import io.osmia.wire.swarmkit.PortConfig;
import java.time.Duration;
import java.util.Locale;

/** The parts of a ContainerSpec as executors see them. */
final class ContainerParts {

    /** No rule bounds one, and what does not fit into 64 bits of nanoseconds could not be waited for. */
    private static final Duration LONGEST = Duration.ofDays(3650);

    private ContainerParts() {}

    static Duration duration(com.google.protobuf.Duration duration) {
        return Duration.ofSeconds(
                Math.clamp(duration.getSeconds(), 0, LONGEST.toSeconds()), Math.max(duration.getNanos(), 0));
    }

    static Driver driver(io.osmia.wire.swarmkit.Driver driver) {
        return new Driver(driver.getName(), driver.getOptionsMap());
    }

    static Dns dns(ContainerSpec.DNSConfig dns) {
        return new Dns(dns.getNameserversList(), dns.getSearchList(), dns.getOptionsList());
    }

    static HealthCheck healthCheck(HealthConfig check) {
        return new HealthCheck(
                check.getTestList(),
                duration(check.getInterval()),
                duration(check.getTimeout()),
                check.getRetries(),
                duration(check.getStartPeriod()),
                duration(check.getStartInterval()));
    }

    static Port.Protocol protocol(PortConfig.Protocol protocol) {
        return switch (protocol) {
            case UDP -> Port.Protocol.UDP;
            case SCTP -> Port.Protocol.SCTP;
            case TCP, UNRECOGNIZED -> Port.Protocol.TCP;
        };
    }

    static PortConfig.Protocol protocol(Port.Protocol protocol) {
        return switch (protocol) {
            case TCP -> PortConfig.Protocol.TCP;
            case UDP -> PortConfig.Protocol.UDP;
            case SCTP -> PortConfig.Protocol.SCTP;
        };
    }

    static Mount mount(io.osmia.wire.swarmkit.Mount mount) {
        Mount.Type type = switch (mount.getType()) {
            case VOLUME -> Mount.Type.VOLUME;
            case TMPFS -> Mount.Type.TMPFS;
            case NPIPE -> Mount.Type.NPIPE;
            case CLUSTER -> Mount.Type.CLUSTER;
            case BIND, UNRECOGNIZED -> Mount.Type.BIND;
        };
        return new Mount(
                type,
                mount.getSource(),
                mount.getTarget(),
                mount.getReadonly(),
                mount.getConsistency().name().toLowerCase(Locale.ROOT),
                bind(mount.getBindOptions()),
                volume(mount.getVolumeOptions()),
                new Mount.Tmpfs(
                        mount.getTmpfsOptions().getSizeBytes(),
                        mount.getTmpfsOptions().getMode(),
                        mount.getTmpfsOptions().getOptions()));
    }

    private static Mount.Bind bind(io.osmia.wire.swarmkit.Mount.BindOptions options) {
        return new Mount.Bind(
                options.getPropagation().name().toLowerCase(Locale.ROOT),
                options.getNonrecursive(),
                options.getCreatemountpoint(),
                options.getReadonlynonrecursive(),
                options.getReadonlyforcerecursive());
    }

    private static Mount.Volume volume(io.osmia.wire.swarmkit.Mount.VolumeOptions options) {
        return new Mount.Volume(
                options.getNocopy(),
                options.getLabelsMap(),
                driver(options.getDriverConfig()),
                options.getSubpath());
    }

    static Privileges privileges(io.osmia.wire.swarmkit.Privileges privileges) {
        var credentials = privileges.getCredentialSpec();
        var seLinux = privileges.getSelinuxContext();
        Privileges.Seccomp.Mode mode = switch (privileges.getSeccomp().getMode()) {
            case UNCONFINED -> Privileges.Seccomp.Mode.UNCONFINED;
            case CUSTOM -> Privileges.Seccomp.Mode.CUSTOM;
            case DEFAULT, UNRECOGNIZED -> Privileges.Seccomp.Mode.DEFAULT;
        };
        Privileges.AppArmor appArmor = switch (privileges.getApparmor().getMode()) {
            case DISABLED -> Privileges.AppArmor.DISABLED;
            case DEFAULT, UNRECOGNIZED -> Privileges.AppArmor.DEFAULT;
        };
        return new Privileges(
                new Privileges.CredentialSpec(
                        credentials.getFile(), credentials.getRegistry(), credentials.getConfig()),
                new Privileges.SeLinux(
                        seLinux.getDisable(),
                        seLinux.getUser(),
                        seLinux.getRole(),
                        seLinux.getType(),
                        seLinux.getLevel()),
                new Privileges.Seccomp(mode, privileges.getSeccomp().getProfile().toStringUtf8()),
                appArmor,
                privileges.getNoNewPrivileges());
    }
}
