package io.osmia.shell.internal.ssh;

import io.osmia.roles.Endpoints;
import io.osmia.roles.HostPort;
import io.osmia.roles.NodeSettings;
import io.osmia.roles.StartFailure;
import io.osmia.shell.internal.gogo.ShellService;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import org.jspecify.annotations.Nullable;
import org.osgi.framework.BundleContext;
import org.osgi.framework.ServiceRegistration;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Deactivate;
import org.osgi.service.component.annotations.Reference;

/**
 * Opens the door for SSH while this node is a manager, if the settings say where. Nothing of SSH is loaded if they do not. A door that
 * was wanted and cannot be opened ends the node.
 */
@Component(service = {}, immediate = true)
public final class SshComponent {

    private @Nullable AutoCloseable door;
    private @Nullable ServiceRegistration<StartFailure> failure;

    /** @param endpoints only their presence counts: the commands need what answers there */
    @Activate
    public SshComponent(
            BundleContext bundles,
            @Reference NodeSettings settings,
            @Reference Endpoints endpoints,
            @Reference ShellService service) {
        if (settings.listenSsh().isEmpty()) {
            return;
        }
        try {
            door = open(settings, service);
        } catch (IOException e) {
            failure = bundles.registerService(
                    StartFailure.class, new StartFailure("ssh: " + e.getMessage()), null);
        }
    }

    private static AutoCloseable open(NodeSettings settings, ShellService service) throws IOException {
        Path folder = settings.stateDir().resolve("ssh");
        Files.createDirectories(
                folder, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
        SshDoor opened = new SshDoor(
                address(settings.listenSsh()), folder.resolve("host_key"), settings.sshAuthorizedKeys(),
                service.shells());
        opened.open();
        return opened;
    }

    /** Other machines come in only where that was said. */
    private static HostPort address(String given) {
        HostPort address = HostPort.parse(given);
        return address.host().isEmpty() ? address.withHost("127.0.0.1") : address;
    }

    @Deactivate
    void close() throws Exception {
        if (door != null) {
            door.close();
        }
        if (failure != null) {
            failure.unregister();
        }
    }
}
