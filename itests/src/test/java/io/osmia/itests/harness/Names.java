package io.osmia.itests.harness;

import java.security.cert.X509Certificate;
import javax.naming.InvalidNameException;
import javax.naming.ldap.LdapName;

/** Parts of a certificate's subject. */
public final class Names {

    private Names() {}

    /** The value of this type, CN, OU or O. */
    public static String of(X509Certificate certificate, String type) {
        try {
            return new LdapName(certificate.getSubjectX500Principal().getName())
                    .getRdns().stream()
                    .filter(part -> part.getType().equals(type))
                    .map(part -> part.getValue().toString())
                    .findFirst()
                    .orElseThrow();
        } catch (InvalidNameException e) {
            throw new IllegalStateException(e);
        }
    }
}
