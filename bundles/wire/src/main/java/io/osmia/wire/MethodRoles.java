package io.osmia.wire;

import com.google.protobuf.Descriptors.FileDescriptor;
import com.google.protobuf.Descriptors.MethodDescriptor;
import com.google.protobuf.Descriptors.ServiceDescriptor;
import io.osmia.wire.osmia.OsmiaProto;
import io.osmia.wire.osmia.ShellProto;
import io.osmia.wire.plugin.PluginProto;
import io.osmia.wire.plugin.TLSAuthorization;
import io.osmia.wire.swarmkit.CaProto;
import io.osmia.wire.swarmkit.ControlProto;
import io.osmia.wire.swarmkit.DispatcherProto;
import io.osmia.wire.swarmkit.HealthProto;
import io.osmia.wire.swarmkit.LogbrokerProto;
import io.osmia.wire.swarmkit.RaftProto;
import io.osmia.wire.swarmkit.ResourceProto;
import io.osmia.wire.swarmkit.WatchProto;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Who may call a method, as the option beside it in the protocol files says.
 *
 * @param roles certificate roles, e.g. {@code swarm-manager}; any one of them is enough
 * @param insecure whether callers without a certificate may call it
 */
public record MethodRoles(List<String> roles, boolean insecure) {

    private static final List<FileDescriptor> FILES = List.of(
            CaProto.getDescriptor(),
            ControlProto.getDescriptor(),
            DispatcherProto.getDescriptor(),
            HealthProto.getDescriptor(),
            LogbrokerProto.getDescriptor(),
            RaftProto.getDescriptor(),
            ResourceProto.getDescriptor(),
            WatchProto.getDescriptor(),
            OsmiaProto.getDescriptor(),
            ShellProto.getDescriptor());

    private static final Map<String, MethodRoles> TABLE = table();

    public MethodRoles {
        roles = List.copyOf(roles);
    }

    /**
     * The rule for a method; empty when none is written down, which means nobody may call it on the remote port.
     *
     * @param fullMethodName as gRPC has it, e.g. {@code docker.swarmkit.v1.Control/GetNode}
     */
    public static Optional<MethodRoles> of(String fullMethodName) {
        return Optional.ofNullable(TABLE.get(fullMethodName));
    }

    /** Whether a caller whose certificate has this role may call; empty for one without a certificate. */
    public boolean allows(String role) {
        return insecure || roles.contains(role);
    }

    private static Map<String, MethodRoles> table() {
        Map<String, MethodRoles> table = new HashMap<>();
        for (FileDescriptor file : FILES) {
            for (ServiceDescriptor service : file.getServices()) {
                for (MethodDescriptor method : service.getMethods()) {
                    if (method.getOptions().hasExtension(PluginProto.tlsAuthorization)) {
                        TLSAuthorization rule = method.getOptions().getExtension(PluginProto.tlsAuthorization);
                        table.put(
                                service.getFullName() + "/" + method.getName(),
                                new MethodRoles(rule.getRolesList(), rule.getInsecure()));
                    }
                }
            }
        }
        return Map.copyOf(table);
    }
}
