package io.osmia.launcher;

import io.osmia.ca.NodeCertificates;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Which values a flag takes, and which flags cannot stand together. Nothing that cannot be honoured is let through. */
final class FlagRules {

    private static final int GREATEST_PORT = 65_535;

    private static final Pattern HOST_PORT = Pattern.compile("(\\[[0-9a-fA-F:.]+]|[^:\\s]*):(\\d{1,5})");
    private static final Pattern TIME = Pattern.compile("0|(?=\\d)(\\d+h)?(\\d+m)?(\\d+s)?");
    /** Rule 7.4.3. */
    private static final Pattern JOIN_TOKEN = Pattern.compile("SWMTKN-(1|2-[01])-[^-]{50}-[^-]{25}");
    /** Rule 7.12.3. */
    private static final Pattern UNLOCK_KEY = Pattern.compile("SWMKEY-1-[A-Za-z0-9+/]{43}");

    private FlagRules() {}

    static void check(NodeFlag flag, String value) throws UsageException {
        switch (flag) {
            case LISTEN_REMOTE_API, ADVERTISE_REMOTE_API, LISTEN_RAFT_API, ADVERTISE_RAFT_API, LISTEN_SSH ->
                address(flag, value);
            case JOIN_ADDR -> {
                Matcher address = address(flag, value);
                if (address.group(1).isEmpty() || Integer.parseInt(address.group(2)) == 0) {
                    throw new UsageException(flag.flag() + " names a manager's HOST:PORT, not '" + value + "'");
                }
            }
            case JOIN_TOKEN -> secret(JOIN_TOKEN, value,
                    "invalid join token; 'osmia cluster join-token worker' on a manager prints the right one");
            case UNLOCK_KEY -> secret(UNLOCK_KEY, value,
                    "invalid key string: an unlock key begins with SWMKEY-1-, as 'osmia cluster unlock-key' printed it");
            case EXPIRED_GRACE -> {
                if (!TIME.matcher(value).matches()) {
                    throw new UsageException(
                            flag.flag() + " is a time such as 168h or 1h30m, or 0, not '" + value + "'");
                }
            }
            case AVAILABILITY -> oneOf(flag, value, "active", "pause", "drain");
            case LOG_LEVEL -> oneOf(flag, value, "error", "warn", "info", "debug");
            case STATE_DIR, LISTEN_CONTROL_API, SSH_AUTHORIZED_KEYS, HOSTNAME -> {
                if (value.isBlank()) {
                    throw new UsageException(flag.flag() + " needs a value");
                }
            }
            case ALLOW_HOST_PROCESSES, STOP_TASKS_ON_EXIT, AUTOLOCK, FORCE_NEW_CLUSTER -> {}
        }
    }

    static void checkTogether(Map<NodeFlag, String> values) throws UsageException {
        boolean joins = values.containsKey(NodeFlag.JOIN_ADDR);
        if (values.containsKey(NodeFlag.JOIN_TOKEN) && !joins) {
            throw new UsageException(
                    "a join token was given and no --join-addr; name a manager's HOST:PORT, or take the "
                            + "token (--join-token, " + NodeFlag.JOIN_TOKEN.variable() + ") away to found a cluster");
        }
        if (isOn(values, NodeFlag.FORCE_NEW_CLUSTER) && joins) {
            throw new UsageException(
                    "--force-new-cluster goes on alone and --join-addr joins others; give one of them");
        }
        if (isOn(values, NodeFlag.AUTOLOCK) && joins) {
            throw new UsageException("--autolock is for the node that founds a cluster; in a cluster that exists, say "
                    + "'osmia cluster update --autolock=true'");
        }
    }

    /** A node that has its certificate needs no token any more, and may be started with the same words as before. */
    static void checkJoining(Map<NodeFlag, String> values, Path stateDir) throws UsageException {
        boolean joins = values.containsKey(NodeFlag.JOIN_ADDR);
        if (joins && !values.containsKey(NodeFlag.JOIN_TOKEN) && !NodeCertificates.exists(certificates(stateDir))) {
            throw new UsageException("--join-addr needs --join-token (or " + NodeFlag.JOIN_TOKEN.variable()
                    + "), since " + stateDir + " is of no node yet; 'osmia cluster join-token worker' on a manager"
                    + " prints the command");
        }
    }

    private static Path certificates(Path stateDir) {
        return stateDir.resolve("certificates");
    }

    private static boolean isOn(Map<NodeFlag, String> values, NodeFlag flag) {
        return "true".equals(values.get(flag));
    }

    private static Matcher address(NodeFlag flag, String value) throws UsageException {
        Matcher match = HOST_PORT.matcher(value);
        if (!match.matches() || Integer.parseInt(match.group(2)) > GREATEST_PORT) {
            throw new UsageException(flag.flag() + " takes HOST:PORT, not '" + value + "'");
        }
        return match;
    }

    /** The value itself is not told: logs are read by many. */
    private static void secret(Pattern form, String value, String message) throws UsageException {
        if (!form.matcher(value).matches()) {
            throw new UsageException(message);
        }
    }

    private static void oneOf(NodeFlag flag, String value, String... allowed) throws UsageException {
        if (!Arrays.asList(allowed).contains(value)) {
            throw new UsageException(
                    flag.flag() + " is one of " + String.join(", ", allowed) + ", not '" + value + "'");
        }
    }
}
