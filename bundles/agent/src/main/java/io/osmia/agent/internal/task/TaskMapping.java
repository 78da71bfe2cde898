package io.osmia.agent.internal.task;

import com.google.protobuf.Any;
import com.google.protobuf.CodedOutputStream;
import com.google.protobuf.Descriptors.FieldDescriptor;
import com.google.protobuf.InvalidProtocolBufferException;
import io.osmia.api.ResourceAmounts;
import io.osmia.api.executor.ExecutorException;
import io.osmia.api.executor.ExecutorTask;
import io.osmia.api.executor.Workload;
import io.osmia.wire.swarmkit.ContainerSpec;
import io.osmia.wire.swarmkit.GenericResource;
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
import java.util.Set;

/** From the protocol's task to the record that executors see. A test walks the descriptor, so that no field is forgotten. */
public final class TaskMapping {

    private static final Duration GRACE = Duration.ofSeconds(10);
    /** No rule bounds it, and what does not fit into 64 bits of nanoseconds could not be waited for. */
    private static final Duration LONGEST_GRACE = Duration.ofDays(3650);

    /** Fields that have no type of their own in the SPI and travel in wire form. */
    static final Set<String> OPAQUE =
            Set.of("mounts", "secrets", "configs", "privileges", "dns_config", "healthcheck");

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
        Map<String, String> labels = new HashMap<>(task.getServiceAnnotations().getLabelsMap());
        labels.putAll(task.getAnnotations().getLabelsMap());
        return new ExecutorTask(
                task.getId(),
                name(task, nodeId),
                task.getServiceId(),
                task.getServiceAnnotations().getName(),
                nodeId,
                task.getSlot(),
                labels,
                workload(task.getSpec().getGeneric().getKind(), container),
                amounts(task.getSpec().getResources().getLimits()));
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
        Duration grace = spec.hasStopGracePeriod()
                ? Duration.ofSeconds(
                        Math.clamp(spec.getStopGracePeriod().getSeconds(), 0, LONGEST_GRACE.toSeconds()),
                        spec.getStopGracePeriod().getNanos())
                : GRACE;
        List<Workload.Ulimit> ulimits = new ArrayList<>();
        for (ContainerSpec.Ulimit limit : spec.getUlimitsList()) {
            ulimits.add(new Workload.Ulimit(limit.getName(), limit.getSoft(), limit.getHard()));
        }
        return new Workload(
                spec.getImage(),
                genericKind,
                spec.getLabelsMap(),
                spec.getCommandList(),
                spec.getArgsList(),
                spec.getHostname(),
                spec.getEnvList(),
                spec.getDir(),
                spec.getUser(),
                spec.getGroupsList(),
                spec.hasInit() ? Optional.of(spec.getInit().getValue()) : Optional.empty(),
                spec.getTty(),
                spec.getOpenStdin(),
                spec.getReadOnly(),
                spec.getStopSignal(),
                grace,
                spec.getPullOptions().getRegistryAuth(),
                spec.getHostsList(),
                isolation(spec),
                spec.getPidsLimit(),
                spec.getSysctlsMap(),
                spec.getCapabilityAddList(),
                spec.getCapabilityDropList(),
                ulimits,
                spec.getOomScoreAdj(),
                opaque(spec));
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
