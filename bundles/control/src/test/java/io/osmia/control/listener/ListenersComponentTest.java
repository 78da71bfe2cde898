package io.osmia.control.listener;

import static org.assertj.core.api.Assertions.assertThat;
import io.osmia.ca.NodeCertificates;
import io.osmia.roles.Endpoints;
import io.osmia.roles.ManagerRole;
import io.osmia.roles.StartFailure;
import java.lang.reflect.Proxy;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.osgi.framework.BundleContext;
import org.osgi.framework.ServiceRegistration;

/** What the listeners tell the service registry. */
class ListenersComponentTest {

    @TempDir
    Path state;

    /** The services that are registered at this moment. */
    private final List<Object> registered = new ArrayList<>();

    private BundleContext bundle() {
        return (BundleContext) Proxy.newProxyInstance(
                getClass().getClassLoader(), new Class<?>[] {BundleContext.class}, (proxy, method, arguments) -> {
                    assertThat(method.getName()).isEqualTo("registerService");
                    Object service = arguments[1];
                    registered.add(service);
                    return registration(service);
                });
    }

    private ServiceRegistration<?> registration(Object service) {
        return (ServiceRegistration<?>) Proxy.newProxyInstance(
                getClass().getClassLoader(), new Class<?>[] {ServiceRegistration.class}, (proxy, method, arguments) -> {
                    assertThat(method.getName()).isEqualTo("unregister");
                    registered.remove(service);
                    return null;
                });
    }

    private ListenersComponent component(String remote) {
        ArrayDeque<String> ids = new ArrayDeque<>(List.of(ListenerFixture.NODE, ListenerFixture.CLUSTER));
        NodeCertificates certificates =
                NodeCertificates.loadOrCreate(state.resolve("certificates"), ids::remove, Instant::now);
        ManagerRole role = new ManagerRole() {
            @Override
            public String nodeId() {
                return ListenerFixture.NODE;
            }

            @Override
            public String clusterId() {
                return ListenerFixture.CLUSTER;
            }
        };
        return new ListenersComponent(
                bundle(),
                ListenerFixture.settings(state, state.resolve("osmia.sock"), remote),
                certificates,
                role,
                new Services(),
                Instant::now);
    }

    @Test
    void endpointsExistWhileBothListenersAreBound() {
        ListenersComponent component = component("127.0.0.1:0");

        assertThat(registered).hasSize(1).hasOnlyElementsOfType(Endpoints.class);
        assertThat(state.resolve("osmia.sock")).exists();

        component.stop();

        assertThat(registered).isEmpty();
        assertThat(state.resolve("osmia.sock")).doesNotExist();
    }

    @Test
    void aPortThatIsTakenIsAStartFailure() throws Exception {
        try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            ListenersComponent component = component("127.0.0.1:" + taken.getLocalPort());

            assertThat(registered).singleElement().isInstanceOfSatisfying(StartFailure.class, failure -> assertThat(
                    failure.message())
                    .contains("127.0.0.1:" + taken.getLocalPort())
                    .contains("Address already in use")
                    .contains("--listen-remote-api"));
            assertThat(state.resolve("osmia.sock")).doesNotExist();
            assertThat(state.resolve("addresses")).doesNotExist();

            component.stop();

            assertThat(registered).isEmpty();
        }
    }
}
