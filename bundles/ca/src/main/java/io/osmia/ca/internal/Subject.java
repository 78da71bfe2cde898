package io.osmia.ca.internal;

import io.osmia.ca.CaException;
import java.security.cert.X509Certificate;
import javax.naming.InvalidNameException;
import javax.naming.ldap.LdapName;
import javax.naming.ldap.Rdn;

/**
 * The identity in a certificate (rule 7.1.1). A part that the certificate lacks is empty.
 *
 * @param commonName node id
 * @param unit role
 * @param organization cluster id
 */
public record Subject(String commonName, String unit, String organization) {

    public static Subject of(X509Certificate certificate) {
        try {
            LdapName name = new LdapName(certificate.getSubjectX500Principal().getName());
            return new Subject(part(name, "CN"), part(name, "OU"), part(name, "O"));
        } catch (InvalidNameException e) {
            throw new CaException("certificate with an unreadable subject", e);
        }
    }

    /** Checks that this can be a node's identity (rule 7.6.5). */
    public Subject requireNode() {
        if (unit.isEmpty()) {
            throw new CaException("no OU found in certificate subject");
        }
        if (organization.isEmpty()) {
            throw new CaException("no organization found in certificate subject");
        }
        if (commonName.isEmpty()) {
            throw new CaException("no valid subject names found for TLS configuration");
        }
        return this;
    }

    private static String part(LdapName name, String type) {
        for (Rdn rdn : name.getRdns()) {
            if (rdn.getType().equalsIgnoreCase(type) && rdn.getValue() instanceof String value) {
                return value;
            }
        }
        return "";
    }
}
