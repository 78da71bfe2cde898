package io.osmia.shell;

import static org.assertj.core.api.Assertions.assertThat;
import com.google.protobuf.ByteString;
import io.osmia.wire.osmia.ManagerStatus;
import io.osmia.wire.osmia.TransferLeadershipRequest;
import io.osmia.wire.swarmkit.CAConfig;
import io.osmia.wire.swarmkit.Cluster;
import io.osmia.wire.swarmkit.ExternalCA;
import io.osmia.wire.swarmkit.KeyRotation;
import io.osmia.wire.swarmkit.Node;
import io.osmia.wire.swarmkit.NodeRole;
import io.osmia.wire.swarmkit.NodeStatus;
import io.osmia.wire.swarmkit.RaftMemberStatus;
import io.osmia.wire.swarmkit.UpdateClusterRequest;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Joining, keys, settings and the managers of the cluster: rule 10.4.3. */
class ClusterTest {

    private static final String KEY = "SWMKEY-1-AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8";

    private Cli cli;

    @BeforeEach
    void fillNode() throws IOException {
        cli = new Cli();
        cli.control.clusters.add(Samples.cluster());
        cli.control.nodes.add(manager(Samples.node("node2id", "two", NodeStatus.State.READY), "10.0.0.2:4242"));
        cli.control.nodes.add(Samples.leader(Samples.node("node1id", "one", NodeStatus.State.READY)));
        cli.control.nodes.add(Samples.node("node3id", "three", NodeStatus.State.READY));
        cli.manager.self = "node1id";
    }

    @AfterEach
    void close() throws Exception {
        cli.close();
    }

    private static Node manager(Node node, String address) {
        Node.Builder manager = Samples.leader(node).toBuilder();
        manager.getManagerStatusBuilder().setLeader(false).setAddr(address);
        return manager.build();
    }

    private void prints(String expected, String... words) {
        Cli.Result result = cli.run(words);
        assertThat(result.err()).isEmpty();
        assertThat(result.out()).isEqualTo(expected);
        assertThat(result.code()).isZero();
    }

    private void fails(int code, String message, String... words) {
        Cli.Result result = cli.run(words);
        assertThat(result.err()).startsWith("osmia: " + message);
        assertThat(result.code()).isEqualTo(code);
    }

    private UpdateClusterRequest change() {
        return cli.control.onlyChange(UpdateClusterRequest.class);
    }

    private static ByteString keyBytes() {
        byte[] key = new byte[32];
        for (int i = 0; i < key.length; i++) {
            key[i] = (byte) i;
        }
        return ByteString.copyFrom(key);
    }

    @Test
    void theWholeCommandToJoinIsPrintedWithTheLeadersAddress() {
        prints(
                """
                To add a worker to this cluster, run on its machine:

                    osmia node --join-addr 127.0.0.1:4242 --join-token SWMTKN-1-w
                """,
                "cluster", "join-token", "worker");
        prints("SWMTKN-1-m\n", "cluster", "join-token", "manager", "--quiet");
        assertThat(cli.control.changes).isEmpty();
        assertThat(cli.reads).contains("linearizable");
    }

    @Test
    void withoutAReachableManagerThereIsNothingToJoin() {
        cli.control.nodes.replaceAll(node -> {
            Node.Builder gone = node.toBuilder();
            if (gone.hasManagerStatus()) {
                gone.getManagerStatusBuilder().setReachability(RaftMemberStatus.Reachability.UNREACHABLE);
            }
            return gone.build();
        });
        fails(1, "no manager is reachable", "cluster", "join-token", "worker");
        prints("SWMTKN-1-w\n", "cluster", "join-token", "worker", "-q");
    }

    @Test
    void aTokenIsRotatedAloneAndAgainWhenSomebodyElseWroteMeanwhile() {
        cli.control.late.set(2);
        prints("SWMTKN-1-m\n", "cluster", "join-token", "manager", "--rotate", "-q");
        assertThat(cli.control.changes).hasSize(3).allSatisfy(request -> assertThat((UpdateClusterRequest) request)
                .isEqualTo(UpdateClusterRequest.newBuilder()
                        .setClusterId("cluster1id")
                        .setClusterVersion(Samples.cluster().getMeta().getVersion())
                        .setSpec(Samples.cluster().getSpec())
                        .setRotation(KeyRotation.newBuilder().setManagerJoinToken(true))
                        .build()));
        cli.control.changes.clear();
        cli.control.late.set(9);
        fails(1, "update out of sequence: it was changed meanwhile; try again",
                "cluster", "join-token", "worker", "--rotate");
    }

    @Test
    void onlyTwoRolesHaveTokens() {
        fails(2, "Invalid value for positional parameter", "cluster", "join-token", "boss");
    }

    @Test
    void settingsAreChangedByTheNamesOfBothWorlds() {
        prints("cluster1id\n", "cluster", "update", "--task-history", "7", "--heartbeat-period=10s",
                "--cert-expiry", "24h", "--snapshot-interval", "500");
        var spec = change().getSpec();
        assertThat(spec.getOrchestration().getTaskHistoryRetentionLimit()).isEqualTo(7);
        assertThat(spec.getDispatcher().getHeartbeatPeriod().getSeconds()).isEqualTo(10);
        assertThat(spec.getCaConfig().getNodeCertExpiry().getSeconds()).isEqualTo(86_400);
        assertThat(spec.getRaft().getSnapshotInterval()).isEqualTo(500);
        cli.control.changes.clear();
        prints("cluster1id\n", "cluster", "update", "default", "--taskhistory", "7", "--heartbeatperiod=10s",
                "--certexpiry", "24h");
        assertThat(change().getSpec()).isEqualTo(spec.toBuilder().clearRaft().build());
        fails(1, "no changes detected", "cluster", "update", "--task-history", "5");
        fails(2, "invalid duration", "cluster", "update", "--cert-expiry", "soon");
    }

    @Test
    void labelsAreChanged() {
        prints("cluster1id\n", "cluster", "update", "--label-add", "osmia.plugins.signed=true");
        assertThat(change().getSpec().getAnnotations().getLabelsMap()).containsEntry("osmia.plugins.signed", "true");
        fails(1, "there is no label x to take away", "cluster", "update", "--label-rm", "x");
    }

    @Test
    void lockingPrintsTheKey() {
        cli.manager.unlockKey = keyBytes();
        Cli.Result result = cli.run("cluster", "update", "--autolock=true");
        assertThat(result.out()).startsWith("cluster1id\nTo unlock a manager").contains("\n    " + KEY + "\n");
        assertThat(change().getSpec().getEncryptionConfig().getAutoLockManagers()).isTrue();
        cli.control.changes.clear();
        cli.control.clusters.set(0, locked());
        prints("cluster1id\n", "cluster", "update", "--autolock=false");
        assertThat(change().getSpec().getEncryptionConfig().getAutoLockManagers()).isFalse();
    }

    private static Cluster locked() {
        Cluster.Builder locked = Samples.cluster().toBuilder();
        locked.getSpecBuilder().getEncryptionConfigBuilder().setAutoLockManagers(true);
        return locked.build();
    }

    @Test
    void theUnlockKeyIsShownAndRotated() {
        fails(1, "the managers are not locked", "cluster", "unlock-key");
        fails(1, "the managers are not locked", "cluster", "unlock-key", "--rotate");
        assertThat(cli.control.changes).isEmpty();
        cli.manager.unlockKey = keyBytes();
        prints(KEY + "\n", "cluster", "unlock-key", "-q");
        prints(KEY + "\n", "cluster", "unlock-key", "-q", "--rotate");
        assertThat(change().getRotation()).isEqualTo(
                KeyRotation.newBuilder().setManagerUnlockKey(true).build());
    }

    @Test
    void theRootIsRotatedToANewOneOrAGivenOne() throws IOException {
        Path cert = Files.writeString(cli.folder().resolve("cert"), "CERT");
        Path key = Files.writeString(cli.folder().resolve("key"), "KEY");
        cli.run("cluster", "update", "--rotate-ca");
        CAConfig.Builder expected = Samples.cluster().getSpec().getCaConfig().toBuilder().setForceRotate(1);
        assertThat(change().getSpec().getCaConfig()).isEqualTo(expected.build());
        cli.control.changes.clear();
        cli.run("cluster", "update", "--rotate-ca", "--ca-cert", cert.toString(), "--ca-key", key.toString());
        assertThat(change().getSpec().getCaConfig()).isEqualTo(expected
                .setSigningCaCert(ByteString.copyFromUtf8("CERT"))
                .setSigningCaKey(ByteString.copyFromUtf8("KEY"))
                .build());
        fails(2, "--ca-cert needs --rotate-ca", "cluster", "update", "--ca-cert", cert.toString());
        fails(2, "--ca-key needs --ca-cert", "cluster", "update", "--rotate-ca", "--ca-key", key.toString());
        fails(2, "cannot read /none: NoSuchFileException",
                "cluster", "update", "--rotate-ca", "--ca-cert", "/none");
    }

    @Test
    void externalAuthoritiesAreWrittenAsInSwarmKit() throws IOException {
        Path cert = Files.writeString(cli.folder().resolve("cert"), "CERT");
        cli.run("cluster", "update", "--external-ca", "protocol=cfssl,url=https://ca:1/sign,label=x,cacert=" + cert);
        assertThat(change().getSpec().getCaConfig().getExternalCasList()).containsExactly(ExternalCA.newBuilder()
                .setUrl("https://ca:1/sign")
                .putOptions("label", "x")
                .setCaCert(ByteString.copyFromUtf8("CERT"))
                .build());
        fails(2, "unrecognized external CA protocol acme", "cluster", "update", "--external-ca=protocol=acme,url=u");
        fails(2, "the external-ca option needs a protocol= parameter", "cluster", "update", "--external-ca=url=u");
        fails(2, "the external-ca option needs a url= parameter", "cluster", "update", "--external-ca=protocol=cfssl");
        fails(2, "invalid field 'x' must be a key=value pair", "cluster", "update", "--external-ca=x");
    }

    @Test
    void eachManagerTellsOfItsOwnState() {
        cli.manager.statuses.add(status("node1id", 40).setDigest("0123456789abcdef0123").build());
        cli.manager.statuses.add(status("node2id", 39).setTrouble("it lags\nbehind").build());
        prints(
                """
                Manager  Address         Role      Term  Applied  Version  Digest    Log Key  Trouble
                -------  -------         ----      ----  -------  -------  ------    -------  -------
                one      127.0.0.1:4242  LEADER    3     40       400      01234567  1
                two      10.0.0.2:4242   FOLLOWER  3     39       390                1        it lags behind
                """,
                "cluster", "status");
        prints("node1id\nnode2id\n", "cluster", "status", "-q");
    }

    @Test
    void withoutTroubleThereIsNoColumnForIt() {
        cli.manager.statuses.add(status("node1id", 40).setDigest("0123456789abcdef0123").build());
        cli.manager.statuses.add(status("node2id", 39).build());
        assertThat(cli.run("cluster", "status").out().lines().toList())
                .allSatisfy(line -> assertThat(line).hasSizeLessThanOrEqualTo(80))
                .first()
                .asString()
                .endsWith("Log Key");
    }

    @Test
    void aManagerThatIsSilentIsToldOf() {
        cli.manager.statuses.add(status("node1id", 40).build());
        assertThat(cli.run("cluster", "status").out()).contains("it does not answer: connection refused");
    }

    private static ManagerStatus.Builder status(String node, int applied) {
        ManagerStatus.Builder status = ManagerStatus.newBuilder()
                .setTerm(3)
                .setAppliedIndex(applied)
                .setStoreVersion(applied * 10)
                .setLogKeyVersion(1);
        status.getMemberBuilder().setNodeId(node);
        return status;
    }

    @Test
    void leadershipIsShownAndMoved() {
        prints("node1id\n", "cluster", "leader");
        cli.meanwhile = () -> {
            cli.control.nodes.set(0, Samples.leader(cli.control.nodes.get(0)));
            cli.control.nodes.set(1, manager(cli.control.nodes.get(1), "127.0.0.1:4242"));
        };
        prints("node2id\n", "cluster", "leader", "two");
        assertThat(cli.manager.transfers)
                .containsExactly(TransferLeadershipRequest.newBuilder().setNodeId("node2id").build());
        fails(1, "node two leads already", "cluster", "leader", "two");
        fails(1, "node three is no manager; 'osmia node promote three' makes it one", "cluster", "leader", "three");
        Node.Builder three = cli.control.nodes.get(2).toBuilder();
        three.getSpecBuilder().setDesiredRole(NodeRole.MANAGER);
        cli.control.nodes.set(2, three.build());
        fails(1, "node three becomes a manager", "cluster", "leader", "three");
    }

    @Test
    void leadershipThatDoesNotMoveIsToldOf() {
        fails(4, "leadership was handed over, but node1id leads after 10 s", "cluster", "leader", "--move");
        fails(2, "--move takes any manager", "cluster", "leader", "--move", "two");
    }

    @Test
    void aBackupIsForTheOwnerAloneAndReplacesNothing() throws IOException {
        Path file = cli.folder().resolve("backup");
        cli.manager.backup.add(ByteString.copyFromUtf8("half "));
        cli.manager.backup.add(ByteString.copyFromUtf8("and half"));
        prints(file + ": 13 bytes\n", "cluster", "backup", file.toString());
        assertThat(file).hasContent("half and half");
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file))).isEqualTo("rw-------");
        fails(1, file + " is there already", "cluster", "backup", file.toString());
        cli.manager.backup.removeLast();
        prints(file + ": 5 bytes\n", "cluster", "backup", "--force", file.toString());
        assertThat(cli.folder().resolve(".backup.part")).doesNotExist();
    }

    @Test
    void anEmptyBackupLeavesNothingBehind() {
        Path file = cli.folder().resolve("backup");
        fails(1, "the manager sent an empty backup", "cluster", "backup", file.toString());
        assertThat(file).doesNotExist();
        assertThat(cli.folder().resolve(".backup.part")).doesNotExist();
        fails(1, "there is no folder", "cluster", "backup", cli.folder().resolve("none/backup").toString());
    }

    @Test
    void whatWorksOnAStateDirectoryIsNotDoneThroughANode() {
        fails(2, "this command works without a node", "--no-resolve", "node", "leave");
    }
}
