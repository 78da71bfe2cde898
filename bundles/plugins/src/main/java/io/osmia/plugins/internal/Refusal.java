package io.osmia.plugins.internal;

import java.io.Serial;

/** A change of plugins is not made; the message says why, and what to do. */
final class Refusal extends Exception {

    @Serial
    private static final long serialVersionUID = 1L;

    private final boolean unknown;

    private Refusal(String message, boolean unknown) {
        super(message);
        this.unknown = unknown;
    }

    static Refusal because(String why) {
        return new Refusal(why, false);
    }

    /** There is no plugin of that name. */
    static Refusal unknown(String name) {
        return new Refusal("plugin " + name + " not found", true);
    }

    boolean isUnknown() {
        return unknown;
    }
}
