package io.osmia.control.listener;

import io.grpc.ForwardingServerCall.SimpleForwardingServerCall;
import io.grpc.ForwardingServerCallListener.SimpleForwardingServerCallListener;
import io.grpc.Metadata;
import io.grpc.MethodDescriptor;
import io.grpc.ServerCall;
import io.grpc.ServerCallHandler;
import io.grpc.ServerMethodDefinition;
import io.grpc.ServerServiceDefinition;
import io.grpc.ServiceDescriptor;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.List;

/**
 * Makes a service answer a request that is no protobuf. gRPC itself parses outside of all interceptors and treats a
 * failure there as a defect of the server: UNKNOWN for the client, a stack trace in the log.
 */
final class Readable {

    private Readable() {}

    /** What stands for a request that could not be parsed. */
    private record Unreadable(Status status) {}

    static ServerServiceDefinition of(ServerServiceDefinition service) {
        ServiceDescriptor.Builder descriptor = ServiceDescriptor.newBuilder(
                service.getServiceDescriptor().getName())
                .setSchemaDescriptor(service.getServiceDescriptor().getSchemaDescriptor());
        List<ServerMethodDefinition<?, ?>> methods = new ArrayList<>();
        for (ServerMethodDefinition<?, ?> method : service.getMethods()) {
            ServerMethodDefinition<?, ?> readable = of(method);
            methods.add(readable);
            descriptor.addMethod(readable.getMethodDescriptor());
        }
        ServerServiceDefinition.Builder built = ServerServiceDefinition.builder(descriptor.build());
        methods.forEach(built::addMethod);
        return built.build();
    }

    private static <Q, A> ServerMethodDefinition<Object, A> of(ServerMethodDefinition<Q, A> method) {
        MethodDescriptor<Q, A> strict = method.getMethodDescriptor();
        MethodDescriptor<Object, A> lenient = strict.toBuilder(
                new Lenient<>(strict.getRequestMarshaller()), strict.getResponseMarshaller())
                .build();
        ServerCallHandler<Q, A> handler = method.getServerCallHandler();
        return ServerMethodDefinition.create(
                lenient, (call, headers) -> new Requests(handler.startCall(new Call<>(call, strict), headers), call));
    }

    /** Gives the message, or says why there is none. */
    private record Lenient<Q>(MethodDescriptor.Marshaller<Q> strict) implements MethodDescriptor.Marshaller<Object> {

        @Override
        @SuppressWarnings("unchecked") // only clients write requests, and they have the strict one
        public InputStream stream(Object value) {
            return strict.stream((Q) value);
        }

        @Override
        public Object parse(InputStream stream) {
            try {
                return strict.parse(stream);
            } catch (StatusRuntimeException e) {
                return new Unreadable(e.getStatus().withCause(null));
            }
        }
    }

    /** The call as the handler knows it; a request never comes through it, only the method's type. */
    private static final class Call<Q, A> extends SimpleForwardingServerCall<Q, A> {

        private final MethodDescriptor<Q, A> method;

        @SuppressWarnings("unchecked")
        Call(ServerCall<?, A> delegate, MethodDescriptor<Q, A> method) {
            super((ServerCall<Q, A>) delegate);
            this.method = method;
        }

        @Override
        public MethodDescriptor<Q, A> getMethodDescriptor() {
            return method;
        }
    }

    /** Passes messages on until one cannot be read. */
    private static final class Requests extends SimpleForwardingServerCallListener<Object> {

        private final ServerCall<?, ?> call;
        private boolean refused; // gRPC calls a listener from one thread at a time

        @SuppressWarnings("unchecked") // what is not Unreadable comes from the strict marshaller
        Requests(ServerCall.Listener<?> delegate, ServerCall<?, ?> call) {
            super((ServerCall.Listener<Object>) delegate);
            this.call = call;
        }

        @Override
        public void onMessage(Object message) {
            if (message instanceof Unreadable unreadable) {
                refused = true;
                call.close(unreadable.status(), new Metadata());
            } else if (!refused) {
                super.onMessage(message);
            }
        }

        @Override
        public void onHalfClose() {
            if (!refused) {
                super.onHalfClose();
            }
        }
    }
}
