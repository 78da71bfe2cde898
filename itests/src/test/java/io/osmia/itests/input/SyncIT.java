package io.osmia.itests.input;

import static org.assertj.core.api.Assertions.assertThat;
import io.osmia.itests.harness.Node;
import io.osmia.itests.harness.OnDisk;
import io.osmia.itests.harness.Services;
import java.nio.file.Path;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What is acknowledged has been synced to the disk before. */
class SyncIT {

    private static final int CREATES = 20;

    @TempDir(factory = OnDisk.class)
    Path dir;

    /** Microseconds since the epoch on both sides of one call. */
    private record Call(long sent, long answered) {}

    @Test
    void theLogIsSyncedBetweenEachRequestAndItsAnswer() throws Exception {
        try (Node node = new Node(dir.resolve("n"))) {
            node.start();
            SyncTrace trace = SyncTrace.attach(node.process().pid(), dir);
            List<Call> calls = new ArrayList<>();
            for (int i = 0; i < CREATES; i++) {
                long sent = now();
                Services.create(node, "synced-" + i, 0, "true");
                calls.add(new Call(sent, now()));
            }
            List<SyncTrace.Sync> syncs = trace.finish();
            for (Call call : calls) {
                assertThat(syncs).as("between a request and its answer").anyMatch(sync -> within(call, sync));
            }
        }
    }

    private static boolean within(Call call, SyncTrace.Sync sync) {
        return sync.file().contains("/raft/") && call.sent() <= sync.begin() && sync.end() <= call.answered();
    }

    private static long now() {
        return ChronoUnit.MICROS.between(Instant.EPOCH, Instant.now());
    }
}
