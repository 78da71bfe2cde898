package io.osmia.itests.peers;

import static org.assertj.core.api.Assertions.assertThat;
import io.osmia.itests.harness.Distribution;
import io.osmia.itests.harness.Node;
import io.osmia.itests.harness.OnDisk;
import io.osmia.itests.harness.Wanted;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** TLS as others speak it, with the listeners of a whole node. */
class OpensslIT {

    private static final String SHORT = "%2Fvar%2Frun%2Fosmia.sock";

    /** No label of a host name may be that long. */
    private static final String LONG = "%2Fsomewhere%2Fdeep".repeat(5) + "%2Fosmia.sock";

    @TempDir(factory = OnDisk.class)
    Path dir;

    @Test
    void serverNamesOfGoClientsAreOverlookedOnBothListeners() throws Exception {
        String openssl = Wanted.command("openssl", "openssl").toString();
        try (Node node = new Node(dir.resolve("n"))) {
            node.start();
            List<List<String>> listeners = List.of(
                    List.of("-unix", node.socket().toString()), List.of("-connect", node.remoteAddress()));
            for (List<String> listener : listeners) {
                for (String name : List.of(SHORT, LONG)) {
                    List<String> command = new ArrayList<>(List.of(openssl, "s_client", "-alpn", "h2"));
                    command.addAll(List.of("-servername", name));
                    command.addAll(listener);
                    Distribution.Result result = Distribution.run(Map.of(), command);
                    assertThat(result.out()).contains("ALPN protocol: h2", "CN = swarm-ca", "Cipher is TLS_");
                }
            }
        }
    }
}
