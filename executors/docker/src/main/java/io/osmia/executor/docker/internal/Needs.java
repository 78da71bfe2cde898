package io.osmia.executor.docker.internal;

import io.osmia.api.executor.Mount;
import io.osmia.api.executor.Workload;

/**
 * The oldest API that honours a workload: an older engine would take the field and ignore it.
 *
 * @param version that API
 * @param field the field that needs it
 */
record Needs(ApiVersion version, String field) {

    static Needs of(Workload workload) {
        Needs needs = new Needs(ApiVersion.OLDEST, "");
        if (!workload.healthCheck().startInterval().isZero()) {
            needs = needs.or(44, "healthcheck.start_interval");
        }
        for (Mount mount : workload.mounts()) {
            if (mount.bind().createMountpoint()) {
                needs = needs.or(42, "mounts.bind_options.createmountpoint");
            }
            if (mount.bind().readOnlyNonRecursive() || mount.bind().readOnlyForceRecursive()) {
                needs = needs.or(44, "mounts.bind_options.readonlynonrecursive");
            }
            if (!mount.volume().subpath().isEmpty()) {
                needs = needs.or(45, "mounts.volume_options.subpath");
            }
        }
        return needs;
    }

    private Needs or(int minor, String other) {
        return minor > version.minor() ? new Needs(new ApiVersion(minor), other) : this;
    }
}
