package io.osmia.api.executor;

import java.util.Arrays;
import java.util.Objects;

/**
 * Names a workload so that another instance of the executor, in this process or the next, finds it again. It exists, and is
 * on disk, before anything is started.
 *
 * @param taskId task id
 * @param specDigest digest of the task's spec, hex
 * @param executorKind kind of the executor that made it
 * @param version version of the executor's handle format, at least 1
 * @param data opaque to everyone but the executor; at most 64 KiB
 */
public record TaskHandle(String taskId, String specDigest, String executorKind, int version, byte[] data) {

    public TaskHandle {
        data = data.clone();
    }

    @Override
    public byte[] data() {
        return data.clone();
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof TaskHandle that
                && taskId.equals(that.taskId)
                && specDigest.equals(that.specDigest)
                && executorKind.equals(that.executorKind)
                && version == that.version
                && Arrays.equals(data, that.data);
    }

    @Override
    public int hashCode() {
        return Objects.hash(taskId, specDigest, executorKind, version, Arrays.hashCode(data));
    }
}
