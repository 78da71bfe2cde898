package io.osmia.agent.internal.session;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** How much memory the machine has. */
public final class Memory {

    private static final Logger LOG = LoggerFactory.getLogger(Memory.class);
    private static final Path INFO = Path.of("/proc/meminfo");
    private static final String TOTAL = "MemTotal:";

    private Memory() {}

    /** Bytes; 0 when the machine does not say. */
    public static long total() {
        try {
            return total(Files.readAllLines(INFO));
        } catch (IOException e) {
            LOG.warn("the size of the memory cannot be read from {}: {}", INFO, e.toString());
            return 0;
        }
    }

    static long total(List<String> meminfo) {
        for (String line : meminfo) {
            if (line.startsWith(TOTAL)) {
                String[] parts = line.substring(TOTAL.length()).trim().split(" +");
                return Long.parseLong(parts[0]) * 1024;
            }
        }
        return 0;
    }
}
