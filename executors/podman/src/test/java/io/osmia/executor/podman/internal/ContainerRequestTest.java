package io.osmia.executor.podman.internal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import io.osmia.api.ResourceAmounts;
import io.osmia.api.executor.Dns;
import io.osmia.api.executor.Driver;
import io.osmia.api.executor.ExecutorException;
import io.osmia.api.executor.ExecutorTask;
import io.osmia.api.executor.Mount;
import io.osmia.api.executor.Port;
import io.osmia.api.executor.Privileges;
import io.osmia.api.executor.TaskResources;
import io.osmia.api.executor.Workload;
import io.osmia.api.executor.Workload.Ulimit;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** What a task becomes for Podman (rules 6.15.1 to 6.15.10). */
class ContainerRequestTest {

    @Test
    @DisplayName("6.15.2: labels of the container, then of the task, then the system's")
    void laterLabelsWin() throws Exception {
        ExecutorTask task = Tasks.of(Workload.builder("busybox").labels(
                Map.of("from", "container", "own", "1", Labels.TASK_ID, "forged")));
        JsonObject labels = Json.object(request(task), "labels");
        assertThat(Json.text(labels, "from")).isEqualTo("task");
        assertThat(Json.text(labels, "own")).isEqualTo("1");
        assertThat(Json.text(labels, Labels.TASK_ID)).isEqualTo(task.id());
        assertThat(Json.text(labels, Labels.NODE_ID)).isEqualTo(Tasks.NODE);
        assertThat(Json.text(labels, Labels.SPEC_DIGEST)).isEqualTo("5f");
        assertThat(labels.has(Labels.TASK)).isTrue();
    }

    @Test
    @DisplayName("6.15.3: a command takes the place of the entry point, arguments alone that of the command")
    void commandAndArguments() throws Exception {
        JsonObject both = request(w -> w.command(List.of("a", "b c")).args(List.of("d")));
        assertThat(Json.texts(both, "entrypoint")).containsExactly("a", "b c");
        assertThat(Json.texts(both, "command")).containsExactly("d");
        JsonObject arguments = request(w -> w.args(List.of("d")));
        assertThat(arguments.has("entrypoint")).isFalse();
        assertThat(Json.texts(arguments, "command")).containsExactly("d");
    }

    @Test
    @DisplayName("6.15.4: generic resources are in the environment")
    void environment() throws Exception {
        ExecutorTask task = Tasks.of(Workload.builder("busybox").env(List.of("A=1=2", "EMPTY=", "GONE")))
                .with(new TaskResources(
                        ResourceAmounts.NONE, ResourceAmounts.NONE,
                        new ResourceAmounts(0, 0, Map.of("ssd", 2L), Map.of("gpu", List.of("g1", "g2"))),
                        OptionalLong.empty(), OptionalLong.empty()));
        JsonObject env = Json.object(request(task), "env");
        assertThat(env).isEqualTo(JsonParser.parseString(
                "{A:'1=2',EMPTY:'',DOCKER_RESOURCE_GPU:'g1,g2',DOCKER_RESOURCE_SSD:'2'}"));
        assertThat(Json.texts(request(task), "unsetenv")).containsExactly("GONE");
    }

    @Test
    @DisplayName("6.15.9: limits, not reservations")
    void limits() throws Exception {
        ExecutorTask task = Tasks.of(Workload.builder("busybox").pidsLimit(7).oomScoreAdj(-5).ulimits(
                List.of(new Ulimit("nofile", 10, -1))))
                .with(new TaskResources(
                        new ResourceAmounts(1_500_000_000L, 64L << 20, Map.of(), Map.of()),
                        new ResourceAmounts(9, 9, Map.of(), Map.of()), ResourceAmounts.NONE,
                        OptionalLong.of(1 << 20), OptionalLong.of(10)));
        JsonObject request = request(task);
        assertThat(request.get("resource_limits")).isEqualTo(JsonParser.parseString(
                "{cpu:{period:100000,quota:150000},memory:{limit:67108864,swap:68157440,swappiness:10},pids:{limit:7}}"));
        assertThat(request.get("r_limits")).isEqualTo(JsonParser.parseString(
                "[{type:'nofile',soft:10,hard:18446744073709551615}]"));
        assertThat(Json.number(request, "oom_score_adj")).isEqualTo(-5);
    }

    @Test
    void noLimitOfProcessesIsSaidSinceTheEngineHasOne() throws Exception {
        JsonObject limits = Json.object(request(w -> w), "resource_limits");
        assertThat(limits).isEqualTo(JsonParser.parseString("{pids:{limit:-1}}"));
    }

    @Test
    void limitsBelowTheLeastAreRefused() {
        refused(task(w -> w).with(limitedTo(0, (6 << 20) - 1)), "memory limit of 6291455 bytes");
        refused(task(w -> w).with(limitedTo(9_999_999, 0)), "0.01");
    }

    @Test
    @DisplayName("6.15.10: mounts")
    void mounts() throws Exception {
        JsonObject request = request(w -> w.mounts(List.of(
                Mount.bind("/src", "/bind", true),
                new Mount(
                        Mount.Type.BIND, "/src", "/plain", false, "default",
                        new Mount.Bind("rshared", true, true, false, false), Mount.Volume.DEFAULT, Mount.Tmpfs.DEFAULT),
                Mount.tmpfs("/tmp", new Mount.Tmpfs(1 << 20, 0700, "exec")),
                Mount.volume("", "/anonymous", false),
                new Mount(
                        Mount.Type.VOLUME, "data", "/data", true, "default", Mount.Bind.DEFAULT,
                        new Mount.Volume(true, Map.of("k", "v"), new Driver("local", Map.of("o", "p")), ""),
                        Mount.Tmpfs.DEFAULT))));
        assertThat(request.get("mounts")).isEqualTo(JsonParser.parseString("""
                [{type:'bind',source:'/src',destination:'/bind',options:['rbind','rprivate','ro']},
                 {type:'bind',source:'/src',destination:'/plain',options:['bind','rshared','rw']},
                 {type:'tmpfs',source:'tmpfs',destination:'/tmp',
                  options:['nosuid','nodev','exec','rw','size=1048576','mode=700']}]"""));
        assertThat(request.get("volumes")).isEqualTo(JsonParser.parseString("""
                [{Dest:'/anonymous',Options:['rw']},{Name:'data',Dest:'/data',Options:['ro','nocopy']}]"""));
        assertThat(Mounts.volumesToMake(List.of(
                Mount.volume("plain", "/p", false),
                new Mount(
                        Mount.Type.VOLUME, "data", "/data", true, "default", Mount.Bind.DEFAULT,
                        new Mount.Volume(true, Map.of("k", "v"), new Driver("local", Map.of("o", "p")), ""),
                        Mount.Tmpfs.DEFAULT))))
                .containsExactly(JsonParser.parseString(
                        "{Name:'data',Driver:'local',Label:{k:'v'},Options:{o:'p'}}").getAsJsonObject());
    }

    @Test
    void mountsThatPodmanCannotMakeAreRefused() {
        refused(task(w -> w.mounts(List.of(Mount.bind("../etc", "/x", false)))), "'../etc' is not absolute");
        refused(task(w -> w.mounts(List.of(Mount.volume("a/../b", "/x", false)))), "volume name 'a/../b'");
        refused(task(w -> w.mounts(List.of(Mount.bind("/a\0b", "/x", false)))), "none that a file can have");
        refused(task(w -> w.mounts(List.of(new Mount(
                Mount.Type.VOLUME, "", "/x", false, "default", Mount.Bind.DEFAULT,
                new Mount.Volume(false, Map.of("k", "v"), Driver.NONE, ""), Mount.Tmpfs.DEFAULT)))),
                "anonymous volume");
        refused(task(w -> w.mounts(List.of(Mount.tmpfs("/x", new Mount.Tmpfs(0, 0, "suid"))))), "'suid'");
        refused(task(w -> w.mounts(List.of(new Mount(
                Mount.Type.CLUSTER, "v", "/x", false, "default", Mount.Bind.DEFAULT, Mount.Volume.DEFAULT,
                Mount.Tmpfs.DEFAULT)))), "type cluster");
    }

    @Test
    void placeAndPrivileges() throws Exception {
        JsonObject request = ContainerRequest.of(
                task(w -> w.hostname("h").hosts(List.of("10.0.0.1 a b")).dns(
                        new Dns(List.of("1.1.1.1"), List.of("x.org"), List.of("ndots:2")))
                        .sysctls(Map.of("net.core.somaxconn", "9"))
                        .capabilityAdd(List.of("CAP_NET_ADMIN"))
                        .capabilityDrop(List.of("ALL"))
                        .readOnly(true).tty(true).openStdin(true).init(Optional.of(true))
                        .stopSignal("SIGINT").stopGracePeriod(Duration.ofSeconds(7))
                        .privileges(new Privileges(
                                Privileges.CredentialSpec.NONE,
                                new Privileges.SeLinux(false, "", "", "t", "s0"),
                                new Privileges.Seccomp(Privileges.Seccomp.Mode.UNCONFINED, ""),
                                Privileges.AppArmor.DISABLED, true)))
                        .with(List.of(new Port("p", Port.Protocol.UDP, 53, 5353))),
                "5f", "localhost/x:1", HealthSettings.NONE, "bridge");
        request.remove("labels");
        request.remove("name");
        assertThat(request).isEqualTo(JsonParser.parseString("""
                {image:'localhost/x:1',healthconfig:{Test:['NONE']},terminal:true,stdin:true,init:true,systemd:'false',
                 stop_signal:2,stop_timeout:7,hostname:'h',hostadd:['a:10.0.0.1','b:10.0.0.1'],dns_server:['1.1.1.1'],
                 dns_search:['x.org'],dns_option:['ndots:2'],sysctl:{'net.core.somaxconn':'9'},netns:{nsmode:'bridge'},
                 portmappings:[{container_port:53,host_port:5353,protocol:'udp'}],cap_add:['CAP_NET_ADMIN'],
                 cap_drop:['ALL'],read_only_filesystem:true,no_new_privileges:true,selinux_opts:['type:t','level:s0'],
                 apparmor_profile:'unconfined',seccomp_profile_path:'unconfined',
                 resource_limits:{pids:{limit:-1}}}"""));
    }

    @Test
    void whatCannotBeIsRefusedBeforeAnybodyIsAsked() {
        refused(task(w -> w.stopSignal("SIGNO")), "stop signal 'SIGNO'");
        refused(task(w -> w.isolation("hyperv")), "isolation 'hyperv'");
        refused(task(w -> w.image("a b")), "image 'a b'");
        refused(task(w -> w.registryAuth("x\r\nHost: y")), "credentials");
        refused(task(w -> w.env(List.of("=x"))), "'=x'");
        refused(task(w -> w.hosts(List.of("10.0.0.1"))), "'10.0.0.1'");
        refused(task(w -> w.privileges(new Privileges(
                Privileges.CredentialSpec.NONE, Privileges.SeLinux.DEFAULT,
                new Privileges.Seccomp(Privileges.Seccomp.Mode.CUSTOM, "{}"), Privileges.AppArmor.DEFAULT, false))),
                "seccomp");
    }

    @Test
    void theCredentialsOfTheRegistryAreNowhereInTheContainer() throws Exception {
        assertThat(request(w -> w.registryAuth("c2VjcmV0")).toString()).doesNotContain("c2VjcmV0");
    }

    private static TaskResources limitedTo(long cpus, long memory) {
        return TaskResources.limitedTo(new ResourceAmounts(cpus, memory, Map.of(), Map.of()));
    }

    private static ExecutorTask task(UnaryOperator<Workload.Builder> workload) {
        return Tasks.of(workload.apply(Workload.builder("busybox")));
    }

    private static JsonObject request(UnaryOperator<Workload.Builder> workload) throws ExecutorException {
        return request(task(workload));
    }

    private static JsonObject request(ExecutorTask task) throws ExecutorException {
        return ContainerRequest.of(task, "5f", "docker.io/library/busybox:latest", HealthSettings.NONE, "");
    }

    private static void refused(ExecutorTask task, String text) {
        assertThatThrownBy(() -> ContainerRequest.check(task))
                .isInstanceOfSatisfying(ExecutorException.class, e -> assertThat(e.temporary()).isFalse())
                .hasMessageContaining(text);
    }
}
