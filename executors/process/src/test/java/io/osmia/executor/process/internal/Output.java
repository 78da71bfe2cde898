package io.osmia.executor.process.internal;

import io.osmia.api.executor.ExecutorTask;
import io.osmia.api.executor.TaskOutput.OutputRequest;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/** What tasks have written. */
final class Output {

    private Output() {}

    /** The lines of standard output. */
    static List<String> of(ProcessExecutor executor, ExecutorTask task) throws Exception {
        List<String> lines = new ArrayList<>();
        executor.read(executor.handle(task, ""), OutputRequest.ALL, line -> {
            if (!line.stderr()) {
                lines.add(new String(line.data(), StandardCharsets.UTF_8));
            }
            return true;
        });
        return lines;
    }
}
