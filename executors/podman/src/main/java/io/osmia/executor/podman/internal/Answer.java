package io.osmia.executor.podman.internal;

import com.google.gson.JsonElement;
import com.google.gson.JsonNull;
import com.google.gson.JsonObject;
import com.google.gson.JsonParseException;
import com.google.gson.JsonParser;
import java.util.Optional;

/**
 * What Podman answered.
 *
 * @param status HTTP status
 * @param body what came with it; JSON's null when that is not JSON
 */
record Answer(int status, JsonElement body) {

    static Answer of(int status, String text) {
        // Some answers are a line of JSON each; nobody here asks for more than the first.
        String first = text.stripLeading().lines().findFirst().orElse("");
        return new Answer(status, parsed(text).or(() -> parsed(first)).orElse(JsonNull.INSTANCE));
    }

    private static Optional<JsonElement> parsed(String text) {
        try {
            return text.isBlank() ? Optional.empty() : Optional.of(JsonParser.parseString(text));
        } catch (JsonParseException e) {
            return Optional.empty();
        }
    }

    boolean ok() {
        return status >= 200 && status < 400;
    }

    /** Whether Podman says that there is no such thing; others who might answer at its socket know no causes. */
    boolean notFound() {
        return status == 404 && object().has("cause");
    }

    JsonObject object() {
        return body.isJsonObject() ? body.getAsJsonObject() : new JsonObject();
    }

    /** What it complains of, as Podman words it. */
    String complaint() {
        String message = Json.text(object(), "message");
        return message.isEmpty() ? "HTTP status " + status : message;
    }
}
