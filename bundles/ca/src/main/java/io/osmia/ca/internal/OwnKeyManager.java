package io.osmia.ca.internal;

import java.net.Socket;
import java.security.Principal;
import java.security.PrivateKey;
import java.security.cert.X509Certificate;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.X509ExtendedKeyManager;
import org.jspecify.annotations.Nullable;

/**
 * Shows the newest identity to new handshakes. A handshake asks for alias, chain and key one after the other; the
 * alias says which identity it began with, and the one before the newest is kept for that.
 */
public final class OwnKeyManager extends X509ExtendedKeyManager {

    private record Generation(int number, Identity identity, @Nullable Generation former) {

        String alias() {
            return "node-" + number;
        }
    }

    private volatile Generation current;

    public OwnKeyManager(Identity identity) {
        current = new Generation(0, identity, null);
    }

    /** From now on new handshakes use this one. */
    public synchronized void swap(Identity identity) {
        Generation former = current;
        current = new Generation(
                former.number() + 1, identity, new Generation(former.number(), former.identity(), null));
    }

    @Override
    public @Nullable String chooseEngineServerAlias(
            String keyType, Principal @Nullable [] issuers, @Nullable SSLEngine engine) {
        return alias(keyType);
    }

    @Override
    public @Nullable String chooseServerAlias(
            String keyType, Principal @Nullable [] issuers, @Nullable Socket socket) {
        return alias(keyType);
    }

    @Override
    public @Nullable String chooseEngineClientAlias(
            String[] keyTypes, Principal @Nullable [] issuers, @Nullable SSLEngine engine) {
        return alias(keyTypes);
    }

    @Override
    public @Nullable String chooseClientAlias(
            String[] keyTypes, Principal @Nullable [] issuers, @Nullable Socket socket) {
        return alias(keyTypes);
    }

    @Override
    public String @Nullable [] getClientAliases(String keyType, Principal @Nullable [] issuers) {
        return aliases(keyType);
    }

    @Override
    public String @Nullable [] getServerAliases(String keyType, Principal @Nullable [] issuers) {
        return aliases(keyType);
    }

    @Override
    public X509Certificate @Nullable [] getCertificateChain(String alias) {
        Generation generation = generation(alias);
        return generation == null ? null : generation.identity().chain().toArray(X509Certificate[]::new);
    }

    @Override
    public @Nullable PrivateKey getPrivateKey(String alias) {
        Generation generation = generation(alias);
        return generation == null ? null : generation.identity().key();
    }

    private @Nullable Generation generation(String alias) {
        for (Generation g = current; g != null; g = g.former()) {
            if (g.alias().equals(alias)) {
                return g;
            }
        }
        return null;
    }

    private String @Nullable [] aliases(String keyType) {
        String alias = alias(keyType);
        return alias == null ? null : new String[] {alias};
    }

    /** TLS 1.2 names a key type also with its signature, as {@code EC_EC}. */
    private @Nullable String alias(String... keyTypes) {
        Generation generation = current;
        String algorithm = generation.identity().key().getAlgorithm();
        for (String type : keyTypes) {
            if (type.equals(algorithm) || type.startsWith(algorithm + "_")) {
                return generation.alias();
            }
        }
        return null;
    }
}
