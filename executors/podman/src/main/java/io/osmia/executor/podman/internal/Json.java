package io.osmia.executor.podman.internal;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonPrimitive;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;

/** Reads and writes JSON trees. What is missing, or of another type, reads as empty. */
final class Json {

    private Json() {}

    static JsonObject object(JsonObject parent, String name) {
        JsonElement child = parent.get(name);
        return child != null && child.isJsonObject() ? child.getAsJsonObject() : new JsonObject();
    }

    static JsonArray array(JsonObject parent, String name) {
        JsonElement child = parent.get(name);
        return child != null && child.isJsonArray() ? child.getAsJsonArray() : new JsonArray();
    }

    static String text(JsonObject parent, String name) {
        JsonElement child = parent.get(name);
        return child != null && child.isJsonPrimitive() ? child.getAsString() : "";
    }

    static List<String> texts(JsonObject parent, String name) {
        List<String> texts = new ArrayList<>();
        for (JsonElement element : array(parent, name)) {
            if (element.isJsonPrimitive()) {
                texts.add(element.getAsString());
            }
        }
        return texts;
    }

    static long number(JsonObject parent, String name) {
        JsonElement child = parent.get(name);
        return child instanceof JsonPrimitive primitive && primitive.isNumber() ? primitive.getAsLong() : 0;
    }

    static boolean flag(JsonObject parent, String name) {
        JsonElement child = parent.get(name);
        return child instanceof JsonPrimitive primitive && primitive.isBoolean() && primitive.getAsBoolean();
    }

    /** A time; {@link Instant#EPOCH} for none and for Go's zero time. */
    static Instant time(JsonObject parent, String name) {
        try {
            String text = text(parent, name);
            Instant time = text.isEmpty() ? Instant.EPOCH : OffsetDateTime.parse(text).toInstant();
            return time.isBefore(Instant.EPOCH) ? Instant.EPOCH : time;
        } catch (DateTimeException e) {
            return Instant.EPOCH;
        }
    }

    static JsonArray array(Collection<String> texts) {
        JsonArray array = new JsonArray();
        texts.forEach(array::add);
        return array;
    }

    static JsonObject object(Map<String, String> texts) {
        JsonObject object = new JsonObject();
        texts.forEach(object::addProperty);
        return object;
    }

    /** Adds what says something. */
    static void addUnlessEmpty(JsonObject parent, String name, String text) {
        if (!text.isEmpty()) {
            parent.addProperty(name, text);
        }
    }

    /** Adds what says something. */
    static void addUnlessEmpty(JsonObject parent, String name, Collection<String> texts) {
        if (!texts.isEmpty()) {
            parent.add(name, array(texts));
        }
    }

    /** Adds what says something. */
    static void addUnlessEmpty(JsonObject parent, String name, Map<String, String> texts) {
        if (!texts.isEmpty()) {
            parent.add(name, object(texts));
        }
    }
}
