package io.osmia.executor.docker.internal;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.osmia.api.executor.Driver;
import io.osmia.api.executor.ExecutorException;
import io.osmia.api.executor.ExecutorTask;
import io.osmia.api.executor.HealthCheck;
import io.osmia.api.executor.Port;
import io.osmia.api.executor.Privileges;
import io.osmia.api.executor.Workload;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Pattern;

/**
 * From a task to what the engine is asked to create (rule 6.15.2 to 6.15.10): a function, the engine is not asked for it.
 *
 * @param name name of the container
 * @param image reference of its image, with a tag or digest
 * @param body what the engine is sent
 * @param needs the oldest API that can do all of it
 * @param why the field that needs it
 */
record ContainerRequest(String name, String image, ObjectNode body, ApiVersion needs, String why) {

    private static final Pattern NAME = Pattern.compile("[a-zA-Z0-9][a-zA-Z0-9_.-]{0,250}");
    private static final Pattern ID = Pattern.compile("[a-zA-Z0-9][a-zA-Z0-9_.-]{0,127}");
    private static final Pattern IMAGE = Pattern.compile("[A-Za-z0-9][A-Za-z0-9._/:@-]{0,1023}");

    /** Length of the period of which a processor limit is a part. */
    private static final long CPU_PERIOD_MICROS = 100_000;

    /** @throws ExecutorException when it can never run on any engine */
    static ContainerRequest of(ExecutorTask task, String specDigest) throws ExecutorException {
        Workload workload = task.workload();
        check(task);
        ObjectNode body = Engine.JSON.createObjectNode();
        String image = withTag(workload.image());
        body.put("Image", image);
        text(body, "Hostname", workload.hostname());
        text(body, "User", workload.user());
        text(body, "WorkingDir", workload.dir());
        text(body, "StopSignal", workload.stopSignal());
        if (!workload.command().isEmpty()) {
            strings(body, "Entrypoint", workload.command());
        }
        strings(body, "Cmd", workload.args());
        strings(body, "Env", task.environment());
        strings(body, "Labels", Labels.of(task, specDigest));
        flag(body, "Tty", workload.tty());
        flag(body, "OpenStdin", workload.openStdin());
        healthCheck(body, workload.healthCheck());
        hostConfig(body, task);
        Needs needs = Needs.of(workload);
        return new ContainerRequest(task.name(), image, body, needs.version(), needs.field());
    }

    private static void check(ExecutorTask task) throws ExecutorException {
        Workload workload = task.workload();
        if (!isName(task.name())) {
            throw refused(task,
                    "its name '" + task.name() + "' is none that a container can have; letters, digits, '_', "
                            + "'.' and '-' are");
        }
        if (!ID.matcher(task.id()).matches()) {
            throw refused(task, "its id is not one");
        }
        if (!isImage(workload.image())) {
            throw refused(task, workload.image().isEmpty()
                    ? "no image"
                    : "'" + workload.image() + "' is not a reference of an image");
        }
        for (String entry : workload.env()) {
            if (entry.indexOf('\0') >= 0 || entry.isEmpty() || entry.startsWith("=")) {
                throw refused(task, "environment entry '" + entry + "' has no name");
            }
        }
        if (task.resources().swapBytes().isPresent() && task.resources().limits().memoryBytes() == 0) {
            throw refused(task, "a swap limit needs a memory limit");
        }
    }

    /** Parts of it become parts of the engine's addresses. */
    private static boolean isImage(String image) {
        return IMAGE.matcher(image).matches() && !image.contains("..") && !image.contains("//");
    }

    static boolean isName(String name) {
        return NAME.matcher(name).matches();
    }

    static ExecutorException refused(ExecutorTask task, String why) {
        return ExecutorException.permanent("docker: task " + task.id() + ": " + why);
    }

    /** Without a tag the engine would pull every tag there is. */
    static String withTag(String image) {
        boolean tagged = image.indexOf(':', image.lastIndexOf('/') + 1) >= 0;
        return tagged || image.contains("@") ? image : image + ":latest";
    }

    private static void hostConfig(ObjectNode body, ExecutorTask task) throws ExecutorException {
        Workload workload = task.workload();
        ObjectNode host = body.putObject("HostConfig");
        resources(host, task);
        Mounts.put(host, task);
        ports(body, host, task.ports());
        flag(host, "ReadonlyRootfs", workload.readOnly());
        workload.init().ifPresent(init -> host.put("Init", init));
        if (!workload.isolation().equals("default")) {
            text(host, "Isolation", workload.isolation());
        }
        strings(host, "GroupAdd", workload.groups());
        strings(host, "CapAdd", workload.capabilityAdd());
        strings(host, "CapDrop", workload.capabilityDrop());
        strings(host, "Dns", workload.dns().nameservers());
        strings(host, "DnsSearch", workload.dns().search());
        strings(host, "DnsOptions", workload.dns().options());
        strings(host, "Sysctls", workload.sysctls());
        extraHosts(host, task);
        privileges(host, task);
        if (!task.logDriver().equals(Driver.NONE)) {
            ObjectNode log = host.putObject("LogConfig");
            text(log, "Type", task.logDriver().name());
            strings(log, "Config", task.logDriver().options());
        }
    }

    /** Limits; what is reserved is the scheduler's business (rule 6.15.9). */
    private static void resources(ObjectNode host, ExecutorTask task) {
        Workload workload = task.workload();
        long memory = task.resources().limits().memoryBytes();
        number(host, "Memory", memory);
        // The engine's number is memory and swap together.
        task.resources().swapBytes().ifPresent(swap -> host.put("MemorySwap", swap < 0 ? -1 : memory + swap));
        task.resources().memorySwappiness().ifPresent(value -> host.put("MemorySwappiness", value));
        long nanos = task.resources().limits().nanoCpus();
        if (nanos > 0) {
            host.put("CpuPeriod", CPU_PERIOD_MICROS);
            host.put("CpuQuota", nanos / (1_000_000_000 / CPU_PERIOD_MICROS));
        }
        number(host, "PidsLimit", workload.pidsLimit());
        number(host, "OomScoreAdj", workload.oomScoreAdj());
        if (!workload.ulimits().isEmpty()) {
            ArrayNode ulimits = host.putArray("Ulimits");
            for (Workload.Ulimit limit : workload.ulimits()) {
                ulimits.addObject()
                        .put("Name", limit.name())
                        .put("Soft", limit.soft())
                        .put("Hard", limit.hard());
            }
        }
    }

    private static void ports(ObjectNode body, ObjectNode host, List<Port> ports) {
        if (ports.isEmpty()) {
            return;
        }
        ObjectNode exposed = body.putObject("ExposedPorts");
        ObjectNode bindings = host.putObject("PortBindings");
        for (Port port : ports) {
            String inside = port.target() + "/" + port.protocol().name().toLowerCase(Locale.ROOT);
            exposed.putObject(inside);
            ArrayNode list =
                    bindings.get(inside) instanceof ArrayNode already ? already : bindings.putArray(inside);
            list.addObject()
                    .put("HostPort", port.published() == 0 ? "" : Integer.toString(port.published()));
        }
    }

    /** Lines of a hosts file become {@code name:address}. */
    private static void extraHosts(ObjectNode host, ExecutorTask task) throws ExecutorException {
        if (task.workload().hosts().isEmpty()) {
            return;
        }
        ArrayNode hosts = host.putArray("ExtraHosts");
        for (String line : task.workload().hosts()) {
            String[] words = line.strip().split("\\s+");
            if (words.length < 2) {
                throw refused(task, "hosts entry '" + line + "' is not an address followed by names");
            }
            for (int i = 1; i < words.length; i++) {
                hosts.add(words[i] + ":" + words[0]);
            }
        }
    }

    private static void privileges(ObjectNode host, ExecutorTask task) throws ExecutorException {
        Privileges privileges = task.workload().privileges();
        ArrayNode options = Engine.JSON.createArrayNode();
        if (privileges.noNewPrivileges()) {
            options.add("no-new-privileges");
        }
        if (privileges.appArmor() == Privileges.AppArmor.DISABLED) {
            options.add("apparmor=unconfined");
        }
        switch (privileges.seccomp().mode()) {
            case UNCONFINED -> options.add("seccomp=unconfined");
            case CUSTOM -> options.add("seccomp=" + privileges.seccomp().profile());
            case DEFAULT -> {
                // The engine's own.
            }
        }
        Privileges.SeLinux seLinux = privileges.seLinux();
        if (seLinux.disable()) {
            options.add("label=disable");
        }
        label(options, "user", seLinux.user());
        label(options, "role", seLinux.role());
        label(options, "type", seLinux.type());
        label(options, "level", seLinux.level());
        Privileges.CredentialSpec credentials = privileges.credentialSpec();
        if (!credentials.config().isEmpty()) {
            throw refused(task, "a credential spec in a config is not supported; use a file or the registry");
        }
        if (!credentials.file().isEmpty()) {
            options.add("credentialspec=file://" + credentials.file());
        }
        if (!credentials.registry().isEmpty()) {
            options.add("credentialspec=registry://" + credentials.registry());
        }
        if (!options.isEmpty()) {
            host.set("SecurityOpt", options);
        }
    }

    private static void label(ArrayNode options, String part, String value) {
        if (!value.isEmpty()) {
            options.add("label=" + part + ":" + value);
        }
    }

    private static void healthCheck(ObjectNode body, HealthCheck check) {
        if (check.equals(HealthCheck.INHERITED)) {
            return;
        }
        ObjectNode health = body.putObject("Healthcheck");
        strings(health, "Test", check.test());
        nanos(health, "Interval", check.interval());
        nanos(health, "Timeout", check.timeout());
        number(health, "Retries", check.retries());
        nanos(health, "StartPeriod", check.startPeriod());
        nanos(health, "StartInterval", check.startInterval());
    }

    private static void nanos(ObjectNode node, String field, Duration value) {
        if (!value.isZero()) {
            node.put(field, value.toNanos());
        }
    }

    private static void number(ObjectNode node, String field, long value) {
        if (value != 0) {
            node.put(field, value);
        }
    }

    private static void flag(ObjectNode node, String field, boolean value) {
        if (value) {
            node.put(field, true);
        }
    }

    private static void text(ObjectNode node, String field, String value) {
        if (!value.isEmpty()) {
            node.put(field, value);
        }
    }

    static void strings(ObjectNode node, String field, Collection<String> values) {
        if (!values.isEmpty()) {
            ArrayNode array = node.putArray(field);
            values.forEach(array::add);
        }
    }

    static void strings(ObjectNode node, String field, Map<String, String> values) {
        if (!values.isEmpty()) {
            ObjectNode object = node.putObject(field);
            values.forEach(object::put);
        }
    }
}
