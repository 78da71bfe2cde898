package io.osmia.roles;

import java.nio.file.Path;

/** Settings of this node that do not change while it runs: from flags, else from files under conf/, else defaults. */
public interface NodeSettings {

    /** The node's own directory; exists, is locked and writable. */
    Path stateDir();

    /** Host name to describe the node with. */
    String hostname();

    /** Address the remote API is to listen on, host:port; port 0 for any free one. */
    String listenRemoteApi();

    /** Address other nodes reach the remote API at, host:port; empty to derive it from what was bound. */
    String advertiseRemoteApi();

    /** Path of the unix socket of the control API. */
    Path listenControlApi();

    /**
     * Kind of the executor that runs the containers of this node, e.g. {@code docker}; empty for whichever is here. A node
     * whose settings name one that is not here runs no containers.
     */
    default String containerExecutor() {
        return "";
    }

    /** Whether plugins of this node must be signed, whatever the cluster says. */
    default boolean pluginsSigned() {
        return false;
    }

    /** Address to listen for SSH on, host:port, with no host for loopback alone; empty not to listen. */
    default String listenSsh() {
        return "";
    }

    /** Who may come in by SSH. */
    default Path sshAuthorizedKeys() {
        return stateDir().resolve("conf").resolve("authorized_keys");
    }

    /** {@code active}, {@code pause} or {@code drain}: availability of a node that is new to the cluster. */
    String availability();
}
