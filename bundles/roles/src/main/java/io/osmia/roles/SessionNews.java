package io.osmia.roles;

import io.osmia.wire.swarmkit.SessionMessage;

/** Hears what the dispatcher tells this node; registered as a service by who wants to know, called by the agent. */
public interface SessionNews {

    /** One message of the session, complete (rule 6.4.6). Called in order; must not block. */
    void heard(SessionMessage message);
}
