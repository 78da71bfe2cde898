package io.osmia.ca.internal.server;

import static java.nio.charset.StandardCharsets.US_ASCII;
import com.google.gson.JsonArray;
import com.google.gson.JsonObject;
import io.osmia.ca.RootCa;
import io.osmia.ca.internal.Issuer;
import io.osmia.ca.internal.Subject;
import io.osmia.roles.Credentials;
import java.security.cert.X509Certificate;
import java.util.HexFormat;
import java.util.List;

/**
 * A signing request as CFSSL's API takes it (rules 7.11.1, 7.11.4).
 *
 * @param csr PKCS#10, PEM
 * @param hosts alternative names
 * @param subject what stands in the certificate, whatever the request says
 * @param profile of the CA; empty for its default
 * @param basicConstraints DER in hex that the CA has to take over; empty for none
 */
record CfsslRequest(String csr, List<String> hosts, Subject subject, String profile, String basicConstraints) {

    private static final String BASIC_CONSTRAINTS = "2.5.29.19";

    /** For a node's certificate. */
    static CfsslRequest leaf(SigningOrder order, String clusterId) {
        List<String> hosts = order.unit().equals(Credentials.MANAGER_NAME)
                ? List.of(order.unit(), order.nodeId(), Credentials.CA_NAME)
                : List.of(order.unit(), order.nodeId());
        Subject subject = new Subject(order.nodeId(), order.unit(), clusterId);
        return new CfsslRequest(order.csr().toString(US_ASCII), hosts, subject, "", "");
    }

    /** For the next root, to be certified by the current one. */
    static CfsslRequest crossSigning(RootCa next) {
        X509Certificate root = next.certificates().getFirst();
        return new CfsslRequest(
                new String(next.request(), US_ASCII),
                List.of(),
                Subject.of(root),
                "CA",
                HexFormat.of().formatHex(Issuer.extension(root, BASIC_CONSTRAINTS)));
    }

    String json() {
        JsonObject request = new JsonObject();
        request.addProperty("certificate_request", csr);
        JsonArray names = new JsonArray();
        hosts.forEach(names::add);
        request.add("hosts", names);
        request.add("subject", subjectJson());
        if (!profile.isEmpty()) {
            request.addProperty("profile", profile);
        }
        if (!basicConstraints.isEmpty()) {
            request.add("extensions", extensionsJson());
        }
        return request.toString();
    }

    private JsonObject subjectJson() {
        JsonObject json = new JsonObject();
        json.addProperty("CN", subject.commonName());
        JsonArray names = new JsonArray();
        if (!subject.unit().isEmpty() || !subject.organization().isEmpty()) {
            JsonObject name = new JsonObject();
            name.addProperty("OU", subject.unit());
            name.addProperty("O", subject.organization());
            names.add(name);
        }
        json.add("names", names);
        return json;
    }

    private JsonArray extensionsJson() {
        JsonObject extension = new JsonObject();
        extension.addProperty("id", BASIC_CONSTRAINTS);
        extension.addProperty("critical", true);
        extension.addProperty("value", basicConstraints);
        JsonArray extensions = new JsonArray();
        extensions.add(extension);
        return extensions;
    }
}
