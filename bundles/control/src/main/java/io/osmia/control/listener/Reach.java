package io.osmia.control.listener;

/** One of the two listeners. */
enum Reach {
    LOCAL,
    REMOTE;

    /** Component property of a gRPC service: {@code both} (also when absent), {@code local} or {@code remote}. */
    static final String PROPERTY = "osmia.listener";

    /** Whether a service with this value of the property is offered here. */
    boolean offers(Object property) {
        return switch (property.toString()) {
            case "both" -> true;
            case "local" -> this == LOCAL;
            case "remote" -> this == REMOTE;
            default -> throw new IllegalArgumentException(
                    PROPERTY + " must be both, local or remote, not " + property);
        };
    }
}
