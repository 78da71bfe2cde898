package io.osmia.ca.internal.client;

import com.google.protobuf.ByteString;
import io.grpc.Status;
import io.osmia.ca.CaException;
import io.osmia.ca.internal.Kek;
import io.osmia.wire.swarmkit.CAGrpc;
import io.osmia.wire.swarmkit.GetRootCACertificateRequest;
import io.osmia.wire.swarmkit.GetUnlockKeyRequest;
import io.osmia.wire.swarmkit.GetUnlockKeyResponse;
import io.osmia.wire.swarmkit.IssuanceStatus;
import io.osmia.wire.swarmkit.IssueNodeCertificateRequest;
import io.osmia.wire.swarmkit.NodeCAGrpc;
import io.osmia.wire.swarmkit.NodeCertificateStatusRequest;
import io.osmia.wire.swarmkit.NodeCertificateStatusResponse;
import java.time.Duration;
import java.util.Optional;
import java.util.function.Supplier;
import java.util.random.RandomGenerator;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What a node asks the cluster's CA for (rules 7.5.1 to 7.5.5). Blocks; an interrupt ends each call with a CaException. */
public final class CaClient {

    private static final Logger LOG = LoggerFactory.getLogger(CaClient.class);

    /** Waits for real. */
    public static final Pause REAL_TIME = duration -> Thread.sleep(duration);

    static final int TRIES = 5;
    private static final Duration BETWEEN_TRIES = Duration.ofSeconds(2);

    /** Polls in a row that may fail before the certificate is asked for anew. */
    private static final int FAILED_POLLS = 10;

    private final Pause pause;
    private final Backoff polling;

    public CaClient(Pause pause, RandomGenerator random) {
        this.pause = pause;
        this.polling = new Backoff(Duration.ofSeconds(1), Duration.ofSeconds(1), Duration.ofSeconds(30), random);
    }

    /** The cluster's trust bundle as a manager shows it, not checked. */
    public byte[] root(CaRoad road) {
        return tried(() -> {
            try (CaConnection connection = road.connect()) {
                return connection
                        .call(
                                CAGrpc::newBlockingStub,
                                ca -> ca.getRootCACertificate(GetRootCACertificateRequest.getDefaultInstance()))
                        .getCertificate()
                        .toByteArray();
            }
        });
    }

    /**
     * The managers' unlock key (rule 7.5.5).
     *
     * @param road with a manager's certificate
     */
    public Kek unlockKey(CaRoad road) {
        try {
            return tried(() -> {
                try (CaConnection connection = road.connect()) {
                    return kek(connection.call(
                            CAGrpc::newBlockingStub, ca -> ca.getUnlockKey(GetUnlockKeyRequest.getDefaultInstance())));
                }
            });
        } catch (CaCallException e) {
            if (e.code() == Status.Code.UNIMPLEMENTED) {
                return Kek.NONE;
            }
            throw e;
        }
    }

    private static Kek kek(GetUnlockKeyResponse answer) {
        ByteString key = answer.getUnlockKey();
        return new Kek(
                key.isEmpty() ? Optional.empty() : Optional.of(key.toByteArray()),
                answer.getVersion().getIndex());
    }

    /**
     * A certificate for the key of a signing request: PEM, leaf first, not checked.
     *
     * @throws CaException when it is refused, could not be signed, or nobody answers
     */
    public byte[] certificate(CaRoad road, IssueNodeCertificateRequest request) {
        return tried(() -> {
            try (Way way = new Way(road)) {
                String nodeId = way.connection
                        .call(NodeCAGrpc::newBlockingStub, ca -> ca.issueNodeCertificate(request))
                        .getNodeId();
                return poll(way, nodeId, request.getCsr());
            }
        });
    }

    /** The connection in use: the one that took the request is the one that is asked for the outcome, while it serves. */
    private static final class Way implements AutoCloseable {

        private final CaRoad road;
        private CaConnection connection;

        Way(CaRoad road) {
            this.road = road;
            this.connection = road.connect();
        }

        void another() {
            connection.close();
            connection = road.connect();
        }

        @Override
        public void close() {
            connection.close();
        }
    }

    private byte[] poll(Way way, String nodeId, ByteString csr) {
        NodeCertificateStatusRequest question =
                NodeCertificateStatusRequest.newBuilder().setNodeId(nodeId).build();
        int failures = 0;
        for (int polls = 1;; polls++) {
            try {
                NodeCertificateStatusResponse answer =
                        way.connection.call(NodeCAGrpc::newBlockingStub, ca -> ca.nodeCertificateStatus(question));
                failures = 0;
                if (isIssued(answer, csr, nodeId)) {
                    return answer.getCertificate().getCertificate().toByteArray();
                }
            } catch (CaCallException e) {
                if (e.isRefusal() || ++failures == FAILED_POLLS) {
                    throw e;
                }
                if (e.code() != Status.Code.DEADLINE_EXCEEDED) {
                    way.another();
                }
            }
            pause.of(polling.after(polls));
        }
    }

    private static boolean isIssued(NodeCertificateStatusResponse answer, ByteString csr, String nodeId) {
        if (!answer.getCertificate().getCsr().equals(csr)) {
            return false;
        }
        IssuanceStatus status = answer.getStatus();
        return switch (status.getState()) {
            case ISSUED, ROTATE -> true;
            case FAILED -> throw new CaException(
                    "the cluster's CA could not sign the certificate of node " + nodeId + ": " + status.getErr());
            default -> false;
        };
    }

    private <R> R tried(Supplier<R> call) {
        for (int attempt = 1;; attempt++) {
            try {
                return call.get();
            } catch (CaCallException e) {
                if (e.isRefusal() || e.isOutOfTime() || attempt == TRIES) {
                    throw e;
                }
                LOG.info("the cluster's CA did not answer, try {} of {}: {}", attempt, TRIES, e.getMessage());
            }
            pause.of(BETWEEN_TRIES);
        }
    }
}
