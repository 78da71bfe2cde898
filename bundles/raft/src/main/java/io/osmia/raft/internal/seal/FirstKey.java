package io.osmia.raft.internal.seal;

import io.osmia.raft.RaftConfig;
import io.osmia.raft.StateException;
import io.osmia.roles.LogKeys;
import java.io.IOException;
import java.nio.file.Path;
import java.security.SecureRandom;
import javax.crypto.SecretKey;
import javax.crypto.spec.SecretKeySpec;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The log key of a cluster that has none: made before the first record is written, so that none is ever in clear text. For
 * a cluster of one; of several managers the leader makes it.
 */
public final class FirstKey {

    /** Of the key that a cluster begins with. */
    public static final int VERSION = 1;

    private static final Logger LOG = LoggerFactory.getLogger(FirstKey.class);
    private static final int KEY_BYTES = 32;

    private final RaftConfig config;
    private final Path group;

    /** @param group the raft group's folder; may be missing */
    public FirstKey(RaftConfig config, Path group) {
        this.config = config;
        this.group = group;
    }

    /** Makes one and uses it, when there is none and there is to be one. */
    public void make() {
        LogKeys keys = config.logKeys();
        if (keys == null || !config.seal() || keys.current() != LogKeys.NOT_SEALED || sealed()) {
            return;
        }
        int version = keys.versions().isEmpty() ? VERSION : keys.versions().last() + 1;
        keys.learn(version, random());
        keys.use(version);
        LOG.info("raft: log and snapshots are sealed with log key {}", version);
    }

    public static SecretKey random() {
        byte[] key = new byte[KEY_BYTES];
        new SecureRandom().nextBytes(key);
        return new SecretKeySpec(key, "AES");
    }

    /** Whether there are records that say themselves which key is in use. */
    private boolean sealed() {
        try {
            return new SealedWith(group).versions().stream().anyMatch(version -> version != LogKeys.NOT_SEALED);
        } catch (IOException e) {
            throw new StateException(group, "cannot be read: " + e.getMessage(), e);
        }
    }
}
