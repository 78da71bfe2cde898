package io.osmia.executor.docker.internal;

import com.fasterxml.jackson.databind.JsonNode;
import io.osmia.api.executor.TaskStatistics.Usage;
import java.time.Instant;
import java.util.Locale;
import java.util.OptionalLong;

/** What the engine says a container uses. */
final class Statistics {

    private Statistics() {}

    static Usage usage(JsonNode stats, long memoryLimit) {
        return new Usage(
                at(stats),
                value(stats.path("cpu_stats").path("cpu_usage").path("total_usage")),
                memory(stats.path("memory_stats")),
                memoryLimit > 0 ? OptionalLong.of(memoryLimit) : OptionalLong.empty(),
                value(stats.path("pids_stats").path("current")),
                blocks(stats, "read"),
                blocks(stats, "write"));
    }

    private static Instant at(JsonNode stats) {
        Instant read = Container.instant(stats.path("read").asText());
        return read.equals(Instant.EPOCH) ? Instant.now() : read;
    }

    /** Without the files that the kernel can drop; where they stand depends on the version of cgroups. */
    private static OptionalLong memory(JsonNode memory) {
        if (!memory.has("usage")) {
            return OptionalLong.empty();
        }
        long usage = memory.path("usage").asLong();
        JsonNode details = memory.path("stats");
        long files = details.path("total_inactive_file").asLong(details.path("inactive_file").asLong());
        return OptionalLong.of(files < usage ? usage - files : usage);
    }

    private static OptionalLong blocks(JsonNode stats, String operation) {
        JsonNode entries = stats.path("blkio_stats").path("io_service_bytes_recursive");
        if (!entries.isArray()) {
            return OptionalLong.empty();
        }
        long sum = 0;
        for (JsonNode entry : entries) {
            if (entry.path("op").asText().toLowerCase(Locale.ROOT).equals(operation)) {
                sum += entry.path("value").asLong();
            }
        }
        return OptionalLong.of(sum);
    }

    private static OptionalLong value(JsonNode node) {
        return node.isNumber() ? OptionalLong.of(node.asLong()) : OptionalLong.empty();
    }
}
