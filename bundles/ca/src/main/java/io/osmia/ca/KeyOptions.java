package io.osmia.ca;

import java.time.Duration;
import java.util.Optional;

/**
 * How a node opens its certificate and key.
 *
 * @param unlockKey the key that the key file is encrypted with (rule 7.12.3)
 * @param autolock whether a new cluster gets an unlock key (rule 7.5.7)
 * @param allowExpired whether a certificate that has ended is as good as any (force-new-cluster)
 * @param expiredGrace how long after its end a certificate may still be renewed; zero for never
 */
public record KeyOptions(
        Optional<byte[]> unlockKey, boolean autolock, boolean allowExpired, Duration expiredGrace) {

    /** No unlock key, none for a new cluster, and a certificate must be valid. */
    public static final KeyOptions PLAIN = new KeyOptions(Optional.empty(), false, false, Duration.ZERO);

    /** Of a node that has just joined: as {@link #PLAIN}, and others may renew a week late. */
    static final KeyOptions JOINED = new KeyOptions(Optional.empty(), false, false, Duration.ofDays(7));
}
