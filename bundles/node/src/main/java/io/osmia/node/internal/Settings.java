package io.osmia.node.internal;

import io.osmia.raft.StateException;
import io.osmia.roles.NodeSettings;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.file.Path;
import java.util.List;
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

    /** The launcher has looked at the flag; a file may say anything. */
    private void requireAvailability(String availability) {
        if (!AVAILABILITIES.contains(availability)) {
            throw new StateException(
                    stateDir.resolve("conf").resolve("io.osmia.node.cfg"),
                    "availability is one of " + String.join(", ", AVAILABILITIES) + ", not '" + availability + "'");
        }
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
