package io.osmia.executor.podman.internal;

import com.google.gson.JsonObject;
import io.osmia.api.executor.ExecutorTask;
import java.util.Map;
import java.util.TreeMap;

/** Labels of a container: those that Docker's tools know (rule 6.15.2), and what a successor of this executor needs. */
final class Labels {

    static final String TASK = "com.docker.swarm.task";
    static final String TASK_ID = "com.docker.swarm.task.id";
    static final String NODE_ID = "com.docker.swarm.node.id";

    /** Digest of the spec, as in the handle. */
    static final String SPEC_DIGEST = "io.osmia.task.spec";

    private static final String TASK_NAME = "com.docker.swarm.task.name";
    private static final String SERVICE_ID = "com.docker.swarm.service.id";
    private static final String SERVICE_NAME = "com.docker.swarm.service.name";

    private Labels() {}

    /** Later ones win: those of the container, of the task, the system's. */
    static Map<String, String> of(ExecutorTask task, String specDigest) {
        Map<String, String> labels = new TreeMap<>(task.workload().labels());
        labels.putAll(task.labels());
        labels.put(TASK, "");
        labels.put(TASK_ID, task.id());
        labels.put(TASK_NAME, task.name());
        labels.put(NODE_ID, task.nodeId());
        labels.put(SERVICE_ID, task.serviceId());
        labels.put(SERVICE_NAME, task.serviceName());
        labels.put(SPEC_DIGEST, specDigest);
        return labels;
    }

    static String read(JsonObject labels, String name) {
        return Json.text(labels, name);
    }
}
