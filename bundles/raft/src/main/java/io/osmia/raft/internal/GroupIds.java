package io.osmia.raft.internal;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.UUID;

/** The raft group of a cluster: Ratis wants a UUID, a cluster id is 25 characters (rule 1.1.1). */
public final class GroupIds {

    private GroupIds() {}

    public static UUID of(String clusterId) {
        try {
            byte[] digest = MessageDigest.getInstance("SHA-256")
                    .digest(("osmia raft group " + clusterId).getBytes(StandardCharsets.UTF_8));
            ByteBuffer bytes = ByteBuffer.wrap(digest);
            return new UUID(bytes.getLong(), bytes.getLong());
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("a JDK without SHA-256", e);
        }
    }
}
