package io.osmia.raft.internal.transport;

import java.io.IOException;
import java.util.concurrent.CompletableFuture;
import java.util.function.Function;
import java.util.function.Supplier;
import org.apache.ratis.protocol.RaftGroupId;
import org.apache.ratis.server.RaftServer;
import org.apache.ratis.thirdparty.com.google.protobuf.Empty;
import org.apache.ratis.thirdparty.com.google.protobuf.Message;
import org.apache.ratis.thirdparty.com.google.protobuf.StringValue;
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

    /**
     * The newest term that a member knows, whoever leads in it. Asked of a member by its raft id, since another one may be at its
     * address by now; empty stands for whoever is there.
     */
    static final MethodDescriptor<StringValue, UInt64Value> TERM =
            method("GetTerm", StringValue.getDefaultInstance());

    /** Up to where a member must have applied the log, to be as new as anything acknowledged before the call. Leader only. */
    static final MethodDescriptor<Empty, UInt64Value> READ_INDEX =
            method("GetReadIndex", Empty.getDefaultInstance());

    /** Up to where the log is committed, which the leader tells its followers, too, at once. Not confirmed by anybody. */
    static final MethodDescriptor<Empty, UInt64Value> COMMIT = method("TellCommit", Empty.getDefaultInstance());

    private LeaderCalls() {}

    private static <Q extends Message> MethodDescriptor<Q, UInt64Value> method(String name, Q question) {
        return MethodDescriptor.<Q, UInt64Value>newBuilder()
                .setType(MethodType.UNARY)
                .setFullMethodName(MethodDescriptor.generateFullMethodName(SERVICE, name))
                .setRequestMarshaller(ProtoUtils.marshaller(question))
                .setResponseMarshaller(ProtoUtils.marshaller(UInt64Value.getDefaultInstance()))
                .build();
    }

    /** @param readIndex fails when this member does not lead, or a majority does not confirm that it does */
    static ServerServiceDefinition service(
            RaftServer server, Supplier<CompletableFuture<Long>> readIndex, Appenders appenders) {
        return ServerServiceDefinition.builder(SERVICE)
                .addMethod(
                        TERM,
                        ServerCalls.asyncUnaryCall(
                                (member, answer) -> answer(answer, term(server, member.getValue()))))
                .addMethod(
                        READ_INDEX,
                        ServerCalls.asyncUnaryCall((question, answer) -> {
                            appenders.tellCommit();
                            answer(answer, readIndex.get());
                        }))
                .addMethod(
                        COMMIT,
                        ServerCalls.asyncUnaryCall((question, answer) -> {
                            appenders.tellCommit();
                            answer(answer, number(server, one -> one.getRaftLog().getLastCommittedIndex()));
                        }))
                .build();
    }

    private static CompletableFuture<Long> term(RaftServer server, String member) {
        String self = server.getId().toString();
        if (!member.isEmpty() && !member.equals(self)) {
            return CompletableFuture.failedFuture(new IOException("this is not " + member + " but " + self));
        }
        return number(server, one -> one.getInfo().getCurrentTerm());
    }

    private static CompletableFuture<Long> number(RaftServer server, Function<RaftServer.Division, Long> of) {
        try {
            RaftGroupId group = server.getGroupIds().iterator().next();
            return CompletableFuture.completedFuture(of.apply(server.getDivision(group)));
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
