package com.example.acme;

import io.osmia.api.executor.Executor;
import io.osmia.api.executor.ExecutorDescription;
import io.osmia.api.executor.ExecutorException;
import io.osmia.api.executor.ExecutorTask;
import io.osmia.api.executor.Recovery;
import io.osmia.api.executor.TaskController;
import io.osmia.api.executor.TaskExit;
import io.osmia.api.executor.TaskHandle;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.Set;
import java.util.jar.Manifest;

/**
 * Runs generic tasks of kind {@code acme}. Its workloads are files, which outlive it as well as any process would: one whose
 * file says {@code running} runs.
 */
public final class AcmeExecutor implements Executor {

    static final String KIND = "acme";
    private static final int HANDLE_VERSION = 1;

    private final AcmeFiles files = new AcmeFiles(Path.of(System.getProperty("java.io.tmpdir"), "acme-executor"));
    private final ExecutorDescription description = new ExecutorDescription(
            KIND, version(), true, "", Set.of(), Set.of(KIND), Set.of(), Set.of(HANDLE_VERSION), Map.of(), "", List.of());
    private volatile boolean detached;

    /** That of the bundle. */
    private static String version() {
        try (InputStream in = AcmeExecutor.class.getResourceAsStream("/META-INF/MANIFEST.MF")) {
            return new Manifest(in).getMainAttributes().getValue("Bundle-Version");
        } catch (IOException e) {
            throw new IllegalStateException("the bundle has no manifest", e);
        }
    }

    @Override
    public ExecutorDescription describe() {
        return description;
    }

    /** The node's id is in the handle: the task of a later call may not have it. */
    @Override
    public TaskHandle handle(ExecutorTask task, String specDigest) {
        byte[] node = task.nodeId().getBytes(StandardCharsets.UTF_8);
        return new TaskHandle(task.id(), specDigest, KIND, HANDLE_VERSION, node);
    }

    @Override
    public TaskController controller(ExecutorTask task, TaskHandle handle) throws ExecutorException {
        if (!handle.executorKind().equals(KIND) || handle.version() != HANDLE_VERSION) {
            throw new ExecutorException("task " + task.id() + ": not a handle of this executor", false);
        }
        return new Controller(node(handle), handle.taskId());
    }

    private static String node(TaskHandle handle) {
        return new String(handle.data(), StandardCharsets.UTF_8);
    }

    @Override
    public Recovery recover(TaskHandle handle) {
        try {
            return switch (files.state(node(handle), handle.taskId())) {
                case ABSENT -> new Recovery.Gone();
                case PREPARED -> new Recovery.Prepared();
                case RUNNING -> new Recovery.Running();
                case ENDED -> new Recovery.Exited(exit());
            };
        } catch (ExecutorException e) {
            return new Recovery.Unknown(e.getMessage());
        }
    }

    private static TaskExit exit() {
        return new TaskExit(OptionalInt.of(0), "", Instant.now());
    }

    @Override
    public List<TaskHandle> list(String nodeId) throws ExecutorException {
        List<TaskHandle> handles = new ArrayList<>();
        for (String taskId : files.tasks(nodeId)) {
            handles.add(new TaskHandle(taskId, "", KIND, HANDLE_VERSION, nodeId.getBytes(StandardCharsets.UTF_8)));
        }
        return handles;
    }

    @Override
    public void detach() {
        detached = true;
    }

    private final class Controller implements TaskController {

        private static final long LOOK_EVERY_MILLIS = 100;

        private final String nodeId;
        private final String taskId;

        Controller(String nodeId, String taskId) {
            this.nodeId = nodeId;
            this.taskId = taskId;
        }

        @Override
        public void prepare() throws ExecutorException {
            if (files.state(nodeId, taskId) == AcmeFiles.State.ABSENT) {
                files.write(nodeId, taskId, AcmeFiles.State.PREPARED);
            }
        }

        @Override
        public void start() throws ExecutorException {
            if (files.state(nodeId, taskId) == AcmeFiles.State.PREPARED) {
                files.write(nodeId, taskId, AcmeFiles.State.RUNNING);
            }
        }

        @Override
        public TaskExit await() throws ExecutorException, InterruptedException {
            while (files.state(nodeId, taskId) == AcmeFiles.State.RUNNING) {
                if (detached) {
                    throw new ExecutorException("the executor has left", true);
                }
                Thread.sleep(LOOK_EVERY_MILLIS);
            }
            if (files.state(nodeId, taskId) != AcmeFiles.State.ENDED) {
                throw new ExecutorException("task " + taskId + " was never started", false);
            }
            return exit();
        }

        @Override
        public void shutdown() throws ExecutorException {
            if (files.state(nodeId, taskId) != AcmeFiles.State.ABSENT) {
                files.write(nodeId, taskId, AcmeFiles.State.ENDED);
            }
        }

        @Override
        public void terminate() throws ExecutorException {
            shutdown();
        }

        @Override
        public void update(ExecutorTask task) {
            // a file has nothing to change
        }

        @Override
        public void remove() throws ExecutorException {
            files.delete(nodeId, taskId);
        }

        @Override
        public Status status() {
            return new Status(KIND + "-" + taskId, java.util.OptionalLong.empty(), Instant.EPOCH);
        }

        @Override
        public void close() {
            // holds nothing
        }
    }
}
