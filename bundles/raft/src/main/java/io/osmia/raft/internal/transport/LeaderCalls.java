package io.osmia.raft.internal.transport;

import java.io.IOException;
import java.util.concurrent.CompletableFuture;
import java.util.function.Supplier;
import org.apache.ratis.protocol.RaftGroupId;
import org.apache.ratis.server.RaftServer;
import org.apache.ratis.thirdparty.com.google.protobuf.Empty;
import org.apache.ratis.thirdparty.com.google.protobuf.UInt64Value;
import org.apache.ratis.thirdparty.io.grpc.MethodDescriptor;
import org.apache.ratis.thirdparty.io.grpc.MethodDescriptor.MethodType;
import org.apache.ratis.thirdparty.io.grpc.ServerServiceDefinition;
import org.apache.ratis.thirdparty.io.grpc.Status;
import org.apache.ratis.thirdparty.io.grpc.protobuf.ProtoUtils;
import org.apache.ratis.thirdparty.io.grpc.stub.ServerCalls;
import org.apache.ratis.thirdparty.io.grpc.stub.StreamObserver;
import org.jspecify.annotations.Nullable;

/**
 * What members ask each other on the raft port beside Ratis, for reads that are never older than what was acknowledged before
 * them (Raft's read index). Ratis has a read index of its own; but a leader that has confirmed one commit index takes it for
 * confirmed for ever, so that one which was cut off goes on answering with its old state.
 */
final class LeaderCalls {

    static final String SERVICE = "osmia.raft.v1.Leader";

    /** The newest term that a member knows, whoever leads in it. */
    static final MethodDescriptor<Empty, UInt64Value> TERM = method("GetTerm");

    /** Up to where a member must have applied the log, to be as new as anything acknowledged before the call. Leader only. */
    static final MethodDescriptor<Empty, UInt64Value> READ_INDEX = method("GetReadIndex");

    private LeaderCalls() {}

    private static MethodDescriptor<Empty, UInt64Value> method(String name) {
        return MethodDescriptor.<Empty, UInt64Value>newBuilder()
                .setType(MethodType.UNARY)
                .setFullMethodName(MethodDescriptor.generateFullMethodName(SERVICE, name))
                .setRequestMarshaller(ProtoUtils.marshaller(Empty.getDefaultInstance()))
                .setResponseMarshaller(ProtoUtils.marshaller(UInt64Value.getDefaultInstance()))
                .build();
    }

    /** @param readIndex fails when this member does not lead, or a majority does not confirm that it does */
    static ServerServiceDefinition service(RaftServer server, Supplier<CompletableFuture<Long>> readIndex) {
        return ServerServiceDefinition.builder(SERVICE)
                .addMethod(TERM, ServerCalls.asyncUnaryCall((question, answer) -> answer(answer, term(server))))
                .addMethod(
                        READ_INDEX,
                        ServerCalls.asyncUnaryCall((question, answer) -> answer(answer, readIndex.get())))
                .build();
    }

    private static CompletableFuture<Long> term(RaftServer server) {
        try {
            RaftGroupId group = server.getGroupIds().iterator().next();
            return CompletableFuture.completedFuture(
                    server.getDivision(group).getInfo().getCurrentTerm());
        } catch (IOException e) {
            return CompletableFuture.failedFuture(e);
        }
    }

    private static void answer(StreamObserver<UInt64Value> to, CompletableFuture<Long> number) {
        number.whenComplete((value, failure) -> answer(to, value, failure));
    }

    private static void answer(StreamObserver<UInt64Value> to, @Nullable Long value, @Nullable Throwable failure) {
        if (failure == null && value != null) {
            to.onNext(UInt64Value.of(value));
            to.onCompleted();
        } else {
            to.onError(Status.UNAVAILABLE.withDescription(String.valueOf(failure)).asRuntimeException());
        }
    }
}
