package io.osmia.itests.framework;

import io.grpc.StatusRuntimeException;
import io.osmia.itests.harness.Closing;
import io.osmia.itests.harness.HostProcesses;
import io.osmia.itests.harness.HostProcesses.Identity;
import io.osmia.itests.harness.Node;
import io.osmia.itests.harness.Services;
import io.osmia.raft.StateDirectory;
import io.osmia.wire.swarmkit.ListServicesRequest;
import io.osmia.wire.swarmkit.Service;
import io.osmia.wire.swarmkit.ServiceSpec;
import io.osmia.wire.swarmkit.UpdateServiceRequest;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import org.awaitility.Awaitility;
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleException;
import org.osgi.framework.ServiceReference;

/** A whole node inside a {@link Felix}, whose bundles may be started in any order. */
final class FrameworkNode implements AutoCloseable {

    private static final Duration BOUND = Duration.ofSeconds(60);
    private static final String NODE = "io.osmia.node";
    private static final String SERVICE = "stays";

    /** What is to be closed, in that order. */
    private final List<AutoCloseable> open = new ArrayList<>();
    private final StateDirectory state;
    private final Node client;
    private final Felix felix;

    FrameworkNode(Path stateDir) throws IOException, BundleException {
        try {
            this.state = opened(StateDirectory.open(stateDir));
            // Looking for an engine that is not there takes them half a second each time.
            Path conf = Files.createDirectories(state.path().resolve("conf"));
            Files.writeString(conf.resolve("io.osmia.executor.docker.cfg"), "enabled = false\n");
            Files.writeString(conf.resolve("io.osmia.executor.podman.cfg"), "enabled = false\n");
            this.client = opened(new Node(state.path()));
            this.felix = opened(Felix.start(state.path()));
            felix.installCore();
        } catch (IOException | BundleException | RuntimeException | Error e) {
            Closing.after(e, () -> Closing.all(open));
            throw e;
        }
    }

    private <T extends AutoCloseable> T opened(T one) {
        open.addFirst(one);
        return one;
    }

    Felix felix() {
        return felix;
    }

    /** In this order. */
    void start(List<Bundle> bundles) throws BundleException {
        for (Bundle bundle : bundles) {
            bundle.start();
        }
    }

    /** As the launcher does: the node takes its roles away first. */
    void stop(List<Bundle> bundles) throws BundleException {
        List<Bundle> all = new ArrayList<>(bundles);
        all.sort((a, b) -> Boolean.compare(b.getSymbolicName().equals(NODE), a.getSymbolicName().equals(NODE)));
        for (Bundle bundle : all) {
            bundle.stop();
        }
    }

    /** Has one more task than before, and waits until all of them run: every loop of manager and worker is at work then. */
    void awaitOneMore(int tasks) {
        Awaitility.await("a node that takes work")
                .atMost(BOUND)
                .pollInterval(Duration.ofMillis(20))
                .ignoreException(StatusRuntimeException.class)
                .until(() -> {
                    client.channel().resetConnectBackoff();
                    want(tasks);
                    return true;
                });
        client.awaitRunning(tasks, BOUND);
    }

    private void want(int tasks) {
        List<Service> services =
                client.control().listServices(ListServicesRequest.getDefaultInstance()).getServicesList();
        if (services.isEmpty()) {
            Services.create(client, SERVICE, tasks, "sleep", "100000");
            return;
        }
        Service service = services.getFirst();
        ServiceSpec.Builder spec = service.getSpec().toBuilder();
        spec.getReplicatedBuilder().setReplicas(tasks);
        client.control().updateService(UpdateServiceRequest.newBuilder()
                .setServiceId(service.getId())
                .setServiceVersion(service.getMeta().getVersion())
                .setSpec(spec)
                .build());
    }

    Map<String, Identity> processes() throws IOException {
        return HostProcesses.live(state.path());
    }

    /** By bundle, what it offers: every component with a service whose references are satisfied. */
    Map<String, TreeSet<String>> services() {
        Map<String, TreeSet<String>> services = new TreeMap<>();
        for (Bundle bundle : felix.bundles()) {
            ServiceReference<?>[] offered = bundle.getRegisteredServices();
            TreeSet<String> names = services.computeIfAbsent(bundle.getSymbolicName(), name -> new TreeSet<>());
            for (ServiceReference<?> one : offered == null ? new ServiceReference<?>[0] : offered) {
                String component = String.valueOf(one.getProperty("component.name"));
                names.add(component + " " + String.join(" ", (String[]) one.getProperty("objectClass")));
            }
        }
        return services;
    }

    @Override
    public void close() throws Exception {
        try {
            stop(felix.bundles());
        } finally {
            Closing.all(open);
        }
    }
}
