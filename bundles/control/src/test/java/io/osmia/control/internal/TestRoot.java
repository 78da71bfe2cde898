package io.osmia.control.internal;

import io.osmia.roles.RootKeyMaterial;
import java.nio.charset.StandardCharsets;

/** Texts in place of certificates and keys. */
record TestRoot(String key, byte... unlockKey) implements RootKeyMaterial {

    @Override
    public byte[] certPem() {
        return "cert".getBytes(StandardCharsets.UTF_8);
    }

    @Override
    public byte[] keyPem() {
        return key.getBytes(StandardCharsets.UTF_8);
    }

    @Override
    public String workerToken() {
        return "w";
    }

    @Override
    public String managerToken() {
        return "m";
    }

    @Override
    public String hash() {
        return "sha256:00";
    }

    @Override
    public byte[] nodeCertificatePem() {
        return "own".getBytes(StandardCharsets.UTF_8);
    }
}
