package io.osmia.shell.internal.connect;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Which socket is meant, and which folders are the usual ones. */
public final class SocketPath {

    /** Longest path that the kernel takes for a unix socket, in bytes, without the final zero. */
    public static final int LONGEST = 107;

    private static final Path SWARMD = Path.of("/var/run/swarmd.sock");

    private SocketPath() {}

    /** The one that was asked for, that of the environment, or the first of the usual ones that is there. */
    public static Path chosen(@Nullable Path asked, Map<String, String> environment) {
        if (asked != null) {
            return asked.toAbsolutePath();
        }
        String named = environment.getOrDefault("SWARM_SOCKET", "");
        if (!named.isEmpty()) {
            return Path.of(named).toAbsolutePath();
        }
        Path usual = usualStateDir(environment).resolve("osmia.sock");
        return !Files.exists(usual) && Files.exists(SWARMD) ? SWARMD : usual;
    }

    /** Where a node keeps its state that was not told where. */
    public static Path usualStateDir(Map<String, String> environment) {
        return "root".equals(System.getProperty("user.name")) ? Path.of("/var/lib/osmia") : state(environment, "osmia");
    }

    /** A folder for state that belongs to the user. */
    public static Path state(Map<String, String> environment, String name) {
        String state = environment.getOrDefault("XDG_STATE_HOME", "");
        if (state.startsWith("/")) {
            return Path.of(state, name);
        }
        String home = environment.getOrDefault("HOME", System.getProperty("user.home", "/"));
        return Path.of(home, ".local", "state", name);
    }
}
