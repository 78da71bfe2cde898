package io.osmia.itests.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import io.osmia.itests.harness.Distribution;
import io.osmia.itests.harness.NodeLogs;
import io.osmia.itests.harness.OnDisk;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** Every executor is replaced under tasks that print all the time, and whoever reads that gets every line once. */
@EnabledIfSystemProperty(named = SwapEnginesIT.NUMBER, matches = "\\d+", disabledReason = "takes long; README tells how")
@ExtendWith(NodeLogs.class)
@Timeout(value = 20, unit = TimeUnit.MINUTES)
class SwapEnginesIT {

    static final String NUMBER = "osmia.swap.engines";
    private static final int SWAPS = Integer.getInteger(NUMBER, 3);

    /** Lines that are to come after the last swap. */
    private static final int MORE = 100;

    private static final String TALKS =
            "i=0; while :; do echo line-$i; i=$((i+1)); sleep 0.01; done";

    private static final Pattern LINE = Pattern.compile("line-(\\d+)$");

    @TempDir(factory = OnDisk.class)
    Path dir;

    @Test
    void noTaskNoticesAndNoLineIsLost() throws Exception {
        try (LoadedNode node = new LoadedNode(dir)) {
            node.load(node.kinds().size(), "sh", "-c", TALKS);
            TreeMap<String, Reader> readers = new TreeMap<>();
            try {
                for (String kind : node.kinds()) {
                    readers.put(kind, new Reader(node, kind));
                }
                for (int swap = 0; swap < SWAPS; swap++) {
                    for (String kind : node.kinds()) {
                        readers.get(kind).awaitMore();
                        System.out.println("SwapEnginesIT: " + kind + " handed over in " + node.swap(kind) + " ms");
                    }
                }
                for (Reader reader : readers.values()) {
                    reader.awaitMore();
                }
            } finally {
                readers.values().forEach(Reader::close);
            }
            for (Reader reader : readers.values()) {
                List<Integer> lines = reader.lines();
                assertThat(lines).as("lines of %s", reader.kind)
                        .isEqualTo(IntStream.range(0, lines.size()).boxed().toList());
            }
            node.assertNothingHappened();
        }
    }

    /** Follows the output of a service, by command. */
    private final class Reader implements AutoCloseable {

        private final String kind;
        private final Path out;
        private final Process process;

        Reader(LoadedNode node, String kind) throws IOException {
            this.kind = kind;
            this.out = dir.resolve(kind + ".out");
            this.process = new ProcessBuilder(
                    Distribution.launcher(), "--socket", node.node().socket().toString(), "service", "logs", "--follow",
                    LoadedNode.service(kind))
                    .redirectInput(Path.of("/dev/null").toFile())
                    .redirectOutput(out.toFile())
                    .redirectError(dir.resolve(kind + ".err").toFile())
                    .start();
        }

        /** Some more lines than there are now. */
        void awaitMore() throws IOException {
            int now = lines().size();
            LoadedNode.await(MORE + " more lines of " + kind, () -> {
                assertThat(process.isAlive()).as("the command that follows %s", kind).isTrue();
                return lines().size() >= now + MORE;
            });
        }

        /** Those that are complete. */
        List<Integer> lines() throws IOException {
            List<Integer> lines = new ArrayList<>();
            String text = Files.exists(out) ? Files.readString(out) : "";
            for (String line : text.substring(0, text.lastIndexOf('\n') + 1).lines().toList()) {
                Matcher found = LINE.matcher(line);
                if (found.find()) {
                    lines.add(Integer.valueOf(found.group(1)));
                }
            }
            return lines;
        }

        @Override
        public void close() {
            process.destroyForcibly();
        }
    }
}
