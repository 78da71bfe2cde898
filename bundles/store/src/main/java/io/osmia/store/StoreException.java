package io.osmia.store;

import java.io.Serial;

/**
 * The store refused a change, and nothing of the transaction was stored; or, with {@link Reason#OUTCOME_UNKNOWN}, lost sight of
 * it.
 */
public class StoreException extends RuntimeException {

    @Serial
    private static final long serialVersionUID = 1L;

    /** Why; the texts are those of rules 1.2.3, 1.2.4 and 8.6. */
    public enum Reason {
        EXISTS("object already exists"),
        NOT_EXIST("object does not exist"),
        NAME_CONFLICT("name conflicts with an existing object"),
        OUT_OF_SEQUENCE("update out of sequence"),
        EXTENSION_IMMUTABLE("extensions are immutable"),
        EXTENSION_IN_USE("cannot delete extension because objects of this type exist in the data store"),
        NO_KIND("no object kind of this name is registered"),
        TOO_LARGE("raft: raft message is too large and can't be sent"),
        LOST_LEADERSHIP("raft: failed to process the request: node lost leader status"),
        /** The change went into the log, and whoever leads next may still commit it: look before trying again. */
        OUTCOME_UNKNOWN(LOST_LEADERSHIP.text
                + " (outcome unknown: the next leader may still commit it; look before trying again)"),
        NO_SPACE("no space left for the log; free some on the state directory's file system, then try again"),
        STOPPED("the store is stopped");

        private final String text;

        Reason(String text) {
            this.text = text;
        }

        public String text() {
            return text;
        }

        /** Whether it lies in the state of this node and not in the change, which may be taken later. */
        public boolean passes() {
            return this == LOST_LEADERSHIP || this == OUTCOME_UNKNOWN || this == NO_SPACE || this == STOPPED;
        }
    }

    private final Reason reason;

    public StoreException(Reason reason) {
        super(reason.text());
        this.reason = reason;
    }

    /** With a text that says more than the reason's own, which it must contain. */
    public StoreException(Reason reason, String message) {
        super(message);
        this.reason = reason;
    }

    public Reason reason() {
        return reason;
    }
}
