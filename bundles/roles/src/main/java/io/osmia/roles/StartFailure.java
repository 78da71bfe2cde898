package io.osmia.roles;

/**
 * Registered as a service by a component that the node cannot do without and that could not start. The node prints the message and
 * stops.
 *
 * @param message one line for the operator: what, which address or file, what to do
 */
public record StartFailure(String message) {}
