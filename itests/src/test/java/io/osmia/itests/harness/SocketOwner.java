package io.osmia.itests.harness;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Stream;

/** Which process on this machine holds the other end of a connection; by /proc. */
final class SocketOwner {

    private static final int LOCAL_ADDRESS = 1;
    private static final int INODE = 9;

    private SocketOwner() {}

    /** Whether this process holds the socket that is bound to this local port of loopback and is connected to that one. */
    static boolean holds(long pid, int localPort, int remotePort) {
        return inode(localPort, remotePort).map(inode -> hasOpen(pid, "socket:[" + inode + "]")).orElse(false);
    }

    private static Optional<String> inode(int localPort, int remotePort) {
        String local = String.format(Locale.ROOT, ":%04X", localPort);
        String remote = String.format(Locale.ROOT, ":%04X", remotePort);
        for (String table : List.of("tcp6", "tcp")) {
            try (Stream<String> lines = Files.lines(Path.of("/proc/net", table))) {
                Optional<String> inode = lines.map(line -> line.strip().split("\\s+"))
                        .filter(f -> f[LOCAL_ADDRESS].endsWith(local) && f[LOCAL_ADDRESS + 1].endsWith(remote))
                        .map(fields -> fields[INODE])
                        .findFirst();
                if (inode.isPresent()) {
                    return inode;
                }
            } catch (IOException e) {
                throw new IllegalStateException("/proc/net/" + table + " cannot be read", e);
            }
        }
        return Optional.empty();
    }

    /** A process that has ended holds nothing, nor does a descriptor that was closed meanwhile. */
    private static boolean hasOpen(long pid, String link) {
        try (Stream<Path> descriptors = Files.list(Path.of("/proc", pid + "", "fd"))) {
            return descriptors.anyMatch(descriptor -> {
                try {
                    return Files.readSymbolicLink(descriptor).toString().equals(link);
                } catch (IOException e) {
                    return false;
                }
            });
        } catch (IOException e) {
            return false;
        }
    }
}
