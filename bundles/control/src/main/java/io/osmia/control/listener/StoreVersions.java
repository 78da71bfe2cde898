package io.osmia.control.listener;

import io.grpc.ForwardingServerCall.SimpleForwardingServerCall;
import io.grpc.Metadata;
import io.grpc.MethodDescriptor.MethodType;
import io.grpc.ServerCall;
import io.grpc.ServerMethodDefinition;
import io.grpc.Status;
import java.util.OptionalLong;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * The leader says with each answer to a call that only it takes, a refusal too, which version its store had then. A manager
 * that passed the call on answers when its own store is as new: whoever asks there next sees what came of the call.
 */
final class StoreVersions {

    private static final Metadata.Key<String> VERSION =
            Metadata.Key.of("osmia-version", Metadata.ASCII_STRING_MARSHALLER);

    private StoreVersions() {}

    /** The method with the version in its answers. Streams have none: they are no answer to a change. */
    static <Q, A> ServerMethodDefinition<Q, A> told(ServerMethodDefinition<Q, A> method, LongSupplier version) {
        return method.getMethodDescriptor().getType() == MethodType.UNARY
                ? method.withServerCallHandler((call, headers) -> method.getServerCallHandler()
                        .startCall(new Telling<>(call, version), headers))
                : method;
    }

    /** The version in headers or trailers of an answer. */
    static OptionalLong in(@Nullable Metadata answer) {
        String text = answer == null ? null : answer.get(VERSION);
        try {
            return text == null ? OptionalLong.empty() : OptionalLong.of(Long.parseLong(text));
        } catch (NumberFormatException ofAnotherRelease) {
            return OptionalLong.empty();
        }
    }

    /** Puts the version where the answer begins. */
    private static final class Telling<Q, A> extends SimpleForwardingServerCall<Q, A> {

        private final LongSupplier version;
        private boolean told; // handlers answer from one thread at a time

        Telling(ServerCall<Q, A> call, LongSupplier version) {
            super(call);
            this.version = version;
        }

        @Override
        public void sendHeaders(Metadata headers) {
            tell(headers);
            super.sendHeaders(headers);
        }

        @Override
        public void close(Status status, Metadata trailers) {
            if (!told) {
                tell(trailers);
            }
            super.close(status, trailers);
        }

        private void tell(Metadata metadata) {
            told = true;
            metadata.put(VERSION, Long.toString(version.getAsLong()));
        }
    }
}
