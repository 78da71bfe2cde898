package io.osmia.node.internal;

import io.osmia.raft.StateException;
import io.osmia.roles.HostPort;
import io.osmia.roles.NodeSettings;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.format.DateTimeParseException;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.osgi.framework.BundleContext;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;

/**
 * This node's settings: command-line flags, which the launcher hands over as framework properties, else the files
 * {@code conf/io.osmia.node.cfg}, else defaults.
 */
@Component(service = {NodeSettings.class, Settings.class})
public final class Settings implements NodeSettings {

    private static final String PREFIX = "osmia.";
    private static final List<String> AVAILABILITIES = List.of("active", "pause", "drain");

    /** The flags that are looked at here, by their keys. */
    private static final Map<String, String> FLAGS = Map.of(
            "availability", "--availability",
            "expired.grace", "--expired-grace",
            "listen.remote", "--listen-remote-api",
            "listen.raft", "--listen-raft-api",
            "ssh.listen", "--listen-ssh");

    private final BundleContext context;
    private final ConfFiles conf;
    private final Path stateDir;
    private final @Nullable StateException fault;

    @Activate
    public Settings(BundleContext context) {
        this.context = context;
        @Nullable String state = context.getProperty("osmia.state.dir");
        @Nullable String home = context.getProperty("osmia.home");
        if (state == null || home == null) {
            throw new IllegalStateException("framework properties osmia.state.dir and osmia.home must be set");
        }
        this.stateDir = Path.of(state);
        ConfFiles read = ConfFiles.NONE;
        @Nullable StateException problem = null;
        try {
            read = ConfFiles.read(Path.of(home, "conf"), stateDir.resolve("conf"));
        } catch (StateException e) {
            problem = e;
        }
        this.conf = read;
        this.fault = problem;
    }

    /**
     * Asked once, by who can end the node: everybody else may take the settings as they are.
     *
     * @throws StateException when the files cannot be understood
     */
    void requireSound() {
        if (fault != null) {
            throw fault;
        }
        requireAvailability(availability());
        expiredGrace();
        requireAddress("listen.remote", listenRemoteApi());
        requireAddress("listen.raft", listenRaftApi());
        if (!listenSsh().isEmpty()) {
            requireAddress("ssh.listen", listenSsh());
            if (!Files.isReadable(sshAuthorizedKeys())) {
                throw new StateException(
                        "--ssh-authorized-keys",
                        "is a file that can be read, not '" + sshAuthorizedKeys() + "'");
            }
        }
    }

    private void requireAddress(String key, String address) {
        try {
            HostPort.parse(address);
        } catch (IllegalArgumentException e) {
            throw wrong(key, "is HOST:PORT", address);
        }
    }

    /** Names the flag that said it, else the file and its key. */
    private StateException wrong(String key, String rule, String value) {
        String what = rule + ", not '" + value + "'";
        return flag(key) != null
                ? new StateException(FLAGS.getOrDefault(key, key), what)
                : new StateException(stateDir.resolve("conf").resolve("io.osmia.node.cfg"), key + " " + what);
    }

    @Override
    public Path stateDir() {
        return stateDir;
    }

    @Override
    public String hostname() {
        return value("hostname", "").isEmpty() ? machineName() : value("hostname", "");
    }

    @Override
    public String listenRemoteApi() {
        return value("listen.remote", "0.0.0.0:4242");
    }

    @Override
    public String advertiseRemoteApi() {
        return value("advertise.remote", "");
    }

    @Override
    public Path listenControlApi() {
        String path = value("listen.control", "");
        return path.isEmpty() ? stateDir.resolve("osmia.sock") : Path.of(path).toAbsolutePath();
    }

    @Override
    public String availability() {
        return value("availability", "active");
    }

    @Override
    public String containerExecutor() {
        return value("executor", "");
    }

    @Override
    public String listenSsh() {
        return value("ssh.listen", "");
    }

    @Override
    public Path sshAuthorizedKeys() {
        String path = value("ssh.authorized.keys", "");
        return path.isEmpty() ? NodeSettings.super.sshAuthorizedKeys() : Path.of(path).toAbsolutePath();
    }

    @Override
    public boolean pluginsSigned() {
        return Boolean.parseBoolean(value("plugins.signed", "false"));
    }

    /** The launcher has looked at the flag; a file may say anything. */
    private void requireAvailability(String availability) {
        if (!AVAILABILITIES.contains(availability)) {
            throw wrong("availability", "is one of " + String.join(", ", AVAILABILITIES), availability);
        }
    }

    /** host:port of a manager to join through; empty to found a cluster, or to go on with the one on disk. */
    String joinAddress() {
        return value("join.addr", "");
    }

    /** The join token; empty when none was given. */
    String joinToken() {
        return value("join.token", "");
    }

    /** Address that raft is to listen on, host:port; by default the port after the one of the remote API. */
    String listenRaftApi() {
        String address = value("listen.raft", "");
        return address.isEmpty() ? next(HostPort.parse(listenRemoteApi())).toString() : address;
    }

    /**
     * The port after it; any free one stays any free one.
     *
     * @throws StateException when there is none
     */
    private static HostPort next(HostPort address) {
        if (address.port() == HostPort.GREATEST_PORT) {
            throw new StateException(
                    "--listen-raft-api", "is needed: there is no port after that of " + address + " for raft");
        }
        return address.port() == 0 ? address : address.withPort(address.port() + 1);
    }

    /** Address other managers reach raft at, host:port; empty to derive it from what was bound. */
    String advertiseRaftApi() {
        return value("advertise.raft", "");
    }

    /** The unlock key as the user gave it, {@code SWMKEY-1-...}; empty when none was given. */
    String unlockKey() {
        return value("unlock.key", "");
    }

    /** Whether a new cluster locks its managers' keys. */
    boolean autolock() {
        return Boolean.parseBoolean(value("autolock", "false"));
    }

    /** Whether to go on alone with what is on disk, all other managers given up. */
    boolean forceNewCluster() {
        return Boolean.parseBoolean(value("force.new.cluster", "false"));
    }

    /** How long after its end a certificate may still be renewed; zero for never. */
    Duration expiredGrace() {
        String text = value("expired.grace", "168h");
        try {
            return text.equals("0") ? Duration.ZERO : Duration.parse("PT" + text.toUpperCase(Locale.ROOT));
        } catch (DateTimeParseException e) {
            throw wrong("expired.grace", "is a duration such as 168h, or 0", text);
        }
    }

    /** Whether log and snapshots are sealed. Only tests have a reason to say no. */
    boolean seal() {
        return Boolean.parseBoolean(value("seal", "true"));
    }

    /** Whether the tasks end when the node stops. */
    boolean stopTasksOnExit() {
        return Boolean.parseBoolean(value("stop.tasks", "false"));
    }

    ConfFiles conf() {
        return conf;
    }

    /** The flag of this name, if it was given. */
    @Nullable
    String flag(String key) {
        return context.getProperty(PREFIX + key);
    }

    private String value(String key, String otherwise) {
        @Nullable String flag = flag(key);
        return flag != null ? flag : conf.value("io.osmia.node", key, otherwise);
    }

    private static String machineName() {
        try {
            return InetAddress.getLocalHost().getHostName();
        } catch (UnknownHostException e) {
            return "localhost";
        }
    }
}
