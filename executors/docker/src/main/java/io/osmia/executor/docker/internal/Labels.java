package io.osmia.executor.docker.internal;

import io.osmia.api.executor.ExecutorTask;
import java.util.Map;
import java.util.TreeMap;

/** Labels by which a container and its task are found from each other (rule 6.15.2). */
final class Labels {

    static final String TASK = "com.docker.swarm.task";
    static final String TASK_ID = "com.docker.swarm.task.id";
    static final String TASK_NAME = "com.docker.swarm.task.name";
    static final String NODE_ID = "com.docker.swarm.node.id";
    static final String SERVICE_ID = "com.docker.swarm.service.id";
    static final String SERVICE_NAME = "com.docker.swarm.service.name";

    /** Only containers that this executor made have it: an engine in swarm mode sets the others too. */
    static final String SPEC_DIGEST = "io.osmia.spec.digest";

    private Labels() {}

    /** Labels of the container; the later win: the spec's, the task's, the system's. */
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
}
