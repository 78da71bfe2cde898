package io.osmia.raft.internal.transport;

import java.security.cert.CertificateException;
import java.security.cert.X509Certificate;
import java.util.Optional;
import java.util.Set;
import javax.net.ssl.SSLPeerUnverifiedException;
import javax.net.ssl.SSLSession;
import org.apache.ratis.proto.grpc.RaftServerProtocolServiceGrpc;
import org.apache.ratis.thirdparty.io.grpc.Attributes;
import org.apache.ratis.thirdparty.io.grpc.Grpc;
import org.apache.ratis.thirdparty.io.grpc.Metadata;
import org.apache.ratis.thirdparty.io.grpc.ServerCall;
import org.apache.ratis.thirdparty.io.grpc.ServerCallHandler;
import org.apache.ratis.thirdparty.io.grpc.ServerInterceptor;
import org.apache.ratis.thirdparty.io.grpc.Status;

/**
 * Lets only raft between members through, also on a connection from before its owner was removed or demoted. Ratis also serves
 * its own clients and administrators on the port; ours come through the remote API.
 */
final class MembersOnly implements ServerInterceptor {

    private static final Set<String> SERVED = Set.of(RaftServerProtocolServiceGrpc.SERVICE_NAME, LeaderCalls.SERVICE);

    private final ManagerGate gate;

    MembersOnly(ManagerGate gate) {
        this.gate = gate;
    }

    @Override
    public <Q, A> ServerCall.Listener<Q> interceptCall(
            ServerCall<Q, A> call, Metadata headers, ServerCallHandler<Q, A> next) {
        String service = call.getMethodDescriptor().getServiceName();
        Optional<String> refusal = SERVED.contains(String.valueOf(service))
                ? refusal(call.getAttributes())
                : Optional.of("only raft is spoken here");
        if (refusal.isEmpty()) {
            return next.startCall(call, headers);
        }
        call.close(Status.PERMISSION_DENIED.withDescription(refusal.get()), new Metadata());
        return new ServerCall.Listener<>() {};
    }

    private Optional<String> refusal(Attributes connection) {
        SSLSession session = connection.get(Grpc.TRANSPORT_ATTR_SSL_SESSION);
        try {
            if (session != null && session.getPeerCertificates()[0] instanceof X509Certificate leaf) {
                gate.requireManager(leaf);
                return Optional.empty();
            }
            return Optional.of("raft: a connection without a certificate");
        } catch (SSLPeerUnverifiedException | CertificateException e) {
            return Optional.of(String.valueOf(e.getMessage()));
        }
    }
}
