package io.osmia.ca.internal.server;

import static java.nio.charset.StandardCharsets.UTF_8;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParseException;
import com.google.gson.JsonParser;
import com.google.protobuf.ByteString;
import io.osmia.ca.CaException;
import io.osmia.ca.internal.Certificates;
import java.util.ArrayList;
import java.util.List;

/** What a CFSSL server answered (rule 7.11.1): what is no proper answer may be better next time, a refusal may not. */
final class CfsslAnswer {

    private static final int OK = 200;
    private static final int SHOWN = 200;

    private CfsslAnswer() {}

    static Outcome read(int status, byte[] body) {
        String text = new String(body, UTF_8);
        if (status != OK) {
            return new Outcome.Later("unexpected status code in CSR response: " + status + " - " + shortened(text));
        }
        try {
            return read(JsonParser.parseString(text));
        } catch (JsonParseException | IllegalStateException | UnsupportedOperationException malformed) {
            return new Outcome.Later("unable to parse JSON response: " + malformed.getMessage());
        }
    }

    private static Outcome read(JsonElement json) {
        if (!json.isJsonObject()) {
            return new Outcome.Later("unable to parse JSON response: " + shortened(json.toString()));
        }
        JsonObject answer = json.getAsJsonObject();
        boolean success = answer.has("success") && answer.get("success").getAsBoolean();
        if (!success || !answer.has("result") || !answer.get("result").isJsonObject()) {
            return new Outcome.Refused(refusal(answer));
        }
        JsonElement certificate = answer.getAsJsonObject("result").get("certificate");
        if (certificate == null || !certificate.isJsonPrimitive()) {
            return new Outcome.Refused("invalid result certificate field");
        }
        return certificate(certificate.getAsString());
    }

    private static Outcome certificate(String pem) {
        try {
            var certificates = Certificates.parse(pem.getBytes(UTF_8));
            return certificates.isEmpty()
                    ? new Outcome.Refused("invalid result certificate field")
                    : new Outcome.Issued(ByteString.copyFrom(Certificates.pem(certificates)));
        } catch (CaException malformed) {
            return new Outcome.Refused("invalid result certificate field: " + malformed.getMessage());
        }
    }

    private static String refusal(JsonObject answer) {
        List<String> errors = new ArrayList<>();
        if (answer.has("errors") && answer.get("errors").isJsonArray()) {
            answer.getAsJsonArray("errors").forEach(error -> errors.add(error(error)));
        }
        return errors.isEmpty()
                ? "certificate signing request failed"
                : "response errors: [" + String.join(" ", errors) + "]";
    }

    private static String error(JsonElement error) {
        if (!error.isJsonObject()) {
            return shortened(error.toString());
        }
        JsonObject parts = error.getAsJsonObject();
        return "{" + part(parts, "code") + " " + shortened(part(parts, "message")) + "}";
    }

    private static String part(JsonObject parts, String name) {
        JsonElement part = parts.get(name);
        return part == null ? "" : part.isJsonPrimitive() ? part.getAsString() : part.toString();
    }

    private static String shortened(String text) {
        return text.length() <= SHOWN ? text : text.substring(0, SHOWN) + "...";
    }
}
