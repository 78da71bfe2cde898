package io.osmia.itests.harness;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentSkipListSet;
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

    private static final Set<Path> LOGS = new ConcurrentSkipListSet<>();

    static void follow(Path log) {
        LOGS.add(log);
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
        LOGS.clear();
    }

    private static void print(String test) throws IOException {
        for (Path log : LOGS) {
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
