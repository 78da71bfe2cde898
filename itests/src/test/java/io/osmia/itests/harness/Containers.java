package io.osmia.itests.harness;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import io.osmia.engines.PrivateEngine;
import io.osmia.itests.harness.HostProcesses.Identity;
import java.io.IOException;
import java.util.Map;
import java.util.TreeMap;

/** The containers of tasks as their engine sees them, independent of what the node says. Both engines speak Docker's API. */
public final class Containers {

    private static final String TASK_ID = "com.docker.swarm.task.id";

    private Containers() {}

    /** A container that is the same only if all agree. */
    public record Running(String id, Identity process) {}

    /** The running container of each task. */
    public static Map<String, Running> live(PrivateEngine engine) throws IOException {
        Map<String, Running> live = new TreeMap<>();
        for (JsonElement one : JsonParser.parseString(engine.get("/v1.40/containers/json")).getAsJsonArray()) {
            JsonObject container = one.getAsJsonObject();
            JsonElement task = container.getAsJsonObject("Labels").get(TASK_ID);
            if (task != null) {
                String id = container.get("Id").getAsString();
                live.put(task.getAsString(), new Running(id, process(engine, id)));
            }
        }
        return live;
    }

    private static Identity process(PrivateEngine engine, String id) throws IOException {
        JsonObject container =
                JsonParser.parseString(engine.get("/v1.40/containers/" + id + "/json")).getAsJsonObject();
        long pid = container.getAsJsonObject("State").get("Pid").getAsLong();
        return new Identity(pid, HostProcesses.startOf(pid));
    }
}
