package io.osmia.ca.internal.server;

import io.osmia.ca.RootCa;
import io.osmia.ca.internal.Certificates;
import io.osmia.ca.internal.Issuer;
import io.osmia.ca.internal.Pem;
import io.osmia.ca.internal.PrivateKeys;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.time.Instant;
import java.util.List;

/** Roots of several kinds of keys. */
final class Roots {

    private Roots() {}

    static RootCa ecdsa(Instant now) {
        return of(PrivateKeys.generate(), "ecdsa", now);
    }

    static RootCa rsa(Instant now) {
        return of(rsa(2048), "rsa", now);
    }

    static KeyPair rsa(int bits) {
        try {
            KeyPairGenerator generator = KeyPairGenerator.getInstance("RSA");
            generator.initialize(bits);
            return generator.generateKeyPair();
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    static RootCa of(KeyPair pair, String name, Instant now) {
        return RootCa.signing(
                Certificates.pem(List.of(Issuer.root(pair, name, now))),
                new Pem(Pem.PRIVATE_KEY, pair.getPrivate().getEncoded()).encode());
    }

    static RootCa withoutKey(RootCa root) {
        return RootCa.trusting(root.certificatePem());
    }
}
