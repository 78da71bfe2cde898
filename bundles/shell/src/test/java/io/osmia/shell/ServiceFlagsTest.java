package io.osmia.shell;

import static org.assertj.core.api.Assertions.assertThat;
import com.google.protobuf.Duration;
import io.osmia.wire.swarmkit.ContainerSpec;
import io.osmia.wire.swarmkit.CreateServiceRequest;
import io.osmia.wire.swarmkit.Mount;
import io.osmia.wire.swarmkit.RestartPolicy;
import io.osmia.wire.swarmkit.Service;
import io.osmia.wire.swarmkit.ServiceSpec;
import io.osmia.wire.swarmkit.UpdateConfig;
import io.osmia.wire.swarmkit.UpdateServiceRequest;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** From flags to specifications: rules 10.3.1 to 10.3.4. */
class ServiceFlagsTest {

    private Cli cli;

    @BeforeEach
    void startNode() throws IOException {
        cli = new Cli();
    }

    @AfterEach
    void close() throws Exception {
        cli.close();
    }

    private ServiceSpec created(String... flags) {
        List<String> words = new ArrayList<>(List.of("service", "create", "--name", "web", "--image", "osmia/host"));
        words.addAll(List.of(flags));
        Cli.Result result = cli.run(words.toArray(String[]::new));
        assertThat(result.err()).isEmpty();
        assertThat(result.out()).isEqualTo("created\n");
        return cli.control.onlyChange(CreateServiceRequest.class).getSpec();
    }

    private UpdateServiceRequest updated(Service before, String... flags) {
        cli.control.services.add(before);
        List<String> words = new ArrayList<>(List.of("service", "update"));
        words.addAll(List.of(flags));
        words.add(before.getId());
        Cli.Result result = cli.run(words.toArray(String[]::new));
        assertThat(result.err()).isEmpty();
        assertThat(result.out()).isEqualTo(before.getId() + "\n");
        return cli.control.onlyChange(UpdateServiceRequest.class);
    }

    private String refused(String... flags) {
        List<String> words = new ArrayList<>(List.of("service", "create", "--name", "web", "--image", "osmia/host"));
        words.addAll(List.of(flags));
        Cli.Result result = cli.run(words.toArray(String[]::new));
        assertThat(result.code()).isEqualTo(2);
        assertThat(cli.control.changes).isEmpty();
        return result.err().strip();
    }

    @Test
    void withoutFlagsThereIsOneReplicaThatIsAlwaysRestarted() {
        ServiceSpec.Builder expected = ServiceSpec.newBuilder();
        expected.getAnnotationsBuilder().setName("web");
        expected.getReplicatedBuilder().setReplicas(1);
        expected.getTaskBuilder().getContainerBuilder().setImage("osmia/host");
        expected.getTaskBuilder().getRestartBuilder().setCondition(RestartPolicy.RestartCondition.ANY);
        assertThat(created()).isEqualTo(expected.build());
    }

    @Test
    void wordsOfTheProgramAreTakenAsTheyAre() {
        ContainerSpec spec = created("--command", "sh", "--args", "-c", "--args", "echo a,b; --wait", "--args=--name")
                .getTask()
                .getContainer();
        assertThat(spec.getCommandList()).containsExactly("sh");
        assertThat(spec.getArgsList()).containsExactly("-c", "echo a,b; --wait", "--name");
    }

    @Test
    void everyFlagOfTheContainerArrives() {
        ContainerSpec spec = created(
                "--env", "A=1", "--env", "B=x=y", "--hostname", "h", "--dir", "/d", "--user", "u",
                "--stop-signal", "SIGINT", "--stop-grace-period", "1m30s", "--tty", "--open-stdin",
                "--init=false", "--oom-score-adj", "-5", "--ulimit", "nofile=10:20", "--ulimit", "nproc=7")
                .getTask()
                .getContainer();
        assertThat(spec.getEnvList()).containsExactly("A=1", "B=x=y");
        assertThat(spec.getHostname()).isEqualTo("h");
        assertThat(spec.getDir()).isEqualTo("/d");
        assertThat(spec.getUser()).isEqualTo("u");
        assertThat(spec.getStopSignal()).isEqualTo("SIGINT");
        assertThat(spec.getStopGracePeriod()).isEqualTo(Duration.newBuilder().setSeconds(90).build());
        assertThat(spec.getTty()).isTrue();
        assertThat(spec.getOpenStdin()).isTrue();
        assertThat(spec.hasInit()).isTrue();
        assertThat(spec.getInit().getValue()).isFalse();
        assertThat(spec.getOomScoreAdj()).isEqualTo(-5);
        assertThat(spec.getUlimitsList()).extracting(ContainerSpec.Ulimit::getHard).containsExactly(20L, 7L);
    }

    @Test
    void mountsArrive() {
        List<Mount> mounts = created("--bind", "/a:/b", "--volume", "/v", "--tmpfs", "/t:size=1m,mode=1777,ro,noexec")
                .getTask()
                .getContainer()
                .getMountsList();
        assertThat(mounts).extracting(Mount::getType)
                .containsExactly(Mount.Type.BIND, Mount.Type.VOLUME, Mount.Type.TMPFS);
        assertThat(mounts).extracting(Mount::getTarget).containsExactly("/b", "/v", "/t");
        assertThat(mounts.get(2).getReadonly()).isTrue();
        assertThat(mounts.get(2).getTmpfsOptions().getSizeBytes()).isEqualTo(1 << 20);
        assertThat(mounts.get(2).getTmpfsOptions().getMode()).isEqualTo(01777);
        assertThat(mounts.get(2).getTmpfsOptions().getOptions()).isEqualTo("noexec");
    }

    @Test
    void resourcesAndPlacementArrive() {
        ServiceSpec spec = created(
                "--memory-limit", "512m", "--memory-reservation", "1.5GiB", "--cpu-limit", "0.5",
                "--cpu-reservation", "0.000000001", "--generic-resources", "gpu=3,fpga=1",
                "--constraint", "node.role == manager", "--constraint", "node.id!=x",
                "--replicas-max-per-node", "2", "--replicas", "9", "--strategy", "spread", "--label", "a=b");
        assertThat(spec.getTask().getResources().getLimits().getMemoryBytes()).isEqualTo(512L << 20);
        assertThat(spec.getTask().getResources().getLimits().getNanoCpus()).isEqualTo(500_000_000);
        assertThat(spec.getTask().getResources().getReservations().getMemoryBytes()).isEqualTo(3L << 29);
        assertThat(spec.getTask().getResources().getReservations().getNanoCpus()).isEqualTo(1);
        assertThat(spec.getTask().getResources().getReservations().getGenericCount()).isEqualTo(2);
        assertThat(spec.getTask().getPlacement().getConstraintsList())
                .containsExactly("node.role == manager", "node.id!=x");
        assertThat(spec.getTask().getPlacement().getMaxReplicas()).isEqualTo(2);
        assertThat(spec.getReplicated().getReplicas()).isEqualTo(9);
        assertThat(spec.getAnnotations().getLabelsMap()).containsEntry("a", "b").containsEntry("osmia.strategy",
                "spread");
    }

    @Test
    void restartAndUpdateFlagsArrive() {
        ServiceSpec spec = created(
                "--restart-condition", "failure", "--restart-delay", "500ms", "--restart-max-attempts", "3",
                "--restart-window", "1h", "--update-parallelism", "0", "--update-delay", "2s",
                "--update-on-failure", "continue", "--update-order", "stop-first");
        RestartPolicy restart = spec.getTask().getRestart();
        assertThat(restart.getCondition()).isEqualTo(RestartPolicy.RestartCondition.ON_FAILURE);
        assertThat(restart.getDelay().getNanos()).isEqualTo(500_000_000);
        assertThat(restart.getMaxAttempts()).isEqualTo(3);
        assertThat(restart.getWindow().getSeconds()).isEqualTo(3600);
        assertThat(spec.getUpdate().getParallelism()).isZero();
        assertThat(spec.getUpdate().getDelay().getSeconds()).isEqualTo(2);
        assertThat(spec.getUpdate().getFailureAction()).isEqualTo(UpdateConfig.FailureAction.CONTINUE);
    }

    @Test
    void updatesAndRollbacksHaveTheSameFlags() {
        ServiceSpec spec = created("--update-order", "start-first", "--update-on-failure", "rollback",
                "--update-monitor", "1m", "--update-max-failure-ratio", "0.5", "--rollback-parallelism", "3",
                "--rollback-delay", "4s", "--rollback-order", "start-first", "--rollback-on-failure", "continue",
                "--rollback-monitor", "7s", "--rollback-max-failure-ratio", "1");
        UpdateConfig.Builder update = UpdateConfig.newBuilder()
                .setParallelism(1)
                .setOrder(UpdateConfig.UpdateOrder.START_FIRST)
                .setFailureAction(UpdateConfig.FailureAction.ROLLBACK)
                .setMaxFailureRatio(0.5f);
        update.getMonitorBuilder().setSeconds(60);
        assertThat(spec.getUpdate()).isEqualTo(update.build());
        UpdateConfig.Builder rollback = UpdateConfig.newBuilder()
                .setParallelism(3)
                .setOrder(UpdateConfig.UpdateOrder.START_FIRST)
                .setFailureAction(UpdateConfig.FailureAction.CONTINUE)
                .setMaxFailureRatio(1);
        rollback.getDelayBuilder().setSeconds(4);
        rollback.getMonitorBuilder().setSeconds(7);
        assertThat(spec.getRollback()).isEqualTo(rollback.build());
    }

    @Test
    void whatARollbackCannotDoIsRefused() {
        assertThat(refused("--rollback-on-failure", "rollback"))
                .isEqualTo("osmia: --rollback-on-failure takes continue or pause, not 'rollback'");
        assertThat(refused("--update-order", "none"))
                .isEqualTo("osmia: --update-order takes stop-first or start-first, not 'none'");
        assertThat(refused("--update-max-failure-ratio", "2"))
                .isEqualTo("osmia: --update-max-failure-ratio takes a number from 0 to 1, not '2'");
    }

    @Test
    void oneUpdateFlagDoesNotMeanAllAtOnce() {
        assertThat(created("--update-delay", "2s").getUpdate().getParallelism()).isEqualTo(1);
    }

    @Test
    void globalServicesHaveNoReplicas() {
        assertThat(created("--mode", "global").hasGlobal()).isTrue();
        cli.control.changes.clear();
        assertThat(refused("--mode", "global", "--replicas", "2"))
                .isEqualTo("osmia: --replicas can only be specified in --mode replicated");
    }

    @Test
    void badValuesNameTheFlagOrTheValue() {
        assertThat(refused("--cpu-limit", "x")).isEqualTo("osmia: invalid cpu: x");
        assertThat(refused("--cpu-limit", "0.0000000001"))
                .isEqualTo("osmia: CPU value cannot have more than 9 decimal places: 0.0000000001");
        assertThat(refused("--memory-limit", "5x")).contains("invalid size: '5x'");
        assertThat(refused("--restart-delay", "5")).contains("invalid duration '5'");
        assertThat(refused("--label", "novalue")).contains("malformed label 'novalue'");
        assertThat(refused("--bind", "/only")).contains("malformed bind '/only'");
        assertThat(refused("--generic-resources", "gpu=UUID")).contains("--generic-resources");
        assertThat(refused("--replicas", "-1")).contains("--replicas");
        assertThat(refused("--restart-condition", "never")).contains("any, failure or none");
        assertThat(refused("--mode", "both")).contains("--mode");
    }

    @Test
    void anUpdateChangesWhatIsGivenAndLeavesTheRest() {
        Service before = Samples.service("web1id", "web", 3);
        UpdateServiceRequest request = updated(before, "--env", "A=1", "--replicas", "5");
        ServiceSpec.Builder expected = before.getSpec().toBuilder();
        expected.getTaskBuilder().getContainerBuilder().addEnv("A=1");
        expected.getReplicatedBuilder().setReplicas(5);
        assertThat(request.getSpec()).isEqualTo(expected.build());
        assertThat(request.getServiceVersion().getIndex()).isEqualTo(7);
    }

    @Test
    void listsAndLabelsAreReplacedAsAWhole() {
        Service.Builder before = Samples.service("web1id", "web", 3).toBuilder();
        before.getSpecBuilder().getAnnotationsBuilder().putLabels("old", "1");
        before.getSpecBuilder().getTaskBuilder().getContainerBuilder().addEnv("OLD=1");
        ServiceSpec after = updated(before.build(), "--label", "new=2", "--env", "NEW=2").getSpec();
        assertThat(after.getAnnotations().getLabelsMap()).containsOnlyKeys("new");
        assertThat(after.getTask().getContainer().getEnvList()).containsExactly("NEW=2");
    }

    @Test
    void forceCountsUp() {
        assertThat(updated(Samples.service("web1id", "web", 3), "--force").getSpec().getTask().getForceUpdate())
                .isEqualTo(1);
    }

    @Test
    void aRestartFlagOnAServiceWithoutPolicyKeepsRestarting() {
        RestartPolicy policy = updated(Samples.service("web1id", "web", 3), "--restart-delay", "1s")
                .getSpec()
                .getTask()
                .getRestart();
        assertThat(policy.getCondition()).isEqualTo(RestartPolicy.RestartCondition.ANY);
    }

    @Test
    void withoutAChangeNothingIsSent() {
        cli.control.services.add(Samples.service("web1id", "web", 3));
        assertThat(cli.run("service", "update", "web").err()).isEqualTo("osmia: no changes detected\n");
        Cli.Result same = cli.run("service", "update", "web", "--replicas", "3");
        assertThat(same.err()).isEqualTo("osmia: no changes detected\n");
        assertThat(same.code()).isEqualTo(1);
        assertThat(cli.control.changes).isEmpty();
    }

    @Test
    void scaleSetsReplicasAndNothingElse() {
        Service before = Samples.service("web1id", "web", 3);
        cli.control.services.add(before);
        assertThat(cli.run("service", "scale", "web=5").out()).isEqualTo("web scaled to 5\n");
        ServiceSpec.Builder expected = before.getSpec().toBuilder();
        expected.getReplicatedBuilder().setReplicas(5);
        assertThat(cli.control.onlyChange(UpdateServiceRequest.class).getSpec()).isEqualTo(expected.build());
        assertThat(cli.run("service", "scale", "web").code()).isEqualTo(2);
        assertThat(cli.run("service", "scale", "web=many").code()).isEqualTo(2);
    }
}
