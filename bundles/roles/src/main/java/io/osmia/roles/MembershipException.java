package io.osmia.roles;

import java.io.Serial;

/** A change of the managers that was refused or did not come about; the message is for the user. */
public final class MembershipException extends RuntimeException {

    @Serial
    private static final long serialVersionUID = 1L;

    /** What kind of refusal; callers map it to their status. */
    public enum Reason {
        /** This manager does not lead (rule 8.4.1). */
        NOT_LEADER,
        /** Too few managers would be left that can be reached (rule 8.4.6). */
        QUORUM,
        /** There is no such member. */
        UNKNOWN_MEMBER,
        /** The newcomer could not be reached or did not catch up. */
        UNREACHABLE,
        /** Not done within the time for it; it may still come about. */
        TIMEOUT
    }

    private final Reason reason;

    public MembershipException(Reason reason, String message) {
        super(message);
        this.reason = reason;
    }

    public Reason reason() {
        return reason;
    }
}
