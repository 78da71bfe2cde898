package io.osmia.control.listener;

import static org.assertj.core.api.Assertions.assertThat;
import com.google.protobuf.ByteString;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.health.v1.HealthCheckRequest;
import io.grpc.health.v1.HealthGrpc;
import io.osmia.roles.Credentials;
import io.osmia.wire.swarmkit.Certificate;
import io.osmia.wire.swarmkit.Node;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A manager's certificate of a node that the store of this manager has as a worker, which may be behind. */
class DemotionTest {

    private static final String NODE = "worker";

    @TempDir
    Path state;

    private ListenerFixture node;
    private final TestMembership members = new TestMembership();
    private final Instant known = Instant.now().minus(Duration.ofHours(2));

    @BeforeEach
    void start() throws Exception {
        node = new ListenerFixture(state).start();
        byte[] certificate = node.root.sign(
                TestKeys.request(TestKeys.pair()),
                NODE,
                Credentials.WORKER_NAME,
                ListenerFixture.CLUSTER,
                Duration.ofDays(1),
                known);
        node.services.addStore(new BlacklistingStore().with(Node.newBuilder()
                .setId(NODE)
                .setCertificate(Certificate.newBuilder().setCertificate(ByteString.copyFrom(certificate)))
                .build()));
        node.services.addMembership(members);
    }

    @AfterEach
    void stop() throws Exception {
        node.close();
    }

    /** @param later than the certificate that the store knows */
    private boolean isManager(Duration later) throws Exception {
        try {
            HealthGrpc.newBlockingStub(node.withCertificate(
                    node.root, NODE, Credentials.MANAGER_NAME, ListenerFixture.CLUSTER, known.plus(later)))
                    .withDeadlineAfter(10, TimeUnit.SECONDS)
                    .check(HealthCheckRequest.getDefaultInstance());
            return true;
        } catch (StatusRuntimeException e) {
            assertThat(e.getStatus().getCode()).isEqualTo(Status.Code.PERMISSION_DENIED);
            return false;
        }
    }

    @Test
    void aMemberIsAManagerWhateverTheStoreSays() throws Exception {
        members.leads(NODE, "127.0.0.1:1");
        assertThat(isManager(Duration.ofHours(-1))).isTrue();
    }

    @Test
    void whoHearsALeaderKnows() throws Exception {
        members.leads("leader", "127.0.0.1:1");
        assertThat(isManager(Duration.ofHours(1))).isFalse();
    }

    @Test
    void whoHearsNoLeaderMayHaveMissedAPromotionButNotADemotion() throws Exception {
        members.nobodyLeads();
        assertThat(isManager(Duration.ofHours(1))).as("promoted after that").isTrue();
        assertThat(isManager(Duration.ofHours(-1))).as("demoted before that").isFalse();
        assertThat(isManager(Duration.ZERO)).as("demoted, and has no other certificate yet").isFalse();
    }
}
