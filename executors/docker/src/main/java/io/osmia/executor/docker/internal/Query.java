package io.osmia.executor.docker.internal;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;

/** Parts of the engine's URLs and answers. */
final class Query {

    private Query() {}

    static String encode(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8);
    }

    /** The engine's filters: any value of a key, and all keys; but all labels. */
    static String filters(Map<String, List<String>> filters) {
        ObjectNode node = Engine.JSON.createObjectNode();
        filters.forEach((key, values) -> {
            ArrayNode array = node.putArray(key);
            values.forEach(array::add);
        });
        return encode(node.toString());
    }

    /** Name of a container in a list. */
    static String name(JsonNode listed) {
        return listed.path("Names").path(0).asText().replaceFirst("^/", "");
    }
}
