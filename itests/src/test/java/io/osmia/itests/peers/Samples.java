package io.osmia.itests.peers;

import com.google.protobuf.ByteString;
import com.google.protobuf.Duration;
import com.google.protobuf.Message;
import io.grpc.MethodDescriptor;
import io.osmia.itests.harness.Node;
import io.osmia.itests.harness.RawCalls;
import io.osmia.wire.swarmkit.Annotations;
import io.osmia.wire.swarmkit.ConfigSpec;
import io.osmia.wire.swarmkit.ContainerSpec;
import io.osmia.wire.swarmkit.ControlGrpc;
import io.osmia.wire.swarmkit.CreateConfigRequest;
import io.osmia.wire.swarmkit.CreateSecretRequest;
import io.osmia.wire.swarmkit.CreateServiceRequest;
import io.osmia.wire.swarmkit.CreateServiceResponse;
import io.osmia.wire.swarmkit.EndpointSpec;
import io.osmia.wire.swarmkit.GetServiceRequest;
import io.osmia.wire.swarmkit.GetServiceResponse;
import io.osmia.wire.swarmkit.GlobalService;
import io.osmia.wire.swarmkit.HealthConfig;
import io.osmia.wire.swarmkit.ListClustersRequest;
import io.osmia.wire.swarmkit.ListConfigsRequest;
import io.osmia.wire.swarmkit.ListNetworksRequest;
import io.osmia.wire.swarmkit.ListNodesRequest;
import io.osmia.wire.swarmkit.ListSecretsRequest;
import io.osmia.wire.swarmkit.ListServicesRequest;
import io.osmia.wire.swarmkit.ListTasksRequest;
import io.osmia.wire.swarmkit.ListTasksResponse;
import io.osmia.wire.swarmkit.Mount;
import io.osmia.wire.swarmkit.Placement;
import io.osmia.wire.swarmkit.PortConfig;
import io.osmia.wire.swarmkit.ReplicatedJob;
import io.osmia.wire.swarmkit.ReplicatedService;
import io.osmia.wire.swarmkit.ResourceRequirements;
import io.osmia.wire.swarmkit.Resources;
import io.osmia.wire.swarmkit.RestartPolicy;
import io.osmia.wire.swarmkit.SecretSpec;
import io.osmia.wire.swarmkit.Service;
import io.osmia.wire.swarmkit.ServiceSpec;
import io.osmia.wire.swarmkit.TaskSpec;
import io.osmia.wire.swarmkit.UpdateConfig;
import io.osmia.wire.swarmkit.UpdateServiceRequest;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;
import org.awaitility.Awaitility;
import org.awaitility.core.ConditionFactory;

/** Answers of another Control API, as bytes: all lists, after objects of many kinds were made there. */
final class Samples {

    /** @param type the default instance of the message that the bytes are */
    record Sample(String method, Message type, byte[] bytes) {

        @Override
        public String toString() {
            return method;
        }
    }

    private static final int REPLICAS = 2;

    private final RawCalls calls;
    private final List<Sample> taken = new ArrayList<>();

    private Samples(RawCalls calls) {
        this.calls = calls;
    }

    static List<Sample> take(RawCalls calls) throws Exception {
        Samples samples = new Samples(calls);
        samples.make();
        samples.list();
        return samples.taken;
    }

    private void make() throws Exception {
        Sample created = call(
                ControlGrpc.getCreateServiceMethod(),
                CreateServiceRequest.newBuilder().setSpec(rich()).build());
        String id = CreateServiceResponse.parseFrom(created.bytes()).getService().getId();
        // Its allocator changes a new service once; then the version holds still.
        Service service = await("the allocator has been there", id, Service::hasEndpoint);
        awaitTasks(id);
        call(
                ControlGrpc.getUpdateServiceMethod(),
                UpdateServiceRequest.newBuilder()
                        .setServiceId(service.getId())
                        .setServiceVersion(service.getMeta().getVersion())
                        .setSpec(rich().setEndpoint(EndpointSpec.getDefaultInstance()))
                        .build());
        await("the allocator has followed", id, one -> one.getEndpoint().getSpec().getPortsCount() == 0);
        create(bare("global").setGlobal(GlobalService.getDefaultInstance()).setTask(nowhere()));
        create(bare("job").setReplicatedJob(ReplicatedJob.getDefaultInstance()));
        call(
                ControlGrpc.getCreateSecretMethod(),
                CreateSecretRequest.newBuilder()
                        .setSpec(SecretSpec.newBuilder()
                                .setAnnotations(named("secret"))
                                .setData(ByteString.copyFromUtf8("not told")))
                        .build());
        call(
                ControlGrpc.getCreateConfigMethod(),
                CreateConfigRequest.newBuilder()
                        .setSpec(ConfigSpec.newBuilder()
                                .setAnnotations(named("config"))
                                .setData(ByteString.copyFromUtf8("told")))
                        .build());
    }

    private Service await(String what, String serviceId, Predicate<Service> wanted) {
        GetServiceRequest request =
                GetServiceRequest.newBuilder().setServiceId(serviceId).build();
        return await(what)
                .until(
                        () -> GetServiceResponse.parseFrom(calls.call(ControlGrpc.getGetServiceMethod(), request))
                                .getService(),
                        wanted);
    }

    /** Those of the first specification: they stay, whatever becomes of the service. */
    private void awaitTasks(String serviceId) {
        ListTasksRequest request = ListTasksRequest.newBuilder()
                .setFilters(ListTasksRequest.Filters.newBuilder().addServiceIds(serviceId))
                .build();
        await("the orchestrator has been there")
                .until(() -> ListTasksResponse.parseFrom(calls.call(ControlGrpc.getListTasksMethod(), request))
                        .getTasksCount() == REPLICAS);
    }

    private static ConditionFactory await(String what) {
        return Awaitility.await(what).atMost(Node.SOON).pollInterval(java.time.Duration.ofMillis(20));
    }

    private void list() {
        call(ControlGrpc.getListServicesMethod(), ListServicesRequest.getDefaultInstance());
        call(ControlGrpc.getListTasksMethod(), ListTasksRequest.getDefaultInstance());
        call(ControlGrpc.getListNodesMethod(), ListNodesRequest.getDefaultInstance());
        call(ControlGrpc.getListNetworksMethod(), ListNetworksRequest.getDefaultInstance());
        call(ControlGrpc.getListClustersMethod(), ListClustersRequest.getDefaultInstance());
        call(ControlGrpc.getListSecretsMethod(), ListSecretsRequest.getDefaultInstance());
        call(ControlGrpc.getListConfigsMethod(), ListConfigsRequest.getDefaultInstance());
    }

    private void create(ServiceSpec.Builder spec) {
        call(
                ControlGrpc.getCreateServiceMethod(),
                CreateServiceRequest.newBuilder().setSpec(spec).build());
    }

    private Sample call(MethodDescriptor<? extends Message, ? extends Message> method, Message request) {
        Sample sample = new Sample(method.getBareMethodName(), answerOf(method), calls.call(method, request));
        taken.add(sample);
        return sample;
    }

    private static Message answerOf(MethodDescriptor<? extends Message, ? extends Message> method) {
        return ((MethodDescriptor.PrototypeMarshaller<? extends Message>) method.getResponseMarshaller())
                .getMessagePrototype();
    }

    private static Annotations.Builder named(String name) {
        return Annotations.newBuilder().setName(name).putLabels("of", name);
    }

    /** As little as SwarmKit takes. */
    private static ServiceSpec.Builder bare(String name) {
        return ServiceSpec.newBuilder()
                .setAnnotations(named(name))
                .setTask(TaskSpec.newBuilder()
                        .setContainer(ContainerSpec.newBuilder().setImage("image/that.is.nowhere")));
    }

    /** No node fits: nothing is pulled. */
    private static TaskSpec.Builder nowhere() {
        return bare("").getTaskBuilder()
                .setPlacement(Placement.newBuilder().addConstraints("node.hostname == nowhere"));
    }

    private static ServiceSpec.Builder rich() {
        return ServiceSpec.newBuilder()
                .setAnnotations(named("rich"))
                .setReplicated(ReplicatedService.newBuilder().setReplicas(REPLICAS))
                .setUpdate(UpdateConfig.newBuilder().setParallelism(1))
                .setRollback(UpdateConfig.newBuilder().setDelay(Duration.newBuilder().setSeconds(1)))
                .setEndpoint(EndpointSpec.newBuilder()
                        .addPorts(PortConfig.newBuilder()
                                .setTargetPort(80)
                                .setPublishMode(PortConfig.PublishMode.HOST)))
                .setTask(nowhere()
                        .setContainer(container())
                        .setRestart(RestartPolicy.newBuilder().setDelay(Duration.newBuilder().setNanos(5)))
                        .setResources(ResourceRequirements.newBuilder()
                                .setLimits(Resources.newBuilder().setMemoryBytes(64 << 20))
                                .setReservations(Resources.getDefaultInstance())));
    }

    private static ContainerSpec.Builder container() {
        return ContainerSpec.newBuilder()
                .setImage("image/that.is.nowhere")
                .addCommand("sleep")
                .addArgs("1")
                .addEnv("A=1")
                .setStopGracePeriod(Duration.getDefaultInstance())
                .setHealthcheck(HealthConfig.newBuilder().addTest("NONE"))
                .setDnsConfig(ContainerSpec.DNSConfig.getDefaultInstance())
                .addMounts(Mount.newBuilder()
                        .setType(Mount.Type.VOLUME)
                        .setTarget("/data")
                        .setVolumeOptions(Mount.VolumeOptions.getDefaultInstance()));
    }
}
