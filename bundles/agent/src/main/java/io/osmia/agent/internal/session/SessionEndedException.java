package io.osmia.agent.internal.session;

import java.io.Serial;

/** The session is over; another one has to be opened. */
final class SessionEndedException extends Exception {

    @Serial
    private static final long serialVersionUID = 1L;

    private final String why;

    SessionEndedException(String why) {
        super(why);
        this.why = why;
    }

    String why() {
        return why;
    }
}
