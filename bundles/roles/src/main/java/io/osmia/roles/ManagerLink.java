package io.osmia.roles;

import io.grpc.Channel;

/**
 * Hears of the connection that this node's session with a manager uses: who has something to say to the leader may say it
 * there, and needs no connection of its own. Registered as a service by who wants to know, called by the agent.
 */
public interface ManagerLink {

    /** A session has begun. Calls on this connection are the leader's or are passed on to it. Must not block. */
    void up(Channel manager);

    /** The session has ended, and with it the connection. Must not block. */
    void down(Channel manager);
}
