package io.osmia.control.internal.calls;

import static io.osmia.control.internal.TestCluster.ID;
import static io.osmia.control.internal.TestCluster.refusalOf;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.params.provider.Arguments.arguments;
import com.google.protobuf.ByteString;
import com.google.protobuf.Duration;
import com.google.protobuf.util.Durations;
import com.google.protobuf.util.Timestamps;
import io.osmia.ca.RootCa;
import io.osmia.control.internal.TestCluster;
import io.osmia.store.Table;
import io.osmia.wire.swarmkit.BlacklistedCertificate;
import io.osmia.wire.swarmkit.Cluster;
import io.osmia.wire.swarmkit.ClusterSpec;
import io.osmia.wire.swarmkit.EncryptionKey;
import io.osmia.wire.swarmkit.GetClusterRequest;
import io.osmia.wire.swarmkit.JoinTokens;
import io.osmia.wire.swarmkit.KeyRotation;
import io.osmia.wire.swarmkit.ListClustersRequest;
import io.osmia.wire.swarmkit.UpdateClusterRequest;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class ClusterCallsTest {

    private static final ByteString KEY = ByteString.copyFromUtf8("a private key");

    private final TestCluster cluster = new TestCluster();
    private Cluster stored = Cluster.getDefaultInstance();

    @BeforeEach
    void found() {
        Cluster.Builder founded = Cluster.newBuilder().setId(ID).setEncryptionKeyLamportClock(3).setFips(true);
        founded.getSpecBuilder().getAnnotationsBuilder().setName("default");
        founded.getSpecBuilder().getCaConfigBuilder().setNodeCertExpiry(Durations.fromHours(2160)).setSigningCaKey(KEY);
        founded.getRootCaBuilder().setCaCertHash("sha256:ab").setCaKey(KEY);
        founded.getRootCaBuilder().getRootRotationBuilder().setCaKey(KEY).setCaCert(ByteString.copyFromUtf8("new"));
        founded.getRootCaBuilder()
                .getJoinTokensBuilder()
                .setWorker("SWMTKN-1-d-worker")
                .setManager("SWMTKN-1-d-manager");
        founded.addNetworkBootstrapKeys(EncryptionKey.newBuilder().setKey(KEY));
        founded.addUnlockKeys(EncryptionKey.newBuilder().setKey(KEY));
        stored = cluster.put(Table.CLUSTERS, founded.build());
    }

    @AfterEach
    void close() {
        cluster.close();
    }

    @Test
    @DisplayName("API-030: redaction")
    void noAnswerHoldsAKey() {
        List<Cluster> answers = List.of(get(ID), list("default"), update(get(ID).getSpec()));
        assertThat(answers).allSatisfy(answer -> {
            assertThat(answer.toByteString().toStringUtf8()).doesNotContain(KEY.toStringUtf8());
            assertThat(answer.getUnlockKeysList()).isEmpty();
            assertThat(answer.getNetworkBootstrapKeysList()).isEmpty();
            assertThat(answer.getEncryptionKeyLamportClock()).isZero();
            assertThat(answer.getFips()).isFalse();
            assertThat(answer.getRootCa().getRootRotation().getCaCert().toStringUtf8()).isEqualTo("new");
            assertThat(answer.getRootCa().getCaCertHash()).isEqualTo("sha256:ab");
            assertThat(answer.getDefaultAddressPoolList()).containsExactly("10.0.0.0/8");
            assertThat(answer.getSubnetSize()).isEqualTo(24);
            assertThat(answer.getVXLANUDPPort()).isEqualTo(4789);
        });
        assertThat(cluster.get(Table.CLUSTERS, ID).getRootCa()).isEqualTo(stored.getRootCa());
    }

    @Test
    void aChosenAddressPoolIsShown() {
        cluster.replace(
                Table.CLUSTERS,
                stored.toBuilder()
                        .addDefaultAddressPool("10.7.0.0/16")
                        .setSubnetSize(20)
                        .setVXLANUDPPort(4000)
                        .build());
        assertThat(get(ID).getDefaultAddressPoolList()).containsExactly("10.7.0.0/16");
        assertThat(get(ID).getSubnetSize()).isEqualTo(20);
        assertThat(get(ID).getVXLANUDPPort()).isEqualTo(4000);
    }

    @Test
    void theClusterIsFoundByItsIdAlone() {
        assertThat(refusalOf(() -> get(""))).isEqualTo("INVALID_ARGUMENT: invalid argument");
        assertThat(refusalOf(() -> get("default"))).isEqualTo("NOT_FOUND: cluster default not found");
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource
    @DisplayName("API-030: validation")
    void badSpecsAreRefused(String what, Consumer<ClusterSpec.Builder> change, @Nullable String refusal) {
        ClusterSpec.Builder spec = get(ID).getSpec().toBuilder();
        change.accept(spec);
        String told = refusalOf(() -> update(spec.build()));
        if (refusal == null) {
            assertThat(told).startsWith("INVALID_ARGUMENT: ");
        } else {
            assertThat(told).isEqualTo(refusal);
        }
        assertThat(cluster.get(Table.CLUSTERS, ID)).isEqualTo(stored);
    }

    static Stream<Arguments> badSpecsAreRefused() {
        return Stream.of(
                arguments("expiry of 29 minutes", spec(s -> s.getCaConfigBuilder()
                        .setNodeCertExpiry(Durations.fromMinutes(29))),
                        "INVALID_ARGUMENT: minimum certificate expiry time is: 1h0m0s"),
                arguments("expiry that is no duration", spec(s -> s.getCaConfigBuilder()
                        .setNodeCertExpiry(Duration.newBuilder().setSeconds(1).setNanos(-1))),
                        "INVALID_ARGUMENT: invalid argument"),
                arguments("hash", spec(s -> s.getAcceptancePolicyBuilder()
                        .addPoliciesBuilder()
                        .getSecretBuilder()
                        .setAlg("md5")),
                        "INVALID_ARGUMENT: hashing algorithm is not supported: md5"),
                arguments("negative heartbeat", spec(s -> s.getDispatcherBuilder()
                        .setHeartbeatPeriod(Durations.fromSeconds(-1))),
                        "INVALID_ARGUMENT: heartbeat time period cannot be a negative duration"),
                arguments("other name", spec(s -> s.getAnnotationsBuilder().setName("other")),
                        "INVALID_ARGUMENT: modification of cluster name is not allowed"),
                arguments("empty name", spec(s -> s.getAnnotationsBuilder().clearName()),
                        "INVALID_ARGUMENT: modification of cluster name is not allowed"),
                arguments("root key without a root", spec(s -> s.getCaConfigBuilder().setSigningCaKey(KEY)),
                        "INVALID_ARGUMENT: if a signing CA key is provided, the signing CA cert must also be provided"),
                arguments("root that is none", spec(s -> s.getCaConfigBuilder().setSigningCaCert(KEY)), null),
                arguments("election tick", spec(s -> s.getRaftBuilder().setElectionTick(5)),
                        "UNIMPLEMENTED: spec.raft.election_tick is not supported yet"),
                arguments("heartbeat tick", spec(s -> s.getRaftBuilder().setHeartbeatTick(2)),
                        "UNIMPLEMENTED: spec.raft.heartbeat_tick is not supported yet"),
                arguments("log driver", spec(s -> s.getTaskDefaultsBuilder().getLogDriverBuilder().setName("x")),
                        "UNIMPLEMENTED: spec.task_defaults.log_driver is not supported yet"));
    }

    private static Consumer<ClusterSpec.Builder> spec(Consumer<ClusterSpec.Builder> change) {
        return change;
    }

    @Test
    @DisplayName("API-030: update")
    void aGoodSpecReplacesTheStoredOne() {
        ClusterSpec.Builder spec = get(ID).getSpec().toBuilder();
        spec.getDispatcherBuilder().setHeartbeatPeriod(Durations.fromSeconds(2));
        spec.getOrchestrationBuilder().setTaskHistoryRetentionLimit(1);
        spec.getRaftBuilder().setSnapshotInterval(500).setKeepOldSnapshots(2).setLogEntriesForSlowFollowers(50);
        spec.getAnnotationsBuilder().putLabels("osmia.strategy", "spread");
        assertThat(update(spec.build()).getSpec().getDispatcher().getHeartbeatPeriod())
                .isEqualTo(Durations.fromSeconds(2));
        assertThat(cluster.get(Table.CLUSTERS, ID).getSpec()).isEqualTo(spec.build());
        assertThat(refusalOf(() -> update(spec.build()))).isEqualTo("UNKNOWN: update out of sequence");
    }

    /** What a client read and sends back has no keys in it. */
    @Test
    void anUnchangedSpecIsAccepted() {
        assertThat(update(get(ID).getSpec()).getSpec()).isEqualTo(get(ID).getSpec());
    }

    @Test
    @DisplayName("API-031: join tokens")
    void onlyTheTokenAskedForIsRotated() {
        JoinTokens before = stored.getRootCa().getJoinTokens();
        JoinTokens worker = rotate(KeyRotation.newBuilder().setWorkerJoinToken(true));
        assertThat(worker.getWorker()).matches("SWMTKN-1-d-[0-9a-z]{25}");
        assertThat(worker.getManager()).isEqualTo(before.getManager());
        JoinTokens manager = rotate(KeyRotation.newBuilder().setManagerJoinToken(true));
        assertThat(manager.getManager()).matches("SWMTKN-1-d-[0-9a-z]{25}").isNotEqualTo(before.getManager());
        assertThat(manager.getWorker()).isEqualTo(worker.getWorker());
    }

    @Test
    @DisplayName("API-031: autolock")
    void autolockMakesRotatesAndDropsTheUnlockKeyOfManagers() {
        ClusterSpec open = get(ID).getSpec();
        ClusterSpec.Builder locked = open.toBuilder();
        locked.getEncryptionConfigBuilder().setAutoLockManagers(true);
        KeyRotation rotation = KeyRotation.newBuilder().setManagerUnlockKey(true).build();

        Optional<ByteString> none = unlockKey(open, rotation);
        Optional<ByteString> first = unlockKey(locked.build(), KeyRotation.getDefaultInstance());
        Optional<ByteString> kept = unlockKey(locked.build(), KeyRotation.getDefaultInstance());
        Optional<ByteString> second = unlockKey(locked.build(), rotation);
        Optional<ByteString> dropped = unlockKey(open, KeyRotation.getDefaultInstance());

        assertThat(none).isEmpty();
        assertThat(first).hasValueSatisfying(key -> assertThat(key.size()).isEqualTo(32));
        assertThat(kept).isEqualTo(first);
        assertThat(second).isPresent().isNotEqualTo(first);
        assertThat(dropped).isEmpty();
        assertThat(cluster.get(Table.CLUSTERS, ID).getUnlockKeysList()).isEqualTo(stored.getUnlockKeysList());
    }

    private Optional<ByteString> unlockKey(ClusterSpec spec, KeyRotation rotation) {
        cluster.api.updateCluster(request(spec)
                .setClusterVersion(get(ID).getMeta().getVersion())
                .setRotation(rotation)
                .build());
        return cluster.get(Table.CLUSTERS, ID).getUnlockKeysList().stream()
                .filter(key -> key.getSubsystem().equals("swarm-manager"))
                .map(EncryptionKey::getKey)
                .findFirst();
    }

    @Test
    @DisplayName("API-032")
    void aNewRootIsAskedForAndBegun() {
        RootCa root = RootCa.create(cluster.now);
        Cluster.Builder real = stored.toBuilder();
        real.getRootCaBuilder()
                .clearRootRotation()
                .setCaCert(ByteString.copyFrom(root.certificatePem()))
                .setCaKey(ByteString.copyFrom(root.keyPem()));
        stored = cluster.replace(Table.CLUSTERS, real.build());
        ClusterSpec.Builder spec = get(ID).getSpec().toBuilder();
        spec.getCaConfigBuilder().setForceRotate(1);

        Cluster shown = update(spec.build());

        assertThat(shown.getRootCa().getRootRotation().getCaCert()).isNotEmpty();
        assertThat(shown.getRootCa().getRootRotation().getCaKey()).isEmpty();
        assertThat(cluster.get(Table.CLUSTERS, ID).getRootCa().getRootRotation().getCaKey()).isNotEmpty();
        assertThat(shown.getRootCa().getJoinTokens()).isEqualTo(stored.getRootCa().getJoinTokens());
    }

    @Test
    @DisplayName("API-034")
    void anUpdateSweepsTheBlacklist() {
        stored = cluster.replace(
                Table.CLUSTERS,
                stored.toBuilder()
                        .putBlacklistedCertificates("old", expiredDaysAgo(8))
                        .putBlacklistedCertificates("recent", expiredDaysAgo(6))
                        .putBlacklistedCertificates("unknown", BlacklistedCertificate.getDefaultInstance())
                        .build());
        assertThat(update(get(ID).getSpec()).getBlacklistedCertificatesMap()).containsOnlyKeys("recent", "unknown");
    }

    private BlacklistedCertificate expiredDaysAgo(int days) {
        return BlacklistedCertificate.newBuilder()
                .setExpiry(Timestamps.fromMillis(
                        cluster.now.minusSeconds(days * 86_400L).toEpochMilli()))
                .build();
    }

    private Cluster get(String id) {
        return cluster.api
                .getCluster(GetClusterRequest.newBuilder().setClusterId(id).build())
                .getCluster();
    }

    private Cluster list(String name) {
        return cluster.api
                .listClusters(ListClustersRequest.newBuilder()
                        .setFilters(ListClustersRequest.Filters.newBuilder().addNames(name))
                        .build())
                .getClusters(0);
    }

    private Cluster update(ClusterSpec spec) {
        return cluster.api.updateCluster(request(spec).build()).getCluster();
    }

    private JoinTokens rotate(KeyRotation.Builder rotation) {
        Cluster now = get(ID);
        UpdateClusterRequest request = request(now.getSpec())
                .setClusterVersion(now.getMeta().getVersion())
                .setRotation(rotation)
                .build();
        return cluster.api.updateCluster(request).getCluster().getRootCa().getJoinTokens();
    }

    private UpdateClusterRequest.Builder request(ClusterSpec spec) {
        return UpdateClusterRequest.newBuilder()
                .setClusterId(ID)
                .setClusterVersion(stored.getMeta().getVersion())
                .setSpec(spec);
    }
}
