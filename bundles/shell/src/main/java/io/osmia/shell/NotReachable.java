package io.osmia.shell;

/** No node answers; the message says where and what to do. */
public final class NotReachable extends Exception {

    private static final long serialVersionUID = 1L;

    public NotReachable(String message) {
        super(message);
    }
}
