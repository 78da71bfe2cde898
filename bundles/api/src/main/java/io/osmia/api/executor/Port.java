package io.osmia.api.executor;

/**
 * A port of the workload that is published on the host.
 *
 * @param name for people; may be empty
 * @param protocol of both sides
 * @param target port inside, 1 to 65535
 * @param published port on the host, 1 to 65535; 0 for one that the executor picks and {@link TaskController.Status} tells
 */
public record Port(String name, Protocol protocol, int target, int published) {

    /** Transport protocols. */
    public enum Protocol {
        TCP,
        UDP,
        SCTP
    }

    /** The same port, published at another one. */
    public Port publishedAt(int port) {
        return new Port(name, protocol, target, port);
    }
}
