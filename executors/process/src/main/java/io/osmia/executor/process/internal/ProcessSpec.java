package io.osmia.executor.process.internal;

import io.osmia.api.executor.ExecutorException;
import io.osmia.api.executor.ExecutorTask;
import io.osmia.api.executor.Workload.Ulimit;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * What a task asks this executor for, checked: everything that can be refused without looking at the machine.
 *
 * @param argv program and arguments
 * @param env environment, complete
 * @param dir working directory; empty for the task's own
 * @param user user to run as; empty for the node's
 * @param stopSignal number of the signal that asks the process to stop
 * @param ulimits resource limits, of which each exists
 */
record ProcessSpec(
        List<String> argv,
        Map<String, String> env,
        String dir,
        String user,
        int stopSignal,
        List<Ulimit> ulimits) {

    static final String TASK_ID = "OSMIA_TASK_ID";

    static final String PATH = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin";

    /** MAX_ARG_STRLEN, with the NUL at its end. */
    private static final int LONGEST_WORD = 128 * 1024;

    private static final Pattern ID = Pattern.compile("[a-zA-Z0-9][a-zA-Z0-9_.-]{0,127}");
    /** Any tag will do. */
    private static final Pattern IMAGE =
            Pattern.compile("(docker[.]io/)?osmia/host(:[a-zA-Z0-9_.-]+)?(@sha256:[0-9a-f]{64})?");

    private static final Set<String> ULIMITS =
            Set.of("as", "core", "cpu", "data", "fsize", "locks", "memlock", "msgqueue",
                    "nice", "nofile", "nproc", "rss", "rtprio", "rttime", "sigpending", "stack");

    private static final Pattern USER = Pattern.compile("[a-zA-Z0-9_][a-zA-Z0-9_.-]*(:[a-zA-Z0-9_][a-zA-Z0-9_.-]*)?");

    static ProcessSpec of(ExecutorTask task) throws ExecutorException {
        if (!ID.matcher(task.id()).matches()) {
            throw refused("task id '" + task.id() + "' is not one");
        }
        var workload = task.workload();
        if (!workload.image().isEmpty() && !IMAGE.matcher(workload.image()).matches()) {
            throw refused(
                    "image '" + workload.image() + "' is none of this executor, which runs programs of the machine"
                            + " as osmia/host");
        }
        List<String> argv = new ArrayList<>(workload.command());
        argv.addAll(workload.args());
        if (argv.isEmpty() || argv.getFirst().isEmpty()) {
            throw refused("no command");
        }
        if (argv.getFirst().contains("=")) {
            throw refused("command '" + argv.getFirst() + "' has a '=' in its name; start it through another name");
        }
        for (String word : argv) {
            passable(word, "command");
        }
        if (!workload.dir().isEmpty() && !workload.dir().startsWith("/")) {
            throw refused("directory '" + workload.dir() + "' is not absolute");
        }
        passable(workload.dir(), "directory");
        if (!workload.user().isEmpty() && !USER.matcher(workload.user()).matches()) {
            throw refused("user '" + workload.user() + "' is not a user or user:group");
        }
        String signal = workload.stopSignal();
        OptionalInt number = signal.isEmpty() ? OptionalInt.of(Signals.TERM) : Signals.number(signal);
        if (number.isEmpty()) {
            throw refused("stop signal '" + signal + "' is unknown; use a name such as SIGINT or a number up to 64");
        }
        return new ProcessSpec(
                List.copyOf(argv), environment(task), workload.dir(), workload.user(), number.getAsInt(),
                checked(workload.ulimits()));
    }

    private static List<Ulimit> checked(List<Ulimit> ulimits) throws ExecutorException {
        for (Ulimit ulimit : ulimits) {
            if (!ULIMITS.contains(ulimit.name())) {
                throw refused("resource limit '" + ulimit.name() + "' is unknown; there are "
                        + String.join(", ", ULIMITS.stream().sorted().toList()));
            }
            if (ulimit.hard() >= 0 && (ulimit.soft() < 0 || ulimit.soft() > ulimit.hard())) {
                throw refused("resource limit '" + ulimit.name() + "': its soft limit is above its hard limit");
            }
        }
        return ulimits;
    }

    private static Map<String, String> environment(ExecutorTask task) throws ExecutorException {
        Map<String, String> env = new LinkedHashMap<>();
        env.put("PATH", PATH);
        for (String entry : task.environment()) {
            int equals = entry.indexOf('=');
            if (equals <= 0) {
                throw refused("environment entry '" + entry + "' is not NAME=value");
            }
            passable(entry, "environment");
            env.put(entry.substring(0, equals), entry.substring(equals + 1));
        }
        env.put(TASK_ID, task.id());
        env.put("OSMIA_NODE_ID", task.nodeId());
        env.put("OSMIA_SERVICE_NAME", task.serviceName());
        env.put("OSMIA_SLOT", Long.toString(task.slot()));
        return env;
    }

    private static void passable(String text, String what) throws ExecutorException {
        if (text.getBytes(StandardCharsets.UTF_8).length >= LONGEST_WORD) {
            throw refused(
                    what + " is longer than Linux lets one argument or entry be (" + (LONGEST_WORD - 1) + " bytes)");
        }
        if (text.indexOf('\0') >= 0) {
            throw refused(what + " contains a NUL character");
        }
    }

    /** A refusal for good: the task is REJECTED with it. */
    static ExecutorException refused(String why) {
        return new ExecutorException("osmia/host: " + why, false);
    }
}
