package io.osmia.control.internal.rules;

import static io.osmia.control.internal.TestCluster.spec;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.params.provider.Arguments.arguments;
import com.google.protobuf.Any;
import com.google.protobuf.ByteString;
import com.google.protobuf.Duration;
import com.google.protobuf.util.Durations;
import io.osmia.wire.swarmkit.ConfigReference;
import io.osmia.wire.swarmkit.ContainerSpec;
import io.osmia.wire.swarmkit.EndpointSpec;
import io.osmia.wire.swarmkit.FileTarget;
import io.osmia.wire.swarmkit.HealthConfig;
import io.osmia.wire.swarmkit.Mount;
import io.osmia.wire.swarmkit.PortConfig;
import io.osmia.wire.swarmkit.Resources;
import io.osmia.wire.swarmkit.RestartPolicy;
import io.osmia.wire.swarmkit.RuntimeTarget;
import io.osmia.wire.swarmkit.SecretReference;
import io.osmia.wire.swarmkit.ServiceSpec;
import io.osmia.wire.swarmkit.TaskSpec;
import io.osmia.wire.swarmkit.UpdateConfig;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Rule 1.4, without the store: what is changed in a good spec, and how it is refused then; empty where it still passes. */
class ServiceRulesTest {

    private static final String PASSES = "";
    private static final Duration NEGATIVE = Durations.fromSeconds(-1);

    @ParameterizedTest(name = "{0}")
    @MethodSource
    @DisplayName("API-002")
    void resources(String what, Consumer<ServiceSpec.Builder> change, String refusal) {
        assertThat(verdict(change)).isEqualTo(refusal);
    }

    static Stream<Arguments> resources() {
        return Stream.of(
                arguments("42 nano-cpus", limits(r -> r.setNanoCpus(42)),
                        "INVALID_ARGUMENT: invalid cpu value 4.2e-08: Must be at least 0.001"),
                arguments("half of the least", limits(r -> r.setNanoCpus(500_000)),
                        "INVALID_ARGUMENT: invalid cpu value 0.0005: Must be at least 0.001"),
                arguments("minus two", reservations(r -> r.setNanoCpus(-2_000_000_000L)),
                        "INVALID_ARGUMENT: invalid cpu value -2: Must be at least 0.001"),
                arguments("1 byte", limits(r -> r.setMemoryBytes(1)),
                        "INVALID_ARGUMENT: invalid memory value 1: Must be at least 4MiB"),
                arguments("1 byte reserved", reservations(r -> r.setMemoryBytes(1)),
                        "INVALID_ARGUMENT: invalid memory value 1: Must be at least 4MiB"),
                arguments("limits come first",
                        limits(r -> r.setMemoryBytes(2)).andThen(reservations(r -> r.setNanoCpus(1))),
                        "INVALID_ARGUMENT: invalid memory value 2: Must be at least 4MiB"),
                arguments("4 GiB, 1 CPU", limits(r -> r.setMemoryBytes(4L << 30).setNanoCpus(1_000_000_000)), PASSES),
                arguments("the least", reservations(r -> r.setMemoryBytes(4 << 20).setNanoCpus(1_000_000)), PASSES));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource
    @DisplayName("API-007")
    void restartAndUpdate(String what, Consumer<ServiceSpec.Builder> change, String refusal) {
        assertThat(verdict(change)).isEqualTo(refusal);
    }

    static Stream<Arguments> restartAndUpdate() {
        return Stream.of(
                arguments("negative delay", restart(r -> r.setDelay(NEGATIVE)),
                        "INVALID_ARGUMENT: TaskSpec: restart-delay cannot be negative"),
                arguments("negative window", restart(r -> r.setWindow(NEGATIVE)),
                        "INVALID_ARGUMENT: TaskSpec: restart-window cannot be negative"),
                arguments("no duration", restart(r -> r.setDelay(Duration.newBuilder().setSeconds(1).setNanos(-1))),
                        "UNKNOWN: duration: seconds:1 nanos:-1 is out of range"),
                arguments("a thousand years", restart(r -> r.setDelay(Durations.fromDays(365_000))),
                        "UNKNOWN: duration: seconds:31536000000 nanos:0 is out of range"),
                arguments("good policy", restart(r -> r.setDelay(Durations.fromSeconds(3)).setMaxAttempts(2)), PASSES),
                arguments("negative update delay", update(u -> u.setDelay(NEGATIVE)),
                        "INVALID_ARGUMENT: TaskSpec: update-delay cannot be negative"),
                arguments("negative monitor", update(u -> u.setMonitor(NEGATIVE)),
                        "INVALID_ARGUMENT: TaskSpec: update-monitor cannot be negative"),
                arguments("ratio -0.1", update(u -> u.setMaxFailureRatio(-0.1f)),
                        "INVALID_ARGUMENT: TaskSpec: update-maxfailureratio cannot be less than 0 or bigger than 1"),
                arguments("ratio 1.1", update(u -> u.setMaxFailureRatio(1.1f)),
                        "INVALID_ARGUMENT: TaskSpec: update-maxfailureratio cannot be less than 0 or bigger than 1"),
                arguments("ratio 1", update(u -> u.setMaxFailureRatio(1)), PASSES));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource
    @DisplayName("API-004")
    void tasks(String what, Consumer<ServiceSpec.Builder> change, String refusal) {
        assertThat(verdict(change)).isEqualTo(refusal);
    }

    static Stream<Arguments> tasks() {
        return Stream.of(
                arguments("no runtime", task(TaskSpec.Builder::clearRuntime),
                        "INVALID_ARGUMENT: TaskSpec: missing runtime"),
                arguments("attachment", task(TaskSpec.Builder::getAttachmentBuilder),
                        "UNIMPLEMENTED: RuntimeSpec: unimplemented runtime in service spec"),
                arguments("no image", container(ContainerSpec.Builder::clearImage),
                        "INVALID_ARGUMENT: ContainerSpec: image reference must be provided"),
                arguments("bad image", container(c -> c.setImage("Bad Image")),
                        "INVALID_ARGUMENT: ContainerSpec: \"Bad Image\" is not a valid repository/tag"),
                arguments("duplicate mount", container(c -> c.addMounts(mount("/a")).addMounts(mount("/a"))),
                        "INVALID_ARGUMENT: ContainerSpec: duplicate mount point: /a"),
                arguments("two mounts", container(c -> c.addMounts(mount("/a")).addMounts(mount("/b"))), PASSES),
                arguments("constraint without operator", constraint("node.id=x"),
                        "INVALID_ARGUMENT: constraint expected one operator from ==, !="),
                arguments("bad key", constraint("?==x"), "INVALID_ARGUMENT: key '?' is invalid"),
                arguments("bad value", constraint("node.id==,"), "INVALID_ARGUMENT: value ',' is invalid"),
                arguments("good constraint", constraint(" node.labels.zone != a "), PASSES),
                arguments("short kind", generic("ab", "t", "v"),
                        "INVALID_ARGUMENT: Generic runtime: Invalid name \"ab\""),
                arguments("reserved kind", generic("Container", "t", "v"),
                        "INVALID_ARGUMENT: Generic runtime: \"Container\" is a reserved name"),
                arguments("no payload", task(t -> t.getGenericBuilder().setKind("process")),
                        "INVALID_ARGUMENT: Generic runtime is missing payload"),
                arguments("no payload type", generic("process", "", "v"),
                        "INVALID_ARGUMENT: Generic runtime is missing payload type"),
                arguments("empty payload", generic("process", "t", ""),
                        "INVALID_ARGUMENT: Generic runtime has an empty payload"),
                arguments("good generic task", generic("process", "t", "v"), PASSES));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource
    @DisplayName("API-005")
    void health(String what, Consumer<ServiceSpec.Builder> change, String refusal) {
        assertThat(verdict(change)).isEqualTo(refusal);
    }

    static Stream<Arguments> health() {
        Duration tooShort = Durations.fromNanos(999_999);
        return Stream.of(
                arguments("interval", health(h -> h.setInterval(tooShort)), tooShort("Interval")),
                arguments("negative interval", health(h -> h.setInterval(NEGATIVE)), tooShort("Interval")),
                arguments("timeout", health(h -> h.setTimeout(tooShort)), tooShort("Timeout")),
                arguments("start period", health(h -> h.setStartPeriod(tooShort)), tooShort("StartPeriod")),
                arguments("start interval", health(h -> h.setStartInterval(tooShort)), tooShort("StartInterval")),
                arguments("retries", health(h -> h.setRetries(-1)),
                        "INVALID_ARGUMENT: ContainerSpec: Retries in HealthConfig cannot be negative"),
                arguments("zero", health(h -> h.setInterval(Durations.ZERO)), PASSES),
                arguments("one millisecond", health(h -> h.setTimeout(Durations.fromMillis(1)).setRetries(3)), PASSES));
    }

    private static String tooShort(String field) {
        return "INVALID_ARGUMENT: ContainerSpec: " + field + " in HealthConfig cannot be less than 1ms";
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource
    @DisplayName("API-006")
    void modes(String what, Consumer<ServiceSpec.Builder> change, String refusal) {
        assertThat(verdict(change)).isEqualTo(refusal);
    }

    static Stream<Arguments> modes() {
        return Stream.of(
                arguments("no mode", of(ServiceSpec.Builder::clearMode), "INVALID_ARGUMENT: Unrecognized service mode"),
                arguments("negative replicas", of(s -> s.getReplicatedBuilder().setReplicas(-1)),
                        "INVALID_ARGUMENT: Number of replicas must be non-negative"),
                arguments("negative concurrency", of(s -> s.getReplicatedJobBuilder().setMaxConcurrent(-1)),
                        "INVALID_ARGUMENT: Maximum concurrent jobs must not be negative"),
                arguments("negative completions", of(s -> s.getReplicatedJobBuilder().setTotalCompletions(-1)),
                        "INVALID_ARGUMENT: Total completed jobs must not be negative"),
                arguments("job with update config",
                        of(s -> s.getGlobalJobBuilder()).andThen(update(u -> u.setParallelism(1))),
                        "INVALID_ARGUMENT: Jobs may not have an update config"),
                arguments("job", of(s -> s.getGlobalJobBuilder()), PASSES),
                arguments("global", of(s -> s.getGlobalBuilder()), PASSES),
                arguments("the rollback config is not looked at",
                        of(s -> s.getRollbackBuilder().setDelay(NEGATIVE)), PASSES));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource
    @DisplayName("API-010 API-011: form of references")
    void references(String what, Consumer<ServiceSpec.Builder> change, String refusal) {
        assertThat(verdict(change)).isEqualTo(refusal);
    }

    static Stream<Arguments> references() {
        return Stream.of(
                arguments("secret without id", secrets(secret("", "n", "f")),
                        "INVALID_ARGUMENT: malformed secret reference"),
                arguments("secret without name", secrets(secret("i", "", "f")),
                        "INVALID_ARGUMENT: malformed secret reference"),
                arguments("secret without target", secrets(secret("i", "n", "f").toBuilder().clearTarget().build()),
                        "INVALID_ARGUMENT: malformed secret reference, no target provided"),
                arguments("secret without file name", secrets(secret("i", "n", "")),
                        "INVALID_ARGUMENT: malformed file secret reference, invalid target file name provided"),
                arguments("two secrets, one file", secrets(secret("i", "a", "f"), secret("j", "b", "f")),
                        "INVALID_ARGUMENT: secret references 'a' and 'b' have a conflicting target: 'f'"),
                arguments("good secrets", secrets(secret("i", "a", "f"), secret("j", "b", "g")), PASSES),
                arguments("config without target", configs(config("i", "n", "f").toBuilder().clearTarget().build()),
                        "INVALID_ARGUMENT: malformed config reference, no target provided"),
                arguments("two configs, one file", configs(config("i", "a", "f"), config("j", "b", "f")),
                        "INVALID_ARGUMENT: config references 'a' and 'b' have a conflicting target: 'f'"),
                arguments("credential spec without its config",
                        configs(config("i", "a", "f")).andThen(credentialSpec("i")),
                        "INVALID_ARGUMENT: CredentialSpec references config 'i', but that config isn't in config"
                                + " references with RuntimeTarget"),
                arguments("credential spec",
                        configs(runtimeConfig("i", "a")).andThen(credentialSpec("i")), PASSES));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource
    @DisplayName("API-016")
    void endpoints(String what, Consumer<ServiceSpec.Builder> change, String refusal) {
        assertThat(verdict(change)).isEqualTo(refusal);
    }

    static Stream<Arguments> endpoints() {
        PortConfig.Builder tcp80 = PortConfig.newBuilder().setPublishedPort(80);
        PortConfig.Builder udp80 = tcp80.clone().setProtocol(PortConfig.Protocol.UDP);
        PortConfig.Builder any = PortConfig.newBuilder();
        PortConfig.Builder host = tcp80.clone().setPublishMode(PortConfig.PublishMode.HOST);
        return Stream.of(
                arguments("DNSRR with an ingress port", endpoint(e -> e.setModeValue(1).addPorts(tcp80)),
                        "INVALID_ARGUMENT: EndpointSpec: port published with ingress mode can't be used with dnsrr"
                                + " mode"),
                arguments("DNSRR with a host port", endpoint(e -> e.setModeValue(1).addPorts(host)), PASSES),
                arguments("a port twice", endpoint(e -> e.addPorts(tcp80).addPorts(tcp80)),
                        "INVALID_ARGUMENT: EndpointSpec: duplicate published ports provided"),
                arguments("a port twice, two protocols", endpoint(e -> e.addPorts(tcp80).addPorts(udp80)), PASSES),
                arguments("port 0 twice", endpoint(e -> e.addPorts(any).addPorts(any)), PASSES));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource
    @DisplayName("rule 1.4: the first failure wins")
    void order(String what, Consumer<ServiceSpec.Builder> change, String refusal) {
        Consumer<ServiceSpec.Builder> badEndpoint = endpoint(e -> e.setModeValue(1).addPortsBuilder());
        assertThat(verdict(badEndpoint.andThen(change))).isEqualTo(refusal);
    }

    static Stream<Arguments> order() {
        Consumer<ServiceSpec.Builder> update = update(u -> u.setDelay(NEGATIVE));
        Consumer<ServiceSpec.Builder> mode = of(ServiceSpec.Builder::clearMode);
        Consumer<ServiceSpec.Builder> image = container(ContainerSpec.Builder::clearImage);
        Consumer<ServiceSpec.Builder> secret = secrets(secret("", "", ""));
        Consumer<ServiceSpec.Builder> constraint = constraint("x");
        Consumer<ServiceSpec.Builder> restart = restart(r -> r.setDelay(NEGATIVE));
        Consumer<ServiceSpec.Builder> memory = limits(r -> r.setMemoryBytes(1));
        Consumer<ServiceSpec.Builder> name = of(s -> s.getAnnotationsBuilder().clearName());
        return Stream.of(
                arguments("update", update, "INVALID_ARGUMENT: TaskSpec: update-delay cannot be negative"),
                arguments("mode", update.andThen(mode), "INVALID_ARGUMENT: Unrecognized service mode"),
                arguments("image", update.andThen(mode).andThen(image),
                        "INVALID_ARGUMENT: ContainerSpec: image reference must be provided"),
                arguments("secret", image.andThen(secret), "INVALID_ARGUMENT: malformed secret reference"),
                arguments("constraint", secret.andThen(constraint),
                        "INVALID_ARGUMENT: constraint expected one operator from ==, !="),
                arguments("restart", constraint.andThen(restart),
                        "INVALID_ARGUMENT: TaskSpec: restart-delay cannot be negative"),
                arguments("memory", restart.andThen(memory),
                        "INVALID_ARGUMENT: invalid memory value 1: Must be at least 4MiB"),
                arguments("name", memory.andThen(name), "INVALID_ARGUMENT: meta: name must be provided"));
    }

    private static String verdict(Consumer<ServiceSpec.Builder> change) {
        ServiceSpec.Builder spec = spec("web");
        change.accept(spec);
        return ServiceRules.check(spec.build())
                .map(refusal -> refusal.code() + ": " + refusal.text())
                .orElse(PASSES);
    }

    private static Consumer<ServiceSpec.Builder> of(Consumer<ServiceSpec.Builder> change) {
        return change;
    }

    private static Consumer<ServiceSpec.Builder> task(Consumer<TaskSpec.Builder> change) {
        return spec -> change.accept(spec.getTaskBuilder());
    }

    private static Consumer<ServiceSpec.Builder> container(Consumer<ContainerSpec.Builder> change) {
        return task(task -> change.accept(task.getContainerBuilder()));
    }

    private static Consumer<ServiceSpec.Builder> limits(Consumer<Resources.Builder> change) {
        return task(task -> change.accept(task.getResourcesBuilder().getLimitsBuilder()));
    }

    private static Consumer<ServiceSpec.Builder> reservations(Consumer<Resources.Builder> change) {
        return task(task -> change.accept(task.getResourcesBuilder().getReservationsBuilder()));
    }

    private static Consumer<ServiceSpec.Builder> restart(Consumer<RestartPolicy.Builder> change) {
        return task(task -> change.accept(task.getRestartBuilder()));
    }

    private static Consumer<ServiceSpec.Builder> update(Consumer<UpdateConfig.Builder> change) {
        return spec -> change.accept(spec.getUpdateBuilder());
    }

    private static Consumer<ServiceSpec.Builder> health(Consumer<HealthConfig.Builder> change) {
        return container(container -> change.accept(container.getHealthcheckBuilder()));
    }

    private static Consumer<ServiceSpec.Builder> endpoint(Consumer<EndpointSpec.Builder> change) {
        return spec -> change.accept(spec.getEndpointBuilder());
    }

    private static Consumer<ServiceSpec.Builder> constraint(String expression) {
        return task(task -> task.getPlacementBuilder().addConstraints(expression));
    }

    private static Consumer<ServiceSpec.Builder> generic(String kind, String type, String value) {
        Any payload = Any.newBuilder()
                .setTypeUrl(type)
                .setValue(ByteString.copyFromUtf8(value))
                .build();
        return task(task -> task.getGenericBuilder().setKind(kind).setPayload(payload));
    }

    private static Mount mount(String target) {
        return Mount.newBuilder().setTarget(target).build();
    }

    private static Consumer<ServiceSpec.Builder> secrets(SecretReference... references) {
        return container(container -> Stream.of(references).forEach(container::addSecrets));
    }

    private static Consumer<ServiceSpec.Builder> configs(ConfigReference... references) {
        return container(container -> Stream.of(references).forEach(container::addConfigs));
    }

    private static Consumer<ServiceSpec.Builder> credentialSpec(String id) {
        return container(container -> container.getPrivilegesBuilder()
                .getCredentialSpecBuilder()
                .setConfig(id));
    }

    private static SecretReference secret(String id, String name, String file) {
        return SecretReference.newBuilder()
                .setSecretId(id)
                .setSecretName(name)
                .setFile(FileTarget.newBuilder().setName(file))
                .build();
    }

    private static ConfigReference config(String id, String name, String file) {
        return ConfigReference.newBuilder()
                .setConfigId(id)
                .setConfigName(name)
                .setFile(FileTarget.newBuilder().setName(file))
                .build();
    }

    private static ConfigReference runtimeConfig(String id, String name) {
        return config(id, name, "").toBuilder()
                .setRuntime(RuntimeTarget.getDefaultInstance())
                .build();
    }
}
