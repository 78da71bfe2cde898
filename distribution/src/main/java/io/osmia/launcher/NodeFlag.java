package io.osmia.launcher;

import java.util.Arrays;
import java.util.Optional;

/** The flags of {@code osmia node}. Each sets the configuration key of the same meaning. */
enum NodeFlag {
    STATE_DIR("--state-dir", "DIR", "osmia.state.dir", "directory of this node's state"),
    LISTEN_REMOTE_API(
            "--listen-remote-api",
            "HOST:PORT",
            "osmia.listen.remote",
            "where other nodes and clients connect (0.0.0.0:4242); port 0 takes a free one"),
    ADVERTISE_REMOTE_API(
            "--advertise-remote-api", "HOST:PORT", "osmia.advertise.remote", "how other nodes reach that address"),
    LISTEN_CONTROL_API(
            "--listen-control-api", "PATH", "osmia.listen.control",
            "unix socket of the local API (STATE_DIR/osmia.sock)"),
    HOSTNAME("--hostname", "NAME", "osmia.hostname", "name to describe this node with (the machine's)"),
    AVAILABILITY(
            "--availability", "active|pause|drain", "osmia.availability",
            "availability of a node that is new (active)"),
    ALLOW_HOST_PROCESSES(
            "--allow-host-processes",
            "",
            "osmia.process.enabled",
            "let services of image osmia/host run programs of this machine"),
    STOP_TASKS_ON_EXIT(
            "--stop-tasks-on-exit", "", "osmia.stop.tasks",
            "end the tasks when the node stops, instead of leaving them"),
    LOG_LEVEL("--log-level", "error|warn|info|debug", "osmia.log.level", "least level that is logged (info)");

    private final String flag;
    private final String argument;
    private final String key;
    private final String help;

    NodeFlag(String flag, String argument, String key, String help) {
        this.flag = flag;
        this.argument = argument;
        this.key = key;
        this.help = help;
    }

    static Optional<NodeFlag> of(String flag) {
        return Arrays.stream(values()).filter(f -> f.flag.equals(flag)).findFirst();
    }

    String flag() {
        return flag;
    }

    /** Framework property that carries the value. */
    String key() {
        return key;
    }

    boolean takesArgument() {
        return !argument.isEmpty();
    }

    String usage() {
        return "  %-36s %s".formatted(takesArgument() ? flag + " " + argument : flag, help);
    }
}
