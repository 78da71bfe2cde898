package io.osmia.shell;

import static org.assertj.core.api.Assertions.assertThat;
import io.osmia.wire.osmia.Plugin;
import io.osmia.wire.swarmkit.GlobalService;
import io.osmia.wire.swarmkit.NodeStatus;
import io.osmia.wire.swarmkit.Service;
import io.osmia.wire.swarmkit.TaskState;
import java.io.IOException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What the commands print for people: rules 10.2 to 10.5. */
class TablesTest {

    private Cli cli;

    private final Service web = Samples.service("svc2webid", "web", 3);
    private final Service db = Samples.service("svc1dbid", "db", 1).toBuilder()
            .setSpec(Samples.service("", "db", 1).getSpec().toBuilder().setGlobal(GlobalService.getDefaultInstance()))
            .build();

    @BeforeEach
    void fillNode() throws IOException {
        cli = new Cli();
        cli.control.services.add(web);
        cli.control.services.add(db);
        cli.control.nodes.add(Samples.leader(Samples.node("node1id", "one", NodeStatus.State.READY)));
        cli.control.nodes.add(Samples.node("node2id", "two", NodeStatus.State.DOWN));
        cli.control.clusters.add(Samples.cluster());
        cli.control.tasks.add(Samples.task("task2id", web, 2, TaskState.RUNNING));
        cli.control.tasks.add(Samples.task("task1id", web, 1, TaskState.RUNNING));
        cli.control.tasks.add(
                Samples.task("task3id", web, 3, TaskState.RUNNING).toBuilder().setNodeId("node2id").build());
        cli.control.tasks.add(Samples.history(Samples.task("task0id", web, 1, TaskState.FAILED), TaskState.FAILED));
    }

    @AfterEach
    void close() throws Exception {
        cli.close();
    }

    private void prints(String expected, String... words) {
        Cli.Result result = cli.run(words);
        assertThat(result.err()).isEmpty();
        assertThat(result.out()).isEqualTo(expected);
        assertThat(result.code()).isZero();
    }

    @Test
    void serviceLsCountsTasksOnNodesThatAreNotDown() {
        prints(
                """
                ID         Name  Image       Replicas
                --         ----  -----       --------
                svc1dbid   db    osmia/host  global
                svc2webid  web   osmia/host  2/3
                """,
                "service", "ls");
    }

    @Test
    void quietServiceLsPrintsIdsOnly() {
        prints("svc1dbid\nsvc2webid\n", "svc", "ls", "-q");
    }

    @Test
    void servicePsShowsWhatShouldRunInOrderOfSlots() {
        prints(
                """
                ID       Service  Desired State  Last State              Node
                --       -------  -------------  ----------              ----
                task1id  web.1    RUNNING        RUNNING 30 seconds ago  one
                task2id  web.2    RUNNING        RUNNING 30 seconds ago  one
                task3id  web.3    RUNNING        RUNNING 30 seconds ago  two
                """,
                "service", "ps", "web");
    }

    @Test
    void servicePsOfAllTasksShowsHistoryBelowTheNewestOfTheSlot() {
        assertThat(cli.run("service", "ps", "--all", "web").out().lines().map(line -> line.split(" ")[0]))
                .containsExactly("ID", "--", "task1id", "task0id", "task2id", "task3id");
    }

    @Test
    void aTaskThatWentWrongSaysWhyInAColumnOfItsOwn() {
        cli.control.tasks.set(
                0, Samples.failing(Samples.task("task2id", web, 2, TaskState.PENDING), "no suitable node\n(none)"));
        prints(
                """
                ID       Service  Desired State  Last State              Node  Error
                --       -------  -------------  ----------              ----  -----
                task1id  web.1    RUNNING        RUNNING 30 seconds ago  one
                task2id  web.2    RUNNING        PENDING 30 seconds ago  one   no suitable node (none)
                task3id  web.3    RUNNING        RUNNING 30 seconds ago  two
                """,
                "service", "ps", "web");
    }

    @Test
    void withoutNamesTasksShowIds() {
        prints(
                """
                ID       Service      Desired State  Last State              Node
                --       -------      -------------  ----------              ----
                task1id  svc2webid.1  RUNNING        RUNNING 30 seconds ago  node1id
                task2id  svc2webid.2  RUNNING        RUNNING 30 seconds ago  node1id
                task3id  svc2webid.3  RUNNING        RUNNING 30 seconds ago  node2id
                """,
                "task", "ls", "-n");
    }

    @Test
    void nodeLsMarksTheLeader() {
        prints(
                """
                ID       Name  Membership  Status  Availability  Manager Status
                --       ----  ----------  ------  ------------  --------------
                node1id  one   ACCEPTED    READY   ACTIVE        REACHABLE *
                node2id  two   ACCEPTED    DOWN    ACTIVE
                """,
                "node", "ls");
    }

    @Test
    void nodeInspectShowsSummaryAndTasks() {
        prints(
                """
                ID                 : node1id
                Hostname           : one
                Status             :
                  State            : READY
                  Availability     : ACTIVE
                  Address          : 127.0.0.1
                Manager status     :
                  Address          : 127.0.0.1:4242
                  Raft status      : REACHABLE
                  Leader           : yes
                Platform           :
                  Operating System : linux
                  Architecture     : x86_64
                Resources          :
                  CPUs             : 2
                  Memory           : 1.5 GiB

                Task ID  Service  Slot  Image       Desired State  Last State              Node
                -------  -------  ----  -----       -------------  ----------              ----
                task1id  web      1     osmia/host  RUNNING        RUNNING 30 seconds ago  one
                task2id  web      2     osmia/host  RUNNING        RUNNING 30 seconds ago  one
                """,
                "node", "inspect", "one");
    }

    @Test
    void serviceInspectShowsTheTemplate() {
        cli.control.services.set(0, rich());
        assertThat(cli.run("service", "inspect", "web").out())
                .startsWith(
                        """
                        ID            : svc2webid
                        Name          : web
                        Labels        :
                          a           : 1
                        Replicas      : 2/3
                        Template      :
                          Container   :
                            Image     : osmia/host
                            Command   : sh
                            Args      : -c 'it'\\''s; done'
                            Env       : A=1
                            Mounts    :
                              /in     : bind /out readonly
                          Constraints : node.role==manager
                          Resources   :
                            Limits    :
                              CPU     : 0.5
                              Memory  : 64 MiB

                        Task ID  Service""");
    }

    private Service rich() {
        Service.Builder rich = web.toBuilder();
        rich.getSpecBuilder().getAnnotationsBuilder().putLabels("a", "1");
        var task = rich.getSpecBuilder().getTaskBuilder();
        task.getContainerBuilder().addArgs("-c").addArgs("it's; done").addEnv("A=1");
        task.getContainerBuilder().addMountsBuilder().setSource("/out").setTarget("/in").setReadonly(true);
        task.getPlacementBuilder().addConstraints("node.role==manager");
        task.getResourcesBuilder().getLimitsBuilder().setNanoCpus(500_000_000).setMemoryBytes(64 << 20);
        return rich.build();
    }

    @Test
    void taskInspectShowsHowItEnded() {
        var ended = Samples.history(Samples.task("task0id", web, 1, TaskState.FAILED), TaskState.FAILED).toBuilder();
        ended.getStatusBuilder().setErr("exit 137").getContainerBuilder().setContainerId("c").setPid(42)
                .setExitCode(137);
        cli.control.tasks.set(3, ended.build());
        prints(
                """
                ID              : task0id
                Slot            : 1
                Service         : web
                Status          :
                  Desired State : SHUTDOWN
                  Last State    : FAILED
                  Timestamp     : 2027-01-15T07:59:30Z
                  Error         : exit 137
                  ContainerID   : c
                  Pid           : 42
                  ExitCode      : 137
                Node            : one
                Spec            :
                  Image         : osmia/host
                  Command       : sh

                Task ID  Service  Slot  Image       Desired State  Last State              Node  Error
                -------  -------  ----  -----       -------------  ----------              ----  -----
                task1id  web      1     osmia/host  RUNNING        RUNNING 30 seconds ago  one
                task0id  web      1     osmia/host  SHUTDOWN       FAILED 30 seconds ago   one   exit 137
                """,
                "task", "inspect", "task0");
    }

    @Test
    void clusterLsAndInspectShowTheSettings() {
        prints("ID          Name\n--          ----\ncluster1id  default\n", "cluster", "ls");
        prints(
                """
                ID                              : cluster1id
                Name                            : default
                Orchestration settings          :
                  Task history entries          : 5
                Dispatcher settings             :
                  Dispatcher heartbeat period   : 5s
                Certificate Authority settings  :
                  Certificate Validity Duration : 2160h
                  Join Tokens                   :
                    Worker                      : SWMTKN-1-w
                    Manager                     : SWMTKN-1-m
                """,
                "cluster", "inspect");
    }

    @Test
    void pluginLsShowsWhyOneWasRefused() {
        cli.plugins.add(Plugin.newBuilder()
                .setName("spread")
                .setKind("strategy")
                .setVersion("1.0.0")
                .setState("active")
                .setFile("spread.jar")
                .build());
        prints(
                """
                Name    Kind      Version  State   File
                ----    ----      -------  -----   ----
                spread  strategy  1.0.0    active  spread.jar
                """,
                "plugin", "ls");
        cli.plugins.add(
                Plugin.newBuilder().setName("bad").setState("refused").setFile("bad.jar").setMessage("torn").build());
        prints(
                """
                Name    Kind      Version  State    File        Message
                ----    ----      -------  -----    ----        -------
                spread  strategy  1.0.0    active   spread.jar
                bad                        refused  bad.jar     torn
                """,
                "plugin", "ls");
    }
}
