package io.osmia.itests.input;

import static org.assertj.core.api.Assertions.assertThat;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.osmia.itests.harness.Node;
import io.osmia.itests.harness.OnDisk;
import io.osmia.itests.harness.Services;
import io.osmia.wire.swarmkit.ListServicesRequest;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A disk that is full, and later is not. */
class DiskFullIT {

    /** The framework's cache, the space that is kept free, and some more. */
    private static final long DISK_BYTES = 160L << 20;

    /** How many writes may still succeed: free space is looked at once a second and once a mebibyte. */
    private static final int BOUND = 20_000;

    @TempDir(factory = OnDisk.class)
    Path dir;

    @Test
    void writesAreRefusedWhatWasAcknowledgedStaysAndTheyGoOnWhenThereIsSpace() throws Exception {
        try (SmallDisk disk = SmallDisk.make(dir, DISK_BYTES);
                Node node = new Node(disk.root().resolve("n"))) {
            node.start();
            List<String> acknowledged = new ArrayList<>();
            Services.create(node, "before", 0, "true");
            acknowledged.add("before");

            disk.fill();
            Status status = createUntilRefused(node, acknowledged);
            assertThat(status.getCode()).isEqualTo(Status.Code.RESOURCE_EXHAUSTED);
            assertThat(status.getDescription()).startsWith("no space left for the log; free some");
            assertThat(names(node)).containsExactlyInAnyOrderElementsOf(acknowledged);

            long pid = node.process().pid();
            disk.empty();
            Services.create(node, "after", 0, "true");
            acknowledged.add("after");
            assertThat(node.process().pid()).isEqualTo(pid);
            assertThat(node.process().isAlive()).isTrue();
            assertThat(names(node)).containsExactlyInAnyOrderElementsOf(acknowledged);

            node.kill();
            node.start();
            assertThat(names(node)).containsExactlyInAnyOrderElementsOf(acknowledged);
        }
    }

    private static Status createUntilRefused(Node node, List<String> acknowledged) {
        for (int i = 0; i < BOUND; i++) {
            try {
                Services.create(node, "full-" + i, 0, "true");
                acknowledged.add("full-" + i);
            } catch (StatusRuntimeException e) {
                return e.getStatus();
            }
        }
        throw new AssertionError("nothing was refused");
    }

    private static List<String> names(Node node) {
        return node.control().listServices(ListServicesRequest.getDefaultInstance()).getServicesList().stream()
                .map(service -> service.getSpec().getAnnotations().getName())
                .toList();
    }
}
