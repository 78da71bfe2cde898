package io.osmia.control.listener;

import com.google.protobuf.Message;
import io.grpc.Attributes;
import io.grpc.Metadata;
import io.grpc.MethodDescriptor;
import io.grpc.ServerCall;
import io.grpc.ServerMethodDefinition;
import io.grpc.Status;
import io.osmia.wire.NonNullable;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import org.jspecify.annotations.Nullable;

/** A call that was taken as bytes to be passed on, and is handled here after all: this manager leads now. */
final class LocalCall<Q, A> extends ServerCall<Q, A> {

    private final ServerCall<byte[], byte[]> raw;
    private final MethodDescriptor<Q, A> method;

    private LocalCall(ServerCall<byte[], byte[]> raw, MethodDescriptor<Q, A> method) {
        this.raw = raw;
        this.method = method;
    }

    static <Q, A> ServerCall.Listener<byte[]> start(
            ServerMethodDefinition<Q, A> handler, ServerCall<byte[], byte[]> raw, Metadata headers) {
        MethodDescriptor<Q, A> method = handler.getMethodDescriptor();
        ServerCall.Listener<Q> listener =
                handler.getServerCallHandler().startCall(new LocalCall<>(raw, method), headers);
        return new Requests<>(method, listener);
    }

    /** Reads the bytes for the handler. */
    private static final class Requests<Q> extends ServerCall.Listener<byte[]> {

        private final MethodDescriptor<Q, ?> method;
        private final ServerCall.Listener<Q> listener;

        Requests(MethodDescriptor<Q, ?> method, ServerCall.Listener<Q> listener) {
            this.method = method;
            this.listener = listener;
        }

        @Override
        public void onMessage(byte[] message) {
            listener.onMessage(method.parseRequest(new ByteArrayInputStream(message)));
        }

        @Override
        public void onHalfClose() {
            listener.onHalfClose();
        }

        @Override
        public void onCancel() {
            listener.onCancel();
        }

        @Override
        public void onComplete() {
            listener.onComplete();
        }

        @Override
        public void onReady() {
            listener.onReady();
        }
    }

    @Override
    public void request(int messages) {
        raw.request(messages);
    }

    @Override
    public void sendHeaders(Metadata headers) {
        raw.sendHeaders(headers);
    }

    @Override
    @SuppressWarnings("unchecked") // filling keeps the type
    public void sendMessage(A message) {
        A filled = message instanceof Message plain ? (A) NonNullable.fill(plain) : message;
        try (InputStream stream = method.streamResponse(filled)) {
            raw.sendMessage(stream.readAllBytes());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public void close(Status status, Metadata trailers) {
        raw.close(status, trailers);
    }

    @Override
    public boolean isCancelled() {
        return raw.isCancelled();
    }

    @Override
    public boolean isReady() {
        return raw.isReady();
    }

    @Override
    public Attributes getAttributes() {
        return raw.getAttributes();
    }

    @Override
    public @Nullable String getAuthority() {
        return raw.getAuthority();
    }

    @Override
    public MethodDescriptor<Q, A> getMethodDescriptor() {
        return method;
    }
}
