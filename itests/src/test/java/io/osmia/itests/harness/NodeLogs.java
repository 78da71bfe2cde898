package io.osmia.itests.harness;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentSkipListMap;
import org.awaitility.Awaitility;
import org.awaitility.core.ConditionEvaluationListener;
import org.awaitility.core.EvaluatedCondition;
import org.awaitility.core.TimeoutEvent;
import org.junit.jupiter.api.extension.AfterAllCallback;
import org.junit.jupiter.api.extension.AfterTestExecutionCallback;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.LifecycleMethodExecutionExceptionHandler;

/** Prints the ends of the nodes' logs when a test fails: the folders that they lie in go with the test. */
public final class NodeLogs
        implements AfterTestExecutionCallback, AfterAllCallback, LifecycleMethodExecutionExceptionHandler {

    private static final int LINES = 40;

    /** Where the logs of a failed test stay. */
    private static final Path KEPT = Path.of("target", "logs").toAbsolutePath();

    private static final Map<Path, Node> NODES = new ConcurrentSkipListMap<>();

    static {
        Awaitility.setDefaultConditionEvaluationListener(new Threads());
    }

    static void follow(Node node) {
        NODES.put(node.log(), node);
    }

    /** Writes into the nodes' logs what they are at when something that was awaited has not come; later they are gone. */
    private static final class Threads implements ConditionEvaluationListener<Object> {

        @Override
        public void conditionEvaluated(EvaluatedCondition<Object> condition) {
            // not yet
        }

        @Override
        public void onTimeout(TimeoutEvent event) {
            NODES.values().stream().filter(Node::isAlive).forEach(node -> {
                try {
                    Files.writeString(node.log(), Jcmd.threads(node.process()), StandardOpenOption.APPEND);
                } catch (IOException e) {
                    System.out.println("no threads of " + node.log() + ": " + e);
                } catch (InterruptedException e) {
                    Thread.currentThread().interrupt();
                }
            });
        }
    }

    @Override
    public void afterTestExecution(ExtensionContext context) throws IOException {
        if (context.getExecutionException().isPresent()) {
            print(context.getDisplayName());
        }
    }

    @Override
    public void handleBeforeAllMethodExecutionException(ExtensionContext context, Throwable thrown) throws Throwable {
        print(context.getDisplayName());
        throw thrown;
    }

    @Override
    public void afterAll(ExtensionContext context) {
        NODES.clear();
    }

    private static void print(String test) throws IOException {
        for (Path log : NODES.keySet()) {
            if (Files.exists(log)) {
                List<String> lines = Files.readAllLines(log);
                Path whole = Files.createDirectories(KEPT.resolve(String.valueOf(log.getParent().getFileName())))
                        .resolve(String.valueOf(log.getFileName()));
                Files.copy(log, whole, StandardCopyOption.REPLACE_EXISTING);
                System.out.println("== " + test + " failed; the end of " + whole);
                lines.subList(Math.max(0, lines.size() - LINES), lines.size()).forEach(System.out::println);
            }
        }
    }
}
