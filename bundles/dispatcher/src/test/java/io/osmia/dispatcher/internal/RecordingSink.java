package io.osmia.dispatcher.internal;

import io.grpc.Status;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A client that notes what it gets. */
final class RecordingSink<T> implements Sink<T> {

    final List<T> messages = new ArrayList<>();
    boolean reading = true;
    boolean gone;
    @Nullable
    Status ended;

    @Override
    public boolean ready() {
        return reading;
    }

    @Override
    public void send(T message) {
        messages.add(message);
    }

    @Override
    public boolean cancelled() {
        return gone;
    }

    @Override
    public void end(Status status) {
        if (ended == null) {
            ended = status;
        }
    }

    T last() {
        return messages.getLast();
    }
}
