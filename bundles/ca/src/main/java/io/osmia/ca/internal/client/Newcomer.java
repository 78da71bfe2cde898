package io.osmia.ca.internal.client;

import com.google.common.net.HostAndPort;
import com.google.protobuf.ByteString;
import io.osmia.ca.CaException;
import io.osmia.ca.Join;
import io.osmia.ca.JoinToken;
import io.osmia.ca.RootCa;
import io.osmia.ca.internal.Certificates;
import io.osmia.ca.internal.Identity;
import io.osmia.ca.internal.Issuer;
import io.osmia.ca.internal.Kek;
import io.osmia.ca.internal.NodeKey;
import io.osmia.ca.internal.NodeState;
import io.osmia.ca.internal.OwnKeyManager;
import io.osmia.ca.internal.OwnTrustManager;
import io.osmia.ca.internal.PrivateKeys;
import io.osmia.roles.Channels;
import io.osmia.roles.Clock;
import io.osmia.roles.Credentials;
import io.osmia.roles.Remotes;
import io.osmia.wire.swarmkit.IssueNodeCertificateRequest;
import io.osmia.wire.swarmkit.NodeSpec;
import java.nio.file.Path;
import java.security.KeyPair;
import java.util.Locale;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A node without an identity that gets one from a cluster (rules 7.5.1 to 7.5.5). */
public final class Newcomer {

    private static final Logger LOG = LoggerFactory.getLogger(Newcomer.class);

    private final Join join;
    private final Remotes remotes;
    private final Clock clock;
    private final CaClient client;

    public Newcomer(Join join, Remotes remotes, Clock clock, CaClient client) {
        this.join = join;
        this.remotes = remotes;
        this.clock = clock;
        this.client = client;
    }

    /**
     * Joins. Nothing is on disk yet when this returns.
     *
     * @param rootFile where a trust bundle was found
     * @param root the bundle, when there is one; it is not fetched then
     * @throws CaException that names the address and what to do
     */
    public NodeState join(Path rootFile, Optional<byte[]> root) {
        Optional<JoinToken> token = join.token().map(JoinToken::parse);
        NodeSpec.Availability availability = availability();
        checkAddress();
        remotes.observe(new Remotes.Remote("", join.address()), Remotes.SERVED);
        try {
            RootCa trusted = root.isPresent() ? known(rootFile, root.get(), token) : fetched(token);
            return certified(trusted, availability);
        } catch (CaCallException e) {
            throw new CaException(explanation(e), e);
        }
    }

    private void checkAddress() {
        try {
            if (HostAndPort.fromString(join.address()).hasPort()) {
                return;
            }
        } catch (IllegalArgumentException e) {
            LOG.debug("no address: {}", e.getMessage());
        }
        throw new CaException("the address to join through is host:port of a manager, such as 10.0.0.1:4242, not "
                + join.address());
    }

    private NodeSpec.Availability availability() {
        try {
            return NodeSpec.Availability.valueOf(join.availability().toUpperCase(Locale.ROOT));
        } catch (IllegalArgumentException e) {
            throw new CaException("availability is active, pause or drain, not " + join.availability(), e);
        }
    }

    private RootCa fetched(Optional<JoinToken> token) {
        RootCa root = RootCa.trusting(client.root(road(TlsChannels.unverified())));
        if (token.isPresent() && !matches(root, token.get())) {
            throw new CaException("remote CA does not match fingerprint. Expected: " + token.get().rootDigest()
                    + "; the manager at " + join.address() + " is of another cluster than the join token: check both");
        }
        return root;
    }

    private static RootCa known(Path file, byte[] pem, Optional<JoinToken> token) {
        RootCa root = RootCa.trusting(pem);
        if (token.isPresent() && !matches(root, token.get())) {
            throw new CaException("remote CA does not match fingerprint. Expected: " + token.get().rootDigest() + "; "
                    + file
                    + " is the root of another cluster than the join token: remove that file or check the token");
        }
        return root;
    }

    private static boolean matches(RootCa root, JoinToken token) {
        return root.hash().equals("sha256:" + token.rootDigest());
    }

    private CaRoad road(Channels channels) {
        return new CaRoad(Optional.empty(), remotes, channels);
    }

    private NodeState certified(RootCa root, NodeSpec.Availability availability) {
        KeyPair pair = PrivateKeys.generate();
        OwnTrustManager trust = new OwnTrustManager(root.certificates());
        byte[] chainPem = client.certificate(
                road(TlsChannels.anonymous(trust)),
                IssueNodeCertificateRequest.newBuilder()
                        .setCsr(ByteString.copyFrom(Issuer.request(pair)))
                        .setToken(join.token().orElse(""))
                        .setAvailability(availability)
                        .build());
        Identity identity = new Identity(
                root.certificatePem(), root.certificates(), Certificates.parse(chainPem), pair.getPrivate());
        identity.check(clock.now());
        return new NodeState(identity, new NodeKey(pair.getPrivate(), kek(identity, trust)));
    }

    private Kek kek(Identity identity, OwnTrustManager trust) {
        if (!identity.subject().unit().equals(Credentials.MANAGER_NAME)) {
            return Kek.NONE;
        }
        return client.unlockKey(road(TlsChannels.mutual(new OwnKeyManager(identity), trust)));
    }

    private static String explanation(CaCallException failure) {
        String manager = "the manager at " + failure.address();
        return switch (failure.code()) {
            case INVALID_ARGUMENT -> manager + " refuses this node: " + failure.reason()
                    + "; get the present token there with 'osmia cluster join-token', and the whole of it";
            case UNAVAILABLE, DEADLINE_EXCEEDED -> failure.isOutOfTime()
                    ? manager + " cannot be trusted at this time: " + failure.reason()
                    : failure.isDistrust()
                            ? manager + " is of another cluster than the root that is trusted: " + failure.reason()
                            : "no manager answers at " + failure.address() + " (" + failure.reason() + "), tried "
                                    + CaClient.TRIES
                                    + " times: check that a manager listens there and can be reached from here";
            default -> manager + " does not take this node in: " + failure.code() + " " + failure.reason();
        };
    }
}
