package io.osmia.control.listener;

import io.grpc.MethodDescriptor;
import io.grpc.ServiceDescriptor;
import io.grpc.Status;
import io.osmia.wire.osmia.ManagerStateGrpc;
import io.osmia.wire.osmia.ManagersGrpc;
import io.osmia.wire.osmia.NodePluginsGrpc;
import io.osmia.wire.osmia.NodesGrpc;
import io.osmia.wire.osmia.PluginsGrpc;
import io.osmia.wire.osmia.TaskLogsGrpc;
import io.osmia.wire.swarmkit.CAGrpc;
import io.osmia.wire.swarmkit.ControlGrpc;
import io.osmia.wire.swarmkit.DispatcherGrpc;
import io.osmia.wire.swarmkit.LogBrokerGrpc;
import io.osmia.wire.swarmkit.LogsGrpc;
import io.osmia.wire.swarmkit.NodeCAGrpc;
import io.osmia.wire.swarmkit.RaftGrpc;
import io.osmia.wire.swarmkit.RaftMembershipGrpc;
import io.osmia.wire.swarmkit.ResourceAllocatorGrpc;
import io.osmia.wire.swarmkit.WatchGrpc;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Supplier;

/**
 * A service of the protocol, and what a call is told while nobody implements it here: a client must see the
 * difference between "not now", "not yet" and "no such thing".
 *
 * @param name full name
 * @param descriptor loads the generated classes, so it is asked only when a call comes
 * @param absent the answer to a call of a method without an implementation
 * @param route where a method goes, by its bare name
 */
record KnownService(
        String name,
        Supplier<ServiceDescriptor> descriptor,
        Function<MethodDescriptor<?, ?>, Status> absent,
        Function<String, Route> route) {

    static final List<KnownService> ALL = List.of(
            new KnownService(
                    ControlGrpc.SERVICE_NAME, ControlGrpc::getServiceDescriptor, KnownService::unavailable,
                    Route::ofControl),
            led(DispatcherGrpc.SERVICE_NAME, DispatcherGrpc::getServiceDescriptor, aborted("dispatcher is stopped")),
            led(CAGrpc.SERVICE_NAME, CAGrpc::getServiceDescriptor, aborted("CA signer is stopped")),
            led(NodeCAGrpc.SERVICE_NAME, NodeCAGrpc::getServiceDescriptor, aborted("CA signer is stopped")),
            led(LogsGrpc.SERVICE_NAME, LogsGrpc::getServiceDescriptor, KnownService::unsupported),
            led(LogBrokerGrpc.SERVICE_NAME, LogBrokerGrpc::getServiceDescriptor, KnownService::unsupported),
            led(
                    ResourceAllocatorGrpc.SERVICE_NAME, ResourceAllocatorGrpc::getServiceDescriptor,
                    KnownService::unsupported),
            led(ManagersGrpc.SERVICE_NAME, ManagersGrpc::getServiceDescriptor, KnownService::unavailable),
            led(NodesGrpc.SERVICE_NAME, NodesGrpc::getServiceDescriptor, KnownService::unavailable),
            led(NodePluginsGrpc.SERVICE_NAME, NodePluginsGrpc::getServiceDescriptor, KnownService::unavailable),
            here(ManagerStateGrpc.SERVICE_NAME, ManagerStateGrpc::getServiceDescriptor, KnownService::unavailable),
            here(PluginsGrpc.SERVICE_NAME, PluginsGrpc::getServiceDescriptor, KnownService::unavailable),
            here(TaskLogsGrpc.SERVICE_NAME, TaskLogsGrpc::getServiceDescriptor, KnownService::unavailable),
            here(WatchGrpc.SERVICE_NAME, WatchGrpc::getServiceDescriptor, KnownService::unsupported),
            here(RaftGrpc.SERVICE_NAME, RaftGrpc::getServiceDescriptor, KnownService::unsupported),
            here(
                    RaftMembershipGrpc.SERVICE_NAME, RaftMembershipGrpc::getServiceDescriptor,
                    KnownService::unsupported));

    /** One that the leader alone serves. */
    private static KnownService led(
            String name, Supplier<ServiceDescriptor> descriptor, Function<MethodDescriptor<?, ?>, Status> absent) {
        return new KnownService(name, descriptor, absent, method -> Route.LEADER);
    }

    /** One that each manager serves for itself. */
    private static KnownService here(
            String name, Supplier<ServiceDescriptor> descriptor, Function<MethodDescriptor<?, ?>, Status> absent) {
        return new KnownService(name, descriptor, absent, method -> Route.HERE);
    }

    static Optional<KnownService> named(String name) {
        return ALL.stream().filter(known -> known.name.equals(name)).findFirst();
    }

    private static Function<MethodDescriptor<?, ?>, Status> aborted(String text) {
        return method -> Status.ABORTED.withDescription(text);
    }

    private static Status unavailable(MethodDescriptor<?, ?> method) {
        return Status.UNAVAILABLE.withDescription(shortName(method)
                + " is not served by this node at the moment: it is starting, or knows no leader; try again");
    }

    private static Status unsupported(MethodDescriptor<?, ?> method) {
        return Status.UNIMPLEMENTED.withDescription(shortName(method) + " is not supported yet");
    }

    /** {@code Control.ListNodes} for {@code docker.swarmkit.v1.Control/ListNodes}. */
    static String shortName(MethodDescriptor<?, ?> method) {
        String service = String.valueOf(method.getServiceName());
        return service.substring(service.lastIndexOf('.') + 1) + "." + method.getBareMethodName();
    }
}
