package io.osmia.launcher;

import java.nio.file.Path;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.regex.Pattern;

/**
 * The parsed command line of {@code osmia node}.
 *
 * @param help whether only help is wanted
 * @param values what was given, by flag; {@code true} for flags without argument
 */
record NodeCommandLine(boolean help, Map<NodeFlag, String> values) {

    /** Flags of spec section 10.6 whose component is not there yet. */
    private static final List<String> LATER = List.of(
            "--join-addr",
            "--join-token",
            "--listen-raft-api",
            "--engine-addr",
            "--listen-metrics",
            "--listen-debug",
            "--generic-node-resources",
            "--force-new-cluster",
            "--heartbeat-tick",
            "--election-tick",
            "--external-ca",
            "--autolock",
            "--unlock-key");

    private static final Pattern HOST_PORT = Pattern.compile("(\\[[0-9a-fA-F:.]+]|[^:\\s]*):(\\d{1,5})");

    static NodeCommandLine parse(List<String> args) throws UsageException {
        Map<NodeFlag, String> values = new EnumMap<>(NodeFlag.class);
        boolean help = args.isEmpty();
        for (int i = 0; i < args.size(); i++) {
            String arg = args.get(i);
            if (arg.equals("--help") || arg.equals("-h")) {
                help = true;
                continue;
            }
            int equals = arg.startsWith("--") ? arg.indexOf('=') : -1;
            String name = equals < 0 ? arg : arg.substring(0, equals);
            NodeFlag flag = known(name);
            String value;
            if (!flag.takesArgument()) {
                value = equals < 0 ? "true" : bool(flag, arg.substring(equals + 1));
            } else if (equals >= 0) {
                value = arg.substring(equals + 1);
            } else if (i + 1 < args.size()) {
                value = args.get(++i);
            } else {
                throw new UsageException(flag.flag() + " needs a value");
            }
            check(flag, value);
            values.put(flag, value);
        }
        return new NodeCommandLine(help, values);
    }

    private static NodeFlag known(String name) throws UsageException {
        Optional<NodeFlag> flag = NodeFlag.of(name);
        if (flag.isPresent()) {
            return flag.get();
        }
        if (LATER.contains(name)) {
            throw new UsageException(name + " is not supported yet");
        }
        throw new UsageException("unknown flag " + name + "; 'osmia node --help' lists the flags");
    }

    private static String bool(NodeFlag flag, String value) throws UsageException {
        if (value.equals("true") || value.equals("false")) {
            return value;
        }
        throw new UsageException(flag.flag() + " is true or false, not '" + value + "'");
    }

    private static void check(NodeFlag flag, String value) throws UsageException {
        switch (flag) {
            case LISTEN_REMOTE_API, ADVERTISE_REMOTE_API -> {
                var match = HOST_PORT.matcher(value);
                if (!match.matches() || Integer.parseInt(match.group(2)) > 65_535) {
                    throw new UsageException(flag.flag() + " takes HOST:PORT, not '" + value + "'");
                }
            }
            case AVAILABILITY -> oneOf(flag, value, "active", "pause", "drain");
            case LOG_LEVEL -> oneOf(flag, value, "error", "warn", "info", "debug");
            case STATE_DIR, LISTEN_CONTROL_API, HOSTNAME -> {
                if (value.isBlank()) {
                    throw new UsageException(flag.flag() + " needs a value");
                }
            }
            case ALLOW_HOST_PROCESSES, STOP_TASKS_ON_EXIT -> {}
        }
    }

    private static void oneOf(NodeFlag flag, String value, String... allowed) throws UsageException {
        if (!Arrays.asList(allowed).contains(value)) {
            throw new UsageException(
                    flag.flag() + " is one of " + String.join(", ", allowed) + ", not '" + value + "'");
        }
    }

    /** The state directory: as given, else /var/lib/osmia for root, else below XDG_STATE_HOME. */
    Path stateDir(Map<String, String> env, String user, String home) {
        String given = values.get(NodeFlag.STATE_DIR);
        if (given != null) {
            return Path.of(given).toAbsolutePath().normalize();
        }
        if (user.equals("root")) {
            return Path.of("/var/lib/osmia");
        }
        String xdg = env.getOrDefault("XDG_STATE_HOME", "");
        // As the commands look for it; Java's own idea of home comes from the user database.
        Path base = xdg.isEmpty() ? Path.of(env.getOrDefault("HOME", home), ".local", "state") : Path.of(xdg);
        return base.resolve("osmia").toAbsolutePath().normalize();
    }

    /** Framework properties for the flags that were given. */
    Map<String, String> properties() {
        Map<String, String> properties = new TreeMap<>();
        values.forEach((flag, value) -> properties.put(flag.key(), value));
        return properties;
    }
}
