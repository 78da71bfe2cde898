package io.osmia.shell.internal.cluster;

import io.osmia.wire.swarmkit.ExternalCA;
import java.nio.file.Path;
import java.util.Locale;

/** {@code protocol=cfssl,url=https://...} (rule 10.6.0). */
final class ExternalCaText {

    private ExternalCaText() {}

    /** Throws IllegalArgumentException with a message for the user. */
    static ExternalCA parse(String text) {
        ExternalCA.Builder ca = ExternalCA.newBuilder();
        boolean hasProtocol = false;
        for (String field : text.split(",")) {
            int at = field.indexOf('=');
            if (at <= 0) {
                throw new IllegalArgumentException("invalid field '" + field + "' must be a key=value pair");
            }
            String value = field.substring(at + 1);
            switch (field.substring(0, at).strip().toLowerCase(Locale.ROOT)) {
                case "protocol" -> {
                    hasProtocol = true;
                    if (!value.equalsIgnoreCase("cfssl")) {
                        throw new IllegalArgumentException("unrecognized external CA protocol " + value);
                    }
                    ca.setProtocol(ExternalCA.CAProtocol.CFSSL);
                }
                case "url" -> ca.setUrl(value);
                case "cacert" -> ca.setCaCert(AuthorityFlags.file(Path.of(value)));
                default -> ca.putOptions(field.substring(0, at).strip(), value);
            }
        }
        if (!hasProtocol) {
            throw new IllegalArgumentException("the external-ca option needs a protocol= parameter");
        }
        if (ca.getUrl().isEmpty()) {
            throw new IllegalArgumentException("the external-ca option needs a url= parameter");
        }
        return ca.build();
    }
}
