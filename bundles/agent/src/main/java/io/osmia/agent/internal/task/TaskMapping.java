package io.osmia.agent.internal.task;

import com.google.protobuf.Any;
import com.google.protobuf.CodedOutputStream;
import com.google.protobuf.Descriptors.FieldDescriptor;
import com.google.protobuf.InvalidProtocolBufferException;
import io.osmia.api.ResourceAmounts;
import io.osmia.api.executor.ExecutorException;
import io.osmia.api.executor.ExecutorTask;
import io.osmia.api.executor.Port;
import io.osmia.api.executor.TaskResources;
import io.osmia.api.executor.Workload;
import io.osmia.wire.swarmkit.ContainerSpec;
import io.osmia.wire.swarmkit.GenericResource;
import io.osmia.wire.swarmkit.PortConfig;
import io.osmia.wire.swarmkit.ResourceRequirements;
import io.osmia.wire.swarmkit.Resources;
import io.osmia.wire.swarmkit.Task;
import io.osmia.wire.swarmkit.TaskSpec;
import java.io.IOException;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;

/** From the protocol's task to the record that executors see. A test walks the descriptor, so that no field is forgotten. */
public final class TaskMapping {

    private static final Duration GRACE = Duration.ofSeconds(10);

    /** Fields that have no type of their own in the SPI and travel in wire form. */
    static final Set<String> OPAQUE = Set.of("secrets", "configs");

    private TaskMapping() {}

    /**
     * What the task runs. The payload of a generic task is a ContainerSpec whose image means nothing.
     *
     * @throws ExecutorException when the payload is something else
     */
    public static ContainerSpec container(Task task) throws ExecutorException {
        TaskSpec spec = task.getSpec();
        if (!spec.hasGeneric()) {
            return spec.getContainer();
        }
        String kind = spec.getGeneric().getKind();
        Any payload = spec.getGeneric().getPayload();
        String type = payload.getTypeUrl().substring(payload.getTypeUrl().lastIndexOf('/') + 1);
        if (spec.getGeneric().hasPayload() && !type.equals(ContainerSpec.getDescriptor().getFullName())) {
            throw new ExecutorException(
                    kind + ": payload is " + (type.isEmpty() ? "of no type" : "a " + type) + ", not a "
                            + ContainerSpec.getDescriptor().getFullName(),
                    false);
        }
        try {
            return ContainerSpec.parseFrom(payload.getValue()).toBuilder().clearImage().build();
        } catch (InvalidProtocolBufferException e) {
            throw new ExecutorException(
                    kind + ": payload is not a valid " + type + ": " + e.getMessage(), false, e);
        }
    }

    /** The task as executors see it. */
    public static ExecutorTask task(Task task, ContainerSpec container, String nodeId) {
        return new ExecutorTask(
                task.getId(),
                name(task, nodeId),
                task.getServiceId(),
                task.getServiceAnnotations().getName(),
                nodeId,
                task.getSlot(),
                task.getAnnotations().getLabelsMap(),
                task.getServiceAnnotations().getLabelsMap(),
                workload(task.getSpec().getGeneric().getKind(), container),
                resources(task),
                ports(task),
                ContainerParts.driver(task.getLogDriver()));
    }

    private static TaskResources resources(Task task) {
        ResourceRequirements wanted = task.getSpec().getResources();
        Resources assigned = Resources.newBuilder()
                .addAllGeneric(task.getAssignedGenericResourcesList())
                .build();
        return new TaskResources(
                amounts(wanted.getLimits()),
                amounts(wanted.getReservations()),
                amounts(assigned),
                wanted.hasSwapBytes() ? OptionalLong.of(wanted.getSwapBytes().getValue()) : OptionalLong.empty(),
                wanted.hasMemorySwappiness()
                        ? OptionalLong.of(wanted.getMemorySwappiness().getValue())
                        : OptionalLong.empty());
    }

    /** The ports to publish on this host, as the allocator left them. */
    static List<Port> ports(Task task) {
        List<PortConfig> ports = task.getEndpoint().getPortsCount() > 0
                ? task.getEndpoint().getPortsList()
                : task.getEndpoint().getSpec().getPortsList();
        return ports.stream()
                .filter(port -> port.getPublishMode() == PortConfig.PublishMode.HOST)
                .map(port -> new Port(
                        port.getName(),
                        ContainerParts.protocol(port.getProtocol()),
                        port.getTargetPort(),
                        port.getPublishedPort()))
                .toList();
    }

    /**
     * A task of which nothing but the id is known any more, to remove its workload. It names some command, since an
     * executor may refuse one that has none; nothing is ever started from it.
     */
    static ExecutorTask bare(String taskId, String nodeId) {
        ContainerSpec some = ContainerSpec.newBuilder().addCommand("unknown").build();
        return task(Task.newBuilder().setId(taskId).build(), some, nodeId);
    }

    /** Runtime name (rule 1.2.7). */
    static String name(Task task, String nodeId) {
        if (!task.getAnnotations().getName().isEmpty()) {
            return task.getAnnotations().getName();
        }
        String slot = task.getSlot() == 0 ? nodeId : Long.toUnsignedString(task.getSlot());
        return task.getServiceAnnotations().getName() + "." + slot + "." + task.getId();
    }

    /** Digest of the task's spec, hex; equal specs have equal digests, whatever the order of their maps. */
    public static String digest(Task task) {
        byte[] bytes = new byte[task.getSpec().getSerializedSize()];
        CodedOutputStream out = CodedOutputStream.newInstance(bytes);
        out.useDeterministicSerialization();
        try {
            task.getSpec().writeTo(out);
            return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes));
        } catch (IOException | NoSuchAlgorithmException e) {
            throw new IllegalStateException("memory does not fail to write, and every JDK has SHA-256", e);
        }
    }

    static Workload workload(String genericKind, ContainerSpec spec) {
        Duration grace = spec.hasStopGracePeriod() ? ContainerParts.duration(spec.getStopGracePeriod()) : GRACE;
        List<Workload.Ulimit> ulimits = new ArrayList<>();
        for (ContainerSpec.Ulimit limit : spec.getUlimitsList()) {
            ulimits.add(new Workload.Ulimit(limit.getName(), limit.getSoft(), limit.getHard()));
        }
        return Workload.builder(spec.getImage())
                .genericKind(genericKind)
                .labels(spec.getLabelsMap())
                .command(spec.getCommandList())
                .args(spec.getArgsList())
                .hostname(spec.getHostname())
                .env(spec.getEnvList())
                .dir(spec.getDir())
                .user(spec.getUser())
                .groups(spec.getGroupsList())
                .init(spec.hasInit() ? Optional.of(spec.getInit().getValue()) : Optional.empty())
                .tty(spec.getTty())
                .openStdin(spec.getOpenStdin())
                .readOnly(spec.getReadOnly())
                .stopSignal(spec.getStopSignal())
                .stopGracePeriod(grace)
                .registryAuth(spec.getPullOptions().getRegistryAuth())
                .mounts(spec.getMountsList().stream().map(ContainerParts::mount).toList())
                .hosts(spec.getHostsList())
                .dns(ContainerParts.dns(spec.getDnsConfig()))
                .healthCheck(ContainerParts.healthCheck(spec.getHealthcheck()))
                .privileges(ContainerParts.privileges(spec.getPrivileges()))
                .isolation(isolation(spec))
                .pidsLimit(spec.getPidsLimit())
                .sysctls(spec.getSysctlsMap())
                .capabilityAdd(spec.getCapabilityAddList())
                .capabilityDrop(spec.getCapabilityDropList())
                .ulimits(ulimits)
                .oomScoreAdj(spec.getOomScoreAdj())
                .opaque(opaque(spec))
                .build();
    }

    private static String isolation(ContainerSpec spec) {
        return switch (spec.getIsolation()) {
            case ISOLATION_PROCESS -> "process";
            case ISOLATION_HYPERV -> "hyperv";
            default -> "default";
        };
    }

    /** Each field as a ContainerSpec that has nothing else set: the one form that fits single and repeated ones. */
    private static Map<String, byte[]> opaque(ContainerSpec spec) {
        Map<String, byte[]> opaque = new HashMap<>();
        for (Map.Entry<FieldDescriptor, Object> field : spec.getAllFields().entrySet()) {
            if (OPAQUE.contains(field.getKey().getName())) {
                ContainerSpec alone = ContainerSpec.newBuilder()
                        .setField(field.getKey(), field.getValue())
                        .build();
                opaque.put(field.getKey().getName(), alone.toByteArray());
            }
        }
        return opaque;
    }

    private static ResourceAmounts amounts(Resources resources) {
        Map<String, Long> discrete = new HashMap<>();
        Map<String, List<String>> named = new HashMap<>();
        for (GenericResource generic : resources.getGenericList()) {
            switch (generic.getResourceCase()) {
                case DISCRETE_RESOURCE_SPEC -> discrete.merge(
                        generic.getDiscreteResourceSpec().getKind(),
                        generic.getDiscreteResourceSpec().getValue(),
                        Long::sum);
                case NAMED_RESOURCE_SPEC -> named.computeIfAbsent(
                        generic.getNamedResourceSpec().getKind(), kind -> new ArrayList<>())
                        .add(generic.getNamedResourceSpec().getValue());
                case RESOURCE_NOT_SET -> {
                    // Says nothing.
                }
            }
        }
        return new ResourceAmounts(resources.getNanoCpus(), resources.getMemoryBytes(), discrete, named);
    }
}
