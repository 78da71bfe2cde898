package io.osmia.launcher;

import java.util.Arrays;
import java.util.Locale;
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
    LISTEN_RAFT_API(
            "--listen-raft-api", "HOST:PORT", "osmia.listen.raft",
            "where other managers reach raft (the port after the remote API's)"),
    ADVERTISE_RAFT_API(
            "--advertise-raft-api", "HOST:PORT", "osmia.advertise.raft", "how other managers reach that address"),
    JOIN_ADDR(
            "--join-addr", "HOST:PORT", "osmia.join.addr",
            "a manager of the cluster to join; without it, a new node founds one"),
    JOIN_TOKEN(
            "--join-token", "TOKEN|@FILE", "osmia.join.token",
            "what 'osmia cluster join-token' prints; better in OSMIA_JOIN_TOKEN"),
    AUTOLOCK(
            "--autolock", "", "osmia.autolock",
            "found a cluster whose managers need the unlock key to start again"),
    UNLOCK_KEY(
            "--unlock-key", "KEY|@FILE", "osmia.unlock.key",
            "opens a locked manager; better in OSMIA_UNLOCK_KEY"),
    FORCE_NEW_CLUSTER(
            "--force-new-cluster", "", "osmia.force.new.cluster",
            "go on alone with the state on disk, giving up the other managers"),
    EXPIRED_GRACE(
            "--expired-grace", "TIME", "osmia.expired.grace",
            "how long after its end a certificate may be renewed (168h); 0: never"),
    LISTEN_CONTROL_API(
            "--listen-control-api", "PATH", "osmia.listen.control",
            "unix socket of the local API (STATE_DIR/osmia.sock)"),
    LISTEN_SSH(
            "--listen-ssh", "[HOST]:PORT", "osmia.ssh.listen",
            "open 'osmia shell' to SSH there; without HOST to this machine alone (off)"),
    SSH_AUTHORIZED_KEYS(
            "--ssh-authorized-keys", "FILE", "osmia.ssh.authorized.keys",
            "who may come in by SSH, and as what (STATE_DIR/conf/authorized_keys)"),
    HOSTNAME("--hostname", "NAME", "osmia.hostname", "name to describe this node with (the machine's)"),
    AVAILABILITY(
            "--availability", "active|pause|drain", "osmia.availability",
            "availability of a node that is new (active)"),
    ALLOW_HOST_PROCESSES(
            "--allow-host-processes",
            "",
            "osmia.process.enabled",
            "let services of image osmia/host run programs of this machine"),
    EXECUTOR(
            "--executor", "docker|podman", "osmia.executor",
            "what runs the containers of this node (docker if it is there, else podman)"),
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

    /** Whether it may be read from a file, {@code @path}, and from the environment, since others see a command line. */
    boolean isSecret() {
        return this == JOIN_TOKEN || this == UNLOCK_KEY;
    }

    /** The environment variable that stands in for a secret flag. */
    String variable() {
        return "OSMIA_" + flag.substring(2).toUpperCase(Locale.ROOT).replace('-', '_');
    }

    boolean takesArgument() {
        return !argument.isEmpty();
    }

    String usage() {
        return "  %-36s %s".formatted(takesArgument() ? flag + " " + argument : flag, help);
    }
}
