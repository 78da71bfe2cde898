package io.osmia.executor.docker.internal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import com.fasterxml.jackson.databind.JsonNode;
import io.osmia.api.ResourceAmounts;
import io.osmia.api.executor.Dns;
import io.osmia.api.executor.Driver;
import io.osmia.api.executor.ExecutorException;
import io.osmia.api.executor.ExecutorTask;
import io.osmia.api.executor.HealthCheck;
import io.osmia.api.executor.Mount;
import io.osmia.api.executor.Port;
import io.osmia.api.executor.Privileges;
import io.osmia.api.executor.TaskResources;
import io.osmia.api.executor.Workload;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What the engine is asked for, field by field (rule 6.15). */
class ContainerRequestTest {

    private static final ExecutorTask TASK = new ExecutorTask(
            "task1",
            "web.1.task1",
            "service1",
            "web",
            "node1",
            1,
            Map.of("a", "task", "b", "task"),
            Map.of("c", "service"),
            Workload.builder("busybox").build(),
            TaskResources.NONE,
            List.of(),
            Driver.NONE);

    /** As the engine reads it. */
    private static JsonNode body(ExecutorTask task) throws Exception {
        return Engine.JSON.readTree(ContainerRequest.of(task, "digest").body().toString());
    }

    private static JsonNode body(UnaryOperator<Workload.Builder> with) throws Exception {
        return body(TASK.with(with.apply(TASK.workload().toBuilder()).build()));
    }

    private static JsonNode host(UnaryOperator<Workload.Builder> with) throws Exception {
        return body(with).path("HostConfig");
    }

    private static JsonNode json(String text) throws Exception {
        return Engine.JSON.readTree(text.replace('\'', '"'));
    }

    @Test
    void aPlainTaskAsksForNothingMore() throws Exception {
        JsonNode body = body(TASK);
        assertThat(body.properties()).extracting(Map.Entry::getKey)
                .containsExactlyInAnyOrder("Image", "Labels", "HostConfig");
        assertThat(body.path("HostConfig")).isEmpty();
        assertThat(ContainerRequest.of(TASK, "").name()).isEqualTo("web.1.task1");
    }

    @Test
    @DisplayName("rule 6.15.2: the later labels win")
    void labels() throws Exception {
        JsonNode labels = body(workload -> workload.labels(
                Map.of("a", "spec", "d", "spec", Labels.TASK_ID, "forged"))).path("Labels");
        assertThat(labels).isEqualTo(json("{'a':'task','b':'task','d':'spec',"
                + "'com.docker.swarm.node.id':'node1','com.docker.swarm.service.id':'service1',"
                + "'com.docker.swarm.service.name':'web','com.docker.swarm.task':'',"
                + "'com.docker.swarm.task.id':'task1','com.docker.swarm.task.name':'web.1.task1',"
                + "'io.osmia.spec.digest':'digest'}"));
    }

    @Test
    @DisplayName("rule 6.15.3: a command replaces the entry point")
    void commandAndArguments() throws Exception {
        JsonNode both = body(workload -> workload.command(List.of("a", "b")).args(List.of("c")));
        assertThat(both.path("Entrypoint")).isEqualTo(json("['a','b']"));
        assertThat(both.path("Cmd")).isEqualTo(json("['c']"));
        JsonNode arguments = body(workload -> workload.args(List.of("c")));
        assertThat(arguments.has("Entrypoint")).isFalse();
        assertThat(arguments.path("Cmd")).isEqualTo(json("['c']"));
    }

    @Test
    @DisplayName("rule 6.15.4: generic resources are told in the environment")
    void environment() throws Exception {
        TaskResources given = new TaskResources(
                ResourceAmounts.NONE,
                ResourceAmounts.NONE,
                new ResourceAmounts(0, 0, Map.of("ssd", 2L), Map.of("gpu", List.of("u1", "u2"))),
                OptionalLong.empty(),
                OptionalLong.empty());
        Workload workload = TASK.workload().toBuilder().env(List.of("X=1")).build();
        assertThat(body(TASK.with(workload).with(given)).path("Env"))
                .isEqualTo(json("['X=1','DOCKER_RESOURCE_GPU=u1,u2','DOCKER_RESOURCE_SSD=2']"));
    }

    @ParameterizedTest
    @CsvSource({
        "busybox, busybox:latest",
        "host:5000/a/b, host:5000/a/b:latest",
        "host:5000/a/b:7, host:5000/a/b:7",
        "a@sha256:00, a@sha256:00"
    })
    void imagesHaveATag(String asked, String pulled) throws Exception {
        assertThat(body(workload -> workload.image(asked)).path("Image").asText()).isEqualTo(pulled);
    }

    @Test
    void plainFields() throws Exception {
        JsonNode body = body(workload -> workload.hostname("h")
                .user("u:g")
                .dir("/d")
                .stopSignal("SIGINT")
                .tty(true)
                .openStdin(true)
                .readOnly(true)
                .groups(List.of("g1"))
                .init(Optional.of(false))
                .isolation("process")
                .dns(new Dns(List.of("1.1.1.1"), List.of("d"), List.of("ndots:2")))
                .sysctls(Map.of("a.b", "1"))
                .capabilityAdd(List.of("CAP_NET_ADMIN"))
                .capabilityDrop(List.of("ALL"))
                .hosts(List.of("10.0.0.1 a b")));
        assertThat(body.path("Hostname").asText()).isEqualTo("h");
        assertThat(body.path("User").asText()).isEqualTo("u:g");
        assertThat(body.path("WorkingDir").asText()).isEqualTo("/d");
        assertThat(body.path("StopSignal").asText()).isEqualTo("SIGINT");
        assertThat(body.path("Tty").asBoolean()).isTrue();
        assertThat(body.path("OpenStdin").asBoolean()).isTrue();
        assertThat(body.path("HostConfig")).isEqualTo(json("{'ReadonlyRootfs':true,'Init':false,'Isolation':'process',"
                + "'GroupAdd':['g1'],'CapAdd':['CAP_NET_ADMIN'],'CapDrop':['ALL'],'Dns':['1.1.1.1'],"
                + "'DnsSearch':['d'],'DnsOptions':['ndots:2'],'Sysctls':{'a.b':'1'},"
                + "'ExtraHosts':['a:10.0.0.1','b:10.0.0.1']}"));
    }

    @Test
    @DisplayName("rule 6.15.9: limits, not reservations")
    void resources() throws Exception {
        TaskResources resources = new TaskResources(
                new ResourceAmounts(1_500_000_000, 64 << 20, Map.of(), Map.of()),
                new ResourceAmounts(7, 7, Map.of(), Map.of()),
                ResourceAmounts.NONE,
                OptionalLong.of(1 << 20),
                OptionalLong.of(30));
        Workload workload = TASK.workload().toBuilder()
                .pidsLimit(9)
                .oomScoreAdj(-5)
                .ulimits(List.of(new Workload.Ulimit("nofile", 10, -1)))
                .build();
        assertThat(body(TASK.with(workload).with(resources)).path("HostConfig")).isEqualTo(json("{'Memory':67108864,"
                + "'MemorySwap':68157440,'MemorySwappiness':30,'CpuPeriod':100000,'CpuQuota':150000,'PidsLimit':9,"
                + "'OomScoreAdj':-5,'Ulimits':[{'Name':'nofile','Soft':10,'Hard':-1}]}"));
    }

    @Test
    void portsOfTheHost() throws Exception {
        JsonNode body = body(TASK.with(List.of(
                new Port("", Port.Protocol.TCP, 80, 8080),
                new Port("", Port.Protocol.TCP, 80, 8081),
                new Port("", Port.Protocol.UDP, 53, 0))));
        assertThat(body.path("ExposedPorts")).isEqualTo(json("{'80/tcp':{},'53/udp':{}}"));
        assertThat(body.path("HostConfig").path("PortBindings")).isEqualTo(
                json("{'80/tcp':[{'HostPort':'8080'},{'HostPort':'8081'}],'53/udp':[{'HostPort':''}]}"));
    }

    @Test
    @DisplayName("rule 6.15.10: mounts")
    void mounts() throws Exception {
        Mount bind = new Mount(
                Mount.Type.BIND,
                "/s",
                "/t",
                true,
                "cached",
                new Mount.Bind("rslave", true, false, false, false),
                Mount.Volume.DEFAULT,
                Mount.Tmpfs.DEFAULT);
        Mount volume = new Mount(
                Mount.Type.VOLUME,
                "v",
                "/v",
                false,
                "default",
                Mount.Bind.DEFAULT,
                new Mount.Volume(true, Map.of("l", "1"), new Driver("local", Map.of("o", "2")), ""),
                Mount.Tmpfs.DEFAULT);
        Mount tmpfs = new Mount(
                Mount.Type.TMPFS,
                "",
                "/m",
                true,
                "default",
                Mount.Bind.DEFAULT,
                Mount.Volume.DEFAULT,
                new Mount.Tmpfs(64 << 20, 01777, "exec,uid=5"));
        List<Mount> mounts = List.of(bind, volume, tmpfs, Mount.volume("", "/anonymous", false));
        JsonNode host = host(workload -> workload.mounts(mounts));
        assertThat(host.path("Mounts")).isEqualTo(json("[{'Type':'bind','Source':'/s','Target':'/t','ReadOnly':true,"
                + "'Consistency':'cached','BindOptions':{'Propagation':'rslave','NonRecursive':true}},"
                + "{'Type':'volume','Source':'v','Target':'/v','ReadOnly':false,'VolumeOptions':{'NoCopy':true,"
                + "'Labels':{'l':'1'},'DriverConfig':{'Name':'local','Options':{'o':'2'}}}},"
                + "{'Type':'volume','Source':'','Target':'/anonymous','ReadOnly':false}]"));
        assertThat(host.path("Tmpfs")).isEqualTo(json("{'/m':'ro,mode=1777,size=64m,exec'}"));
        assertThat(Mounts.toCreate(TASK.with(TASK.workload().toBuilder().mounts(mounts).build())))
                .containsExactly((com.fasterxml.jackson.databind.node.ObjectNode) json(
                        "{'Name':'v','Driver':'local','DriverOpts':{'o':'2'},'Labels':{'l':'1'}}"));
    }

    @Test
    void healthCheck() throws Exception {
        HealthCheck check = new HealthCheck(
                List.of("CMD", "x"), Duration.ofSeconds(1), Duration.ofMillis(1), 3, Duration.ofSeconds(2),
                Duration.ZERO);
        assertThat(body(workload -> workload.healthCheck(check)).path("Healthcheck")).isEqualTo(json(
                "{'Test':['CMD','x'],'Interval':1000000000,'Timeout':1000000,'Retries':3,'StartPeriod':2000000000}"));
    }

    @Test
    void privileges() throws Exception {
        Privileges privileges = new Privileges(
                Privileges.CredentialSpec.NONE,
                new Privileges.SeLinux(true, "u", "", "t", ""),
                new Privileges.Seccomp(Privileges.Seccomp.Mode.CUSTOM, "{}"),
                Privileges.AppArmor.DISABLED,
                true);
        assertThat(host(workload -> workload.privileges(privileges)).path("SecurityOpt")).isEqualTo(json(
                "['no-new-privileges','apparmor=unconfined','seccomp={}','label=disable','label=user:u','label=type:t']"));
    }

    @Test
    void logDriver() throws Exception {
        ExecutorTask task = new ExecutorTask(
                TASK.id(), TASK.name(), "", "", "n", 1, Map.of(), Map.of(), TASK.workload(), TASK.resources(),
                List.of(),
                new Driver("json-file", Map.of("max-size", "1m")));
        assertThat(body(task).path("HostConfig").path("LogConfig"))
                .isEqualTo(json("{'Type':'json-file','Config':{'max-size':'1m'}}"));
        ExecutorTask ofItsChoice = new ExecutorTask(
                TASK.id(), TASK.name(), "", "", "n", 1, Map.of(), Map.of(), TASK.workload(), TASK.resources(),
                List.of(),
                new Driver("", Map.of("max-size", "1m")));
        assertThat(body(ofItsChoice).path("HostConfig").path("LogConfig"))
                .isEqualTo(json("{'Config':{'max-size':'1m'}}"));
        assertThat(body(TASK).path("HostConfig").has("LogConfig")).isFalse();
    }

    @Test
    void whatOlderEnginesWouldIgnoreIsKnown() throws Exception {
        assertThat(ContainerRequest.of(TASK, "").needs()).isEqualTo(ApiVersion.OLDEST);
        Mount mount = new Mount(
                Mount.Type.BIND,
                "/s",
                "/t",
                false,
                "default",
                new Mount.Bind("rprivate", false, true, false, false),
                Mount.Volume.DEFAULT,
                Mount.Tmpfs.DEFAULT);
        ContainerRequest request = ContainerRequest.of(
                TASK.with(TASK.workload().toBuilder().mounts(List.of(mount)).build()), "");
        assertThat(request.needs()).hasToString("1.42");
        assertThat(request.why()).contains("createmountpoint");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", " ", "../../x", "a/../../containers", "a b", "-x", "a?tag=b", "a//b", "\u00fc"})
    void whatIsNoImageIsRefused(String image) {
        assertThatThrownBy(() -> body(workload -> workload.image(image)))
                .isInstanceOfSatisfying(ExecutorException.class, e -> assertThat(e.temporary()).isFalse());
    }

    @Test
    void whatNoEngineCouldDoIsRefused() {
        refused(workload -> workload.hosts(List.of("10.0.0.1")), "hosts entry");
        refused(workload -> workload.mounts(List.of(Mount.bind("/s", "t", false))), "not absolute");
        refused(workload -> workload.env(List.of("=x")), "no name");
        assertThatThrownBy(() -> body(TASK.with(new TaskResources(
                ResourceAmounts.NONE, ResourceAmounts.NONE, ResourceAmounts.NONE, OptionalLong.of(5),
                OptionalLong.empty()))))
                .hasMessageContaining("swap limit needs a memory limit");
    }

    private static void refused(UnaryOperator<Workload.Builder> with, String text) {
        assertThatThrownBy(() -> body(with)).isInstanceOf(ExecutorException.class).hasMessageContaining(text);
    }
}
