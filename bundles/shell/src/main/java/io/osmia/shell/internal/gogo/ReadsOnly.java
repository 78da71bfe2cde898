package io.osmia.shell.internal.gogo;

import io.grpc.CallOptions;
import io.grpc.Channel;
import io.grpc.ClientCall;
import io.grpc.ClientInterceptor;
import io.grpc.MethodDescriptor;
import io.grpc.Status;
import io.osmia.wire.osmia.ManagerStateGrpc;
import io.osmia.wire.osmia.TaskLogsGrpc;
import io.osmia.wire.swarmkit.ControlGrpc;
import java.util.Set;

/** Lets through only calls that change nothing: what a viewer may do does not rest on the roles of the commands alone. */
final class ReadsOnly implements ClientInterceptor {

    private static final String OWN = "osmia.v1.";

    /** Of our own calls, beside those that list: others with such a name give out keys. */
    private static final Set<String> READS = Set.of(
            ManagerStateGrpc.getGetManagerStatusMethod().getFullMethodName(),
            TaskLogsGrpc.getReadLogsMethod().getFullMethodName());

    @Override
    public <Q, A> ClientCall<Q, A> interceptCall(MethodDescriptor<Q, A> method, CallOptions options, Channel next) {
        if (!isRead(method)) {
            throw Status.PERMISSION_DENIED
                    .withDescription(method.getFullMethodName() + " is not for the role viewer")
                    .asRuntimeException();
        }
        return next.newCall(method, options);
    }

    static boolean isRead(MethodDescriptor<?, ?> method) {
        String name = String.valueOf(method.getBareMethodName());
        String service = String.valueOf(method.getServiceName());
        boolean lists = name.startsWith("List");
        boolean reads = service.equals(ControlGrpc.SERVICE_NAME) ? lists || name.startsWith("Get")
                : lists && service.startsWith(OWN);
        return reads || READS.contains(method.getFullMethodName());
    }
}
