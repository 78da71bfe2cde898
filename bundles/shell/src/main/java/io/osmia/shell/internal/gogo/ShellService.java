package io.osmia.shell.internal.gogo;

import io.grpc.BindableService;
import io.grpc.stub.ServerCallStreamObserver;
import io.grpc.stub.StreamObserver;
import io.osmia.roles.NodeSettings;
import io.osmia.wire.osmia.ShellInput;
import io.osmia.wire.osmia.ShellOutput;
import io.osmia.wire.osmia.ShellsGrpc;
import java.util.ArrayList;
import java.util.Dictionary;
import java.util.Hashtable;
import java.util.List;
import org.apache.felix.service.command.CommandProcessor;
import org.apache.felix.service.command.Function;
import org.osgi.annotation.bundle.Capability;
import org.osgi.framework.BundleContext;
import org.osgi.framework.ServiceRegistration;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Deactivate;
import org.osgi.service.component.annotations.Reference;

/**
 * Shells for those who may open the control socket, and the commands of the command line as commands of Gogo.
 *
 * <p>The capability is what Gogo's runtime asks for: something that makes a shell of it.
 */
@Capability(namespace = "org.apache.felix.gogo", name = "shell.implementation", version = "1.0.0", effective = "active")
@Component(service = {BindableService.class, ShellService.class}, property = "osmia.listener=local")
public final class ShellService extends ShellsGrpc.ShellsImplBase {

    /** Groups and commands that a viewer may name; each command of a group is looked at when it is given. */
    static final List<String> NAMES = List.of(
            "service", "svc", "node", "task", "cluster", "secret", "config", "plugin", "executor", "strategy",
            "version", "where", "get", "sort", "count", "grep", "head");

    /** Those that mean nothing inside a node: they are there, and for nobody. */
    static final List<String> FOR_NOBODY = List.of("quickstart", "shell");

    private final Shells shells;
    private final List<ServiceRegistration<?>> registered = new ArrayList<>();

    @Activate
    public ShellService(BundleContext bundles, @Reference NodeSettings settings) {
        this.shells = new Shells(new RegisteredCommands(bundles), settings.listenControlApi());
        NAMES.forEach(name -> register(bundles, name, "viewer"));
        register(bundles, "help", "viewer");
        FOR_NOBODY.forEach(name -> register(bundles, name, ""));
    }

    private void register(BundleContext bundles, String name, String role) {
        Dictionary<String, Object> properties = new Hashtable<>();
        properties.put(CommandProcessor.COMMAND_SCOPE, RegisteredCommands.SCOPE);
        properties.put(CommandProcessor.COMMAND_FUNCTION, name);
        if (!role.isEmpty()) {
            properties.put(RegisteredCommands.ROLE, role);
        }
        registered.add(bundles.registerService(Function.class, new TreeCommand(name), properties));
    }

    public Shells shells() {
        return shells;
    }

    @Override
    public StreamObserver<ShellInput> open(StreamObserver<ShellOutput> response) {
        return new ShellCall(shells, (ServerCallStreamObserver<ShellOutput>) response);
    }

    @Deactivate
    void end() {
        registered.forEach(ServiceRegistration::unregister);
    }
}
