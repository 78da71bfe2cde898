package io.osmia.executor.podman.internal;

import com.google.gson.JsonArray;
import com.google.gson.JsonObject;
import io.osmia.api.executor.Driver;
import io.osmia.api.executor.ExecutorException;
import io.osmia.api.executor.ExecutorTask;
import io.osmia.api.executor.Port;
import io.osmia.api.executor.Privileges;
import io.osmia.api.executor.Workload;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.OptionalInt;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Pattern;

/** The request that makes a task's container. A function of the task: it asks nobody, and refuses what can never be. */
final class ContainerRequest {

    /** Podman's own rule; it also keeps the name a name in an address. */
    private static final Pattern NAME = Pattern.compile("[a-zA-Z0-9][a-zA-Z0-9_.-]{0,254}");

    private static final Pattern TASK_ID = Pattern.compile("[a-zA-Z0-9][a-zA-Z0-9_.-]{0,127}");
    private static final Pattern AUTH = Pattern.compile("[A-Za-z0-9+/_=-]*");
    private static final Pattern SIZE = Pattern.compile("([0-9]{1,12})([bkmg]?)");

    private ContainerRequest() {}

    static boolean isName(String name) {
        return NAME.matcher(name).matches();
    }

    /** Refuses what no image and no machine changes. */
    static void check(ExecutorTask task) throws ExecutorException {
        Workload workload = task.workload();
        if (!TASK_ID.matcher(task.id()).matches()) {
            throw Refusals.never("task id '" + task.id() + "' is not one");
        }
        if (!ImageName.isValid(workload.image())) {
            throw Refusals.never("image '" + workload.image() + "' is not a reference");
        }
        if (!AUTH.matcher(workload.registryAuth()).matches()) {
            throw Refusals.never("the credentials of the registry are not base64");
        }
        of(task, "", workload.image(), HealthSettings.NONE, "");
    }

    /**
     * @param image name of the image on this machine
     * @param network network of containers that ask for none; empty for the engine's choice
     */
    static JsonObject of(
            ExecutorTask task, String specDigest, String image, HealthSettings health, String network)
            throws ExecutorException {
        if (!isName(task.name())) {
            throw Refusals.never("container name '" + task.name() + "' is not one");
        }
        Workload workload = task.workload();
        JsonObject request = new JsonObject();
        request.addProperty("name", task.name());
        request.addProperty("image", image);
        Map<String, String> labels = new TreeMap<>(Labels.of(task, specDigest));
        labels.putAll(health.labels());
        request.add("labels", Json.object(labels));
        request.add("healthconfig", health.json());
        addProcess(request, task);
        addPlace(request, task, network);
        addPrivileges(request, workload);
        Mounts.addTo(request, workload.mounts());
        Limits.addTo(request, task);
        addLog(request, task.logDriver());
        return request;
    }

    private static void addProcess(JsonObject request, ExecutorTask task) throws ExecutorException {
        Workload workload = task.workload();
        // A command takes the place of the image's entry point, arguments that of its command (rule 6.15.3).
        Json.addUnlessEmpty(request, "entrypoint", workload.command());
        Json.addUnlessEmpty(request, "command", workload.args());
        addEnvironment(request, task.environment());
        Json.addUnlessEmpty(request, "work_dir", workload.dir());
        Json.addUnlessEmpty(request, "user", workload.user());
        Json.addUnlessEmpty(request, "groups", workload.groups());
        request.addProperty("terminal", workload.tty());
        request.addProperty("stdin", workload.openStdin());
        request.addProperty("init", workload.init().orElse(false));
        // Else Podman looks for systemd in the command and changes the stop signal.
        request.addProperty("systemd", "false");
        if (!workload.stopSignal().isEmpty()) {
            request.addProperty("stop_signal", stopSignal(workload));
        }
        request.addProperty("stop_timeout", Math.max(0, workload.stopGracePeriod().toSeconds()));
    }

    static int stopSignal(Workload workload) throws ExecutorException {
        OptionalInt signal = Signals.number(workload.stopSignal());
        if (signal.isEmpty()) {
            throw Refusals.never("stop signal '" + workload.stopSignal()
                    + "' is unknown; use a name such as SIGINT or a number up to 64");
        }
        return signal.getAsInt();
    }

    /** A name without a value takes it from the image's, as with Docker. */
    private static void addEnvironment(JsonObject request, List<String> entries) throws ExecutorException {
        Map<String, String> set = new TreeMap<>();
        List<String> unset = new ArrayList<>();
        for (String entry : entries) {
            int equals = entry.indexOf('=');
            if (entry.isEmpty() || equals == 0) {
                throw Refusals.never("environment entry '" + entry + "' is not NAME=value");
            }
            if (equals < 0) {
                unset.add(entry);
            } else {
                set.put(entry.substring(0, equals), entry.substring(equals + 1));
            }
        }
        Json.addUnlessEmpty(request, "env", set);
        Json.addUnlessEmpty(request, "unsetenv", unset);
    }

    private static void addPlace(JsonObject request, ExecutorTask task, String network) throws ExecutorException {
        Workload workload = task.workload();
        if (!Set.of("", "default").contains(workload.isolation())) {
            throw Refusals.never("isolation '" + workload.isolation() + "' is a thing of Windows");
        }
        Json.addUnlessEmpty(request, "hostname", workload.hostname());
        Json.addUnlessEmpty(request, "hostadd", hosts(workload.hosts()));
        Json.addUnlessEmpty(request, "dns_server", workload.dns().nameservers());
        Json.addUnlessEmpty(request, "dns_search", workload.dns().search());
        Json.addUnlessEmpty(request, "dns_option", workload.dns().options());
        Json.addUnlessEmpty(request, "sysctl", workload.sysctls());
        if (!network.isEmpty()) {
            JsonObject netns = new JsonObject();
            netns.addProperty("nsmode", network);
            request.add("netns", netns);
        }
        JsonArray ports = new JsonArray();
        for (Port port : task.ports()) {
            JsonObject json = new JsonObject();
            json.addProperty("container_port", port.target());
            json.addProperty("host_port", port.published());
            json.addProperty("protocol", port.protocol().name().toLowerCase(Locale.ROOT));
            ports.add(json);
        }
        if (!ports.isEmpty()) {
            request.add("portmappings", ports);
        }
    }

    /** Lines {@code IP name ...} as {@code name:IP}. */
    private static List<String> hosts(List<String> lines) throws ExecutorException {
        List<String> hosts = new ArrayList<>();
        for (String line : lines) {
            String[] words = line.strip().split("\\s+");
            if (words.length < 2) {
                throw Refusals.never("hosts line '" + line + "' is not an address and a name");
            }
            for (int i = 1; i < words.length; i++) {
                hosts.add(words[i] + ":" + words[0]);
            }
        }
        return hosts;
    }

    private static void addPrivileges(JsonObject request, Workload workload) throws ExecutorException {
        Json.addUnlessEmpty(request, "cap_add", workload.capabilityAdd());
        Json.addUnlessEmpty(request, "cap_drop", workload.capabilityDrop());
        request.addProperty("read_only_filesystem", workload.readOnly());
        Privileges privileges = workload.privileges();
        request.addProperty("no_new_privileges", privileges.noNewPrivileges());
        if (!privileges.credentialSpec().equals(Privileges.CredentialSpec.NONE)) {
            throw Refusals.never("a credential spec is a thing of Windows");
        }
        Json.addUnlessEmpty(request, "selinux_opts", seLinux(privileges.seLinux()));
        if (privileges.appArmor() == Privileges.AppArmor.DISABLED) {
            request.addProperty("apparmor_profile", "unconfined");
        }
        switch (privileges.seccomp().mode()) {
            case DEFAULT -> {
                // the engine's
            }
            case UNCONFINED -> request.addProperty("seccomp_profile_path", "unconfined");
            case CUSTOM -> throw Refusals.never("Podman takes a seccomp profile of one's own as a file of the node"
                    + " only; put it into its containers.conf, or use the Docker executor");
        }
    }

    private static List<String> seLinux(Privileges.SeLinux label) {
        List<String> options = new ArrayList<>();
        if (label.disable()) {
            options.add("disable");
        }
        addPart(options, "user", label.user());
        addPart(options, "role", label.role());
        addPart(options, "type", label.type());
        addPart(options, "level", label.level());
        return options;
    }

    private static void addPart(List<String> options, String name, String value) {
        if (!value.isEmpty()) {
            options.add(name + ":" + value);
        }
    }

    private static void addLog(JsonObject request, Driver driver) throws ExecutorException {
        if (driver.equals(Driver.NONE)) {
            return;
        }
        JsonObject log = new JsonObject();
        Json.addUnlessEmpty(log, "driver", driver.name());
        Map<String, String> options = new TreeMap<>();
        for (Map.Entry<String, String> option : driver.options().entrySet()) {
            switch (option.getKey()) {
                case "max-size" -> log.addProperty("size", size(option.getValue()));
                case "tag" -> options.put("tag", option.getValue());
                default -> throw Refusals.never("log option '" + option.getKey() + "' is not one of max-size, tag");
            }
        }
        Json.addUnlessEmpty(log, "options", options);
        request.add("log_configuration", log);
    }

    private static long size(String text) throws ExecutorException {
        var size = SIZE.matcher(text.toLowerCase(Locale.ROOT));
        if (!size.matches()) {
            throw Refusals.never("log option max-size '" + text + "' is not a size such as 10m");
        }
        long number = Long.parseLong(size.group(1));
        return switch (size.group(2)) {
            case "k" -> number << 10;
            case "m" -> number << 20;
            case "g" -> number << 30;
            default -> number;
        };
    }
}
