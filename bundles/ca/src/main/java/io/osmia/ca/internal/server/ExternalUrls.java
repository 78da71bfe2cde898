package io.osmia.ca.internal.server;

import com.google.protobuf.ByteString;
import io.osmia.ca.internal.Pem;
import io.osmia.wire.swarmkit.ExternalCA;
import java.io.ByteArrayOutputStream;
import java.util.List;

/** Which external CAs sign for a root (rule 7.11.2). */
final class ExternalUrls {

    private ExternalUrls() {}

    /**
     * URLs of the CFSSL CAs whose certificate is that of the signer, in order.
     *
     * @param signer PEM of the root to sign for
     * @param current PEM of the current root, which one without a certificate of its own stands for
     */
    static List<String> of(List<ExternalCA> configured, ByteString signer, ByteString current) {
        if (configured.isEmpty()) {
            return List.of();
        }
        ByteString wanted = normal(signer);
        return configured.stream()
                .filter(ca -> ca.getProtocol() == ExternalCA.CAProtocol.CFSSL)
                .filter(ca -> normal(ca.getCaCert().isEmpty() ? current : ca.getCaCert()).equals(wanted))
                .map(ExternalCA::getUrl)
                .toList();
    }

    /** The blocks of a PEM bundle in order, without headers and what stands between them (rule 7.3.4). */
    static ByteString normal(ByteString bundle) {
        ByteArrayOutputStream blocks = new ByteArrayOutputStream();
        try {
            for (Pem block : Pem.parse(bundle.toByteArray())) {
                blocks.writeBytes(new Pem(block.type(), block.der()).encode());
            }
        } catch (IllegalArgumentException noBase64) {
            return bundle;
        }
        return ByteString.copyFrom(blocks.toByteArray());
    }
}
