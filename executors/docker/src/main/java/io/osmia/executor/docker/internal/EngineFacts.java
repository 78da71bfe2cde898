package io.osmia.executor.docker.internal;

import com.fasterxml.jackson.databind.JsonNode;
import io.osmia.api.executor.ExecutorDescription.EnginePlugin;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/**
 * What the engine says of itself (rule 6.15.12).
 *
 * @param version its version
 * @param labels its labels; of several with one key the last
 * @param plugins what it offers to containers
 */
record EngineFacts(String version, Map<String, String> labels, List<EnginePlugin> plugins) {

    static final EngineFacts NONE = new EngineFacts("", Map.of(), List.of());

    static EngineFacts of(JsonNode info) {
        Map<String, String> labels = new HashMap<>();
        for (JsonNode label : info.path("Labels")) {
            String[] parts = label.asText().split("=", 2);
            labels.put(parts[0], parts.length > 1 ? parts[1] : "");
        }
        List<EnginePlugin> plugins = new ArrayList<>();
        for (String type : List.of("Volume", "Network", "Log", "Authorization")) {
            for (JsonNode name : info.path("Plugins").path(type)) {
                plugins.add(new EnginePlugin(type, name.asText()));
            }
        }
        plugins.add(new EnginePlugin("Network", "overlay"));
        Stream<EnginePlugin> sorted = plugins.stream()
                .distinct()
                .sorted(Comparator.comparing(EnginePlugin::type).thenComparing(EnginePlugin::name));
        return new EngineFacts(info.path("ServerVersion").asText(), Map.copyOf(labels), sorted.toList());
    }
}
