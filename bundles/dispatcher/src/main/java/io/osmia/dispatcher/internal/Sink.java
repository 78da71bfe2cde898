package io.osmia.dispatcher.internal;

import io.grpc.Status;

/** The sending side of a server stream. Used by the dispatcher's loop only. */
interface Sink<T> {

    /** Whether a message would leave without waiting for the client to read earlier ones. */
    boolean ready();

    void send(T message);

    /** Whether the client is gone. */
    boolean cancelled();

    /** Ends the stream; later calls do nothing. */
    void end(Status status);
}
