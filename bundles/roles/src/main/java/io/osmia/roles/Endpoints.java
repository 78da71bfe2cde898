package io.osmia.roles;

/** What the listeners are bound to; exists as a service once they accept connections. */
public interface Endpoints {

    /** host:port that other nodes reach the remote API at. */
    String remoteAddress();

    /** host:port that this node itself reaches its own remote API at. */
    String selfAddress();
}
