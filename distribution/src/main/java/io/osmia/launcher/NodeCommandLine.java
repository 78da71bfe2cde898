package io.osmia.launcher;

import java.nio.file.Path;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * The parsed command line of {@code osmia node}.
 *
 * @param help whether only help is wanted
 * @param values what was given, by flag; {@code true} for flags without argument
 */
record NodeCommandLine(boolean help, Map<NodeFlag, String> values) {

    /** Flags of spec section 10.6 whose component is not there yet. */
    private static final List<String> LATER = List.of(
            "--engine-addr",
            "--listen-metrics",
            "--listen-debug",
            "--generic-node-resources",
            "--heartbeat-tick",
            "--election-tick",
            "--external-ca");

    /**
     * @param env where secrets may stand that are not among the words
     * @throws UsageException when a word, a value or the combination of them cannot be honoured
     */
    static NodeCommandLine parse(List<String> args, Map<String, String> env) throws UsageException {
        Map<NodeFlag, String> values = new EnumMap<>(NodeFlag.class);
        boolean help = words(args, values);
        if (!help) {
            SecretFlags.complete(values, env);
            for (Map.Entry<NodeFlag, String> given : values.entrySet()) {
                FlagRules.check(given.getKey(), given.getValue());
            }
            FlagRules.checkTogether(values);
        }
        return new NodeCommandLine(help, values);
    }

    /** Fills the values; returns whether help is wanted. */
    private static boolean words(List<String> args, Map<NodeFlag, String> values) throws UsageException {
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
            values.put(flag, value);
        }
        return help;
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
