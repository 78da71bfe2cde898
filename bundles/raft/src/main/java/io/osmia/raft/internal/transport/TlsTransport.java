package io.osmia.raft.internal.transport;

import io.osmia.raft.Exclusion;
import io.osmia.roles.Credentials;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.function.Supplier;
import org.apache.ratis.conf.Parameters;
import org.apache.ratis.grpc.GrpcFactory;
import org.apache.ratis.grpc.server.GrpcServices;
import org.apache.ratis.grpc.server.GrpcServicesImpl;
import org.apache.ratis.rpc.RpcType;
import org.apache.ratis.server.RaftServer;
import org.apache.ratis.server.ServerFactory;
import org.apache.ratis.server.leader.FollowerInfo;
import org.apache.ratis.server.leader.LeaderState;
import org.apache.ratis.server.leader.LogAppender;
import org.apache.ratis.thirdparty.io.grpc.netty.NettyServerBuilder;
import org.apache.ratis.thirdparty.io.netty.handler.ssl.SslContext;

/**
 * Ratis's transport over gRPC between managers, with mutual TLS of ours. Ratis makes it by its class name, hence public with a
 * public constructor.
 */
public final class TlsTransport implements RpcType {

    private static final String ACCESS = "osmia.raft.access";

    /**
     * Whom to let in.
     *
     * @param excluded who is kept out though its certificate would do
     * @param readIndex what other members are told who ask for the leader's read index
     */
    private record Access(
            Credentials credentials, Exclusion excluded, Supplier<CompletableFuture<Long>> readIndex) {

        ManagerGate gate() {
            return new ManagerGate(credentials, excluded);
        }
    }

    /**
     * What a server is to be built with.
     *
     * @param readIndex the read index, when this member leads; fails otherwise
     */
    public static Parameters parameters(
            Credentials credentials, Exclusion excluded, Supplier<CompletableFuture<Long>> readIndex) {
        Parameters parameters = new Parameters();
        parameters.put(ACCESS, new Access(credentials, excluded, readIndex), Access.class);
        return parameters;
    }

    @Override
    public String name() {
        return TlsTransport.class.getName();
    }

    @Override
    public ServerFactory newFactory(Parameters parameters) {
        return new Factory(parameters);
    }

    private static final class Factory extends GrpcFactory {

        private final Access access;
        private final Appenders appenders = new Appenders();

        Factory(Parameters parameters) {
            super(parameters);
            this.access = Objects.requireNonNull(parameters.get(ACCESS, Access.class), ACCESS);
        }

        @Override
        public LogAppender newLogAppender(RaftServer.Division division, LeaderState state, FollowerInfo follower) {
            return appenders.make(division, state, follower);
        }

        @Override
        public GrpcServices newRaftServerRpc(RaftServer server) {
            ManagerGate gate = access.gate();
            SslContext accepting = UnresumedTls.server(access.credentials(), gate);
            return GrpcServicesImpl.newBuilder()
                    .setServer(server)
                    .setCustomizer((builder, types) -> hardened(builder, gate, accepting)
                            .addService(LeaderCalls.service(server, access.readIndex(), appenders)))
                    .setServerSslContextForServer(accepting)
                    .setServerSslContextForClient(UnresumedTls.client(access.credentials(), gate))
                    .setAdminSslContext(accepting)
                    .setClientSslContext(accepting)
                    .build();
        }

        private static NettyServerBuilder hardened(
                NettyServerBuilder builder, ManagerGate gate, SslContext accepting) {
            return new Admission(accepting).guard(builder).intercept(new MembersOnly(gate));
        }
    }
}
