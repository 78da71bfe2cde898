package io.osmia.executor.process.internal;

import io.osmia.api.executor.ExecutorException;
import io.osmia.api.executor.ExecutorTask;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.regex.Pattern;

/**
 * What a task asks this executor for, checked: everything that can be refused without looking at the machine.
 *
 * @param argv program and arguments
 * @param env environment, complete
 * @param dir working directory; empty for the task's own
 * @param user user to run as; empty for the node's
 * @param stopSignal number of the signal that asks the process to stop
 */
record ProcessSpec(List<String> argv, Map<String, String> env, String dir, String user, int stopSignal) {

    static final String TASK_ID = "OSMIA_TASK_ID";

    static final String PATH = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin";

    /** MAX_ARG_STRLEN, with the NUL at its end. */
    private static final int LONGEST_WORD = 128 * 1024;

    private static final Pattern ID = Pattern.compile("[a-zA-Z0-9][a-zA-Z0-9_.-]{0,127}");
    private static final Pattern USER = Pattern.compile("[a-zA-Z0-9_][a-zA-Z0-9_.-]*(:[a-zA-Z0-9_][a-zA-Z0-9_.-]*)?");

    static ProcessSpec of(ExecutorTask task) throws ExecutorException {
        if (!ID.matcher(task.id()).matches()) {
            throw refused("task id '" + task.id() + "' is not one");
        }
        var workload = task.workload();
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
                List.copyOf(argv), environment(task), workload.dir(), workload.user(), number.getAsInt());
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
