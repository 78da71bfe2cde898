package io.osmia.executor.process.internal;

import io.osmia.api.ResourceAmounts;
import io.osmia.api.executor.ExecutorException;
import io.osmia.api.executor.ExecutorTask;
import io.osmia.api.executor.Workload;
import io.osmia.api.executor.Workload.Ulimit;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;

/** What runc is told of a task: the configuration of the OCI runtime specification 1.0. */
final class Bundle {

    private static final long PERIOD_MICROS = 100_000;

    private static final int LONGEST_HOSTNAME = 63;

    /** What container engines leave to root. */
    private static final List<String> CAPABILITIES = List.of(
            "CAP_CHOWN", "CAP_DAC_OVERRIDE", "CAP_FOWNER", "CAP_FSETID", "CAP_KILL", "CAP_NET_BIND_SERVICE",
            "CAP_SETFCAP", "CAP_SETGID", "CAP_SETPCAP", "CAP_SETUID", "CAP_SYS_CHROOT");

    private static final Pattern CAPABILITY = Pattern.compile("CAP_[A-Z_]{1,40}");
    private static final Pattern HOSTNAME = Pattern.compile("[a-zA-Z0-9]([a-zA-Z0-9.-]{0,61}[a-zA-Z0-9])?");
    private static final Pattern SYSCTL = Pattern.compile("[a-z0-9_]+([./][a-zA-Z0-9_-]+)+");

    private static final List<String> MASKED = List.of(
            "/proc/acpi", "/proc/asound", "/proc/kcore", "/proc/keys", "/proc/latency_stats", "/proc/sched_debug",
            "/proc/scsi", "/proc/timer_list", "/proc/timer_stats", "/sys/firmware");

    private static final List<String> READ_ONLY =
            List.of("/proc/bus", "/proc/fs", "/proc/irq", "/proc/sys", "/proc/sysrq-trigger");

    private final ExecutorTask task;
    private final Workload workload;
    private final ProcessSpec spec;

    private Bundle(ExecutorTask task, ProcessSpec spec) {
        this.task = task;
        this.workload = task.workload();
        this.spec = spec;
    }

    /** Refuses what can never be run; asks nobody. */
    static void check(ExecutorTask task, ProcessSpec spec) throws ExecutorException {
        new Bundle(task, spec).config(HostUsers.Ids.ROOT, List.of(), "", false);
    }

    /**
     * The content of {@code config.json}.
     *
     * @param ids whom the process runs as
     * @param hidden folders of the machine that it does not see into
     * @param init the program that reaps its children; empty when this machine has none
     * @param limitsSwap whether this machine can limit swap space
     */
    static String json(
            ExecutorTask task,
            ProcessSpec spec,
            HostUsers.Ids ids,
            List<String> hidden,
            String init,
            boolean limitsSwap)
            throws ExecutorException {
        Bundle bundle = new Bundle(task, spec);
        if (bundle.workload.init().orElse(false) && init.isEmpty()) {
            throw ProcessSpec
                    .refused("an init process needs the program tini on this node: install it, or leave init out");
        }
        return Json.of(bundle.config(ids, hidden, init, limitsSwap));
    }

    private Map<String, Object> config(HostUsers.Ids ids, List<String> hidden, String init, boolean limitsSwap)
            throws ExecutorException {
        Map<String, Object> config = new LinkedHashMap<>();
        config.put("ociVersion", "1.0.2");
        config.put("process", process(ids, init));
        config.put("root", Map.of("path", "rootfs", "readonly", workload.readOnly()));
        config.put("hostname", hostname());
        config.put("mounts", BundleMounts.of(workload.mounts()));
        config.put("linux", linux(hidden, limitsSwap));
        return config;
    }

    private Map<String, Object> process(HostUsers.Ids ids, String init) throws ExecutorException {
        List<String> args = new ArrayList<>();
        if (workload.init().orElse(false)) {
            args.addAll(List.of(init, "--"));
        }
        args.addAll(spec.argv());
        Map<String, Object> process = new LinkedHashMap<>();
        process.put("terminal", false);
        process.put("user", Map.of("uid", ids.uid(), "gid", ids.gid(), "additionalGids", ids.groups()));
        process.put("args", args);
        process.put("env", spec.env().entrySet().stream()
                .map(entry -> entry.getKey() + "=" + entry.getValue())
                .toList());
        process.put("cwd", spec.dir().isEmpty() ? "/" : spec.dir());
        List<String> capabilities = capabilities();
        process.put("capabilities", Map.of(
                "bounding", capabilities, "effective", capabilities, "permitted", capabilities));
        process.put("rlimits", rlimits());
        process.put("noNewPrivileges", noNewPrivileges());
        if (workload.oomScoreAdj() != 0) {
            process.put("oomScoreAdj", workload.oomScoreAdj());
        }
        return process;
    }

    private List<String> capabilities() throws ExecutorException {
        Set<String> all = new LinkedHashSet<>(CAPABILITIES);
        for (String name : workload.capabilityDrop()) {
            if (name.equalsIgnoreCase("ALL")) {
                all.clear();
            } else {
                all.remove(capability(name));
            }
        }
        for (String name : workload.capabilityAdd()) {
            all.add(capability(name));
        }
        return List.copyOf(all);
    }

    private static String capability(String name) throws ExecutorException {
        String upper = name.toUpperCase(Locale.ROOT);
        String full = upper.startsWith("CAP_") ? upper : "CAP_" + upper;
        if (!CAPABILITY.matcher(full).matches()) {
            throw ProcessSpec.refused("capability '" + name + "' is not one");
        }
        return full;
    }

    private List<Map<String, Object>> rlimits() {
        List<Map<String, Object>> rlimits = new ArrayList<>();
        for (Ulimit ulimit : workload.ulimits()) {
            rlimits.add(Map.of(
                    "type", "RLIMIT_" + ulimit.name().toUpperCase(Locale.ROOT),
                    "soft", unlimited(ulimit.soft()),
                    "hard", unlimited(ulimit.hard())));
        }
        return rlimits;
    }

    private static Object unlimited(long value) {
        return value < 0 ? new java.math.BigInteger(Long.toUnsignedString(-1)) : (Object) value;
    }

    private boolean noNewPrivileges() throws ExecutorException {
        var privileges = workload.privileges();
        if (!privileges.credentialSpec().equals(io.osmia.api.executor.Privileges.CredentialSpec.NONE)
                || !privileges.seLinux().equals(io.osmia.api.executor.Privileges.SeLinux.DEFAULT)
                || privileges.seccomp().mode() == io.osmia.api.executor.Privileges.Seccomp.Mode.CUSTOM) {
            throw ProcessSpec.refused(
                    "of the privileges an isolated process takes no_new_privileges alone; leave the others out");
        }
        return privileges.noNewPrivileges();
    }

    private String hostname() throws ExecutorException {
        String name = workload.hostname();
        if (name.isEmpty()) {
            return task.id().substring(0, Math.min(task.id().length(), LONGEST_HOSTNAME));
        }
        if (!HOSTNAME.matcher(name).matches()) {
            throw ProcessSpec.refused("host name '" + name + "' is not one");
        }
        return name;
    }

    private Map<String, Object> linux(List<String> hidden, boolean limitsSwap) throws ExecutorException {
        List<String> masked = new ArrayList<>(MASKED);
        masked.addAll(hidden);
        Map<String, Object> linux = new LinkedHashMap<>();
        linux.put("resources", resources(limitsSwap));
        linux.put("cgroupsPath", "/osmia/" + task.id());
        linux.put("namespaces", List.of(
                Map.of("type", "pid"), Map.of("type", "ipc"), Map.of("type", "uts"), Map.of("type", "mount")));
        linux.put("sysctl", sysctls());
        linux.put("maskedPaths", masked);
        linux.put("readonlyPaths", READ_ONLY);
        return linux;
    }

    private Map<String, String> sysctls() throws ExecutorException {
        for (String name : workload.sysctls().keySet()) {
            if (!SYSCTL.matcher(name).matches() || name.startsWith("net")) {
                throw ProcessSpec.refused("kernel parameter '" + name + "' cannot be set for a process that shares the"
                        + " network of its machine");
            }
        }
        return workload.sysctls();
    }

    private Map<String, Object> resources(boolean limitsSwap) {
        ResourceAmounts limits = task.resources().limits();
        Map<String, Object> resources = new LinkedHashMap<>();
        resources.put("devices", List.of(Map.of("allow", false, "access", "rwm")));
        if (limits.memoryBytes() > 0) {
            resources.put("memory", limitsSwap
                    ? Map.of("limit", limits.memoryBytes(), "swap", limits.memoryBytes())
                    : Map.of("limit", limits.memoryBytes()));
        }
        if (limits.nanoCpus() > 0) {
            resources.put("cpu", Map.of("quota", Cgroups.quotaMicros(limits.nanoCpus()), "period", PERIOD_MICROS));
        }
        if (workload.pidsLimit() > 0) {
            resources.put("pids", Map.of("limit", workload.pidsLimit()));
        }
        return resources;
    }
}
