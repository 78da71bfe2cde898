package io.osmia.ca;

import io.osmia.ca.internal.server.Cfssl;
import io.osmia.ca.internal.server.RootChange;
import io.osmia.roles.Clock;
import io.osmia.roles.Credentials;
import io.osmia.wire.swarmkit.CAConfig;
import io.osmia.wire.swarmkit.RootCA;

/** What a wanted CA configuration makes of the cluster's root (rule 7.10). */
public final class CaConfiguration {

    private final Credentials credentials;
    private final Clock clock;

    /** @param credentials the certificate that external CAs are shown */
    public CaConfiguration(Credentials credentials, Clock clock) {
        this.credentials = credentials;
        this.clock = clock;
    }

    /**
     * The root as it has to be stored with this configuration; the current one when nothing changes. May ask external CAs,
     * up to 5 s each: not for the body of a transaction. Whoever stores the answer checks that the root is still the
     * current one.
     *
     * @param current root_ca of the stored cluster
     * @param wanted ca_config of the new spec
     * @throws CaRefusedException when it cannot be done; its message and code are for the client
     */
    public RootCA next(RootCA current, CAConfig wanted) {
        try (Cfssl external = new Cfssl(credentials.keyManager())) {
            return RootChange.next(current, wanted, external, clock.now());
        }
    }
}
