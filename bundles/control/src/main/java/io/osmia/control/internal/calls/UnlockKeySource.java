package io.osmia.control.internal.calls;

import com.google.protobuf.ByteString;
import io.osmia.wire.UnlockKey;
import java.util.random.RandomGenerator;

/** Makes the keys that unlock managers (rule 7.12.3). */
public final class UnlockKeySource {

    private final RandomGenerator random;

    /** @param random must be fit for secrets */
    public UnlockKeySource(RandomGenerator random) {
        this.random = random;
    }

    ByteString next() {
        byte[] key = new byte[UnlockKey.BYTES];
        random.nextBytes(key);
        return ByteString.copyFrom(key);
    }
}
