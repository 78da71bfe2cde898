package io.osmia.wire;

import static org.assertj.core.api.Assertions.assertThat;
import io.osmia.wire.WireTable.Row;
import io.osmia.wire.osmia.PluginsGrpc;
import io.osmia.wire.swarmkit.CAGrpc;
import io.osmia.wire.swarmkit.ControlGrpc;
import io.osmia.wire.swarmkit.DispatcherGrpc;
import java.io.IOException;
import org.junit.jupiter.api.Test;

/** Who may call what. */
class MethodRolesTest {

    @Test
    void everyMethodOfTheTableHasItsRoles() throws IOException {
        int methods = 0;
        for (Row row : WireTable.read()) {
            if (row.type().contains("->")) {
                MethodRoles roles = MethodRoles.of("docker.swarmkit.v1." + row.owner() + "/" + row.name())
                        .orElseThrow(() -> new AssertionError("no roles for " + row));
                assertThat(roles.roles()).as(row.name()).isEqualTo(row.values("roles"));
                assertThat(roles.insecure()).as(row.name()).isEqualTo(row.has("insecure=true"));
                methods++;
            }
        }
        assertThat(methods).isEqualTo(65);
    }

    @Test
    void gRpcNamesAreFound() {
        MethodRoles control = MethodRoles.of(ControlGrpc.getGetNodeMethod().getFullMethodName())
                .orElseThrow();
        MethodRoles session = MethodRoles.of(DispatcherGrpc.getSessionMethod().getFullMethodName())
                .orElseThrow();
        MethodRoles root = MethodRoles.of(CAGrpc.getGetRootCACertificateMethod().getFullMethodName())
                .orElseThrow();

        assertThat(control.allows("swarm-manager")).isTrue();
        assertThat(control.allows("swarm-worker")).isFalse();
        assertThat(control.allows("")).isFalse();
        assertThat(session.allows("swarm-worker")).isTrue();
        assertThat(root.allows("")).isTrue();
    }

    @Test
    void ourOwnMethodsHaveRolesToo() {
        assertThat(PluginsGrpc.getServiceDescriptor().getMethods())
                .allMatch(method -> MethodRoles.of(method.getFullMethodName()).isPresent());
    }

    @Test
    void aMethodWithoutRolesHasNone() {
        assertThat(MethodRoles.of("grpc.health.v1.Health/Check")).isEmpty();
    }
}
