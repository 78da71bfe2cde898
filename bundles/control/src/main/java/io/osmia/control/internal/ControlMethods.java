package io.osmia.control.internal;

import io.grpc.ServerMethodDefinition;
import io.grpc.ServerServiceDefinition;
import io.grpc.ServiceDescriptor;
import java.util.List;
import java.util.function.Predicate;

/** Takes the Control service apart: who reads and who changes is not the same component. */
final class ControlMethods {

    private ControlMethods() {}

    /** Those that change nothing. */
    static ServerServiceDefinition reads(ServerServiceDefinition whole) {
        return only(whole, ControlMethods::isRead);
    }

    /** The others. */
    static ServerServiceDefinition writes(ServerServiceDefinition whole) {
        return only(whole, method -> !isRead(method));
    }

    private static boolean isRead(ServerMethodDefinition<?, ?> method) {
        String name = String.valueOf(method.getMethodDescriptor().getBareMethodName());
        return name.startsWith("Get") || name.startsWith("List");
    }

    private static ServerServiceDefinition only(
            ServerServiceDefinition whole, Predicate<ServerMethodDefinition<?, ?>> wanted) {
        List<ServerMethodDefinition<?, ?>> methods =
                whole.getMethods().stream().filter(wanted).toList();
        ServiceDescriptor.Builder descriptor = ServiceDescriptor.newBuilder(
                whole.getServiceDescriptor().getName())
                .setSchemaDescriptor(whole.getServiceDescriptor().getSchemaDescriptor());
        methods.forEach(method -> descriptor.addMethod(method.getMethodDescriptor()));
        ServerServiceDefinition.Builder part = ServerServiceDefinition.builder(descriptor.build());
        methods.forEach(part::addMethod);
        return part.build();
    }
}
