package io.osmia.raft.internal;

import io.osmia.raft.MemoryKeys;
import io.osmia.roles.LogKeys;
import java.util.SortedSet;
import javax.crypto.SecretKey;
import org.jspecify.annotations.Nullable;

/** Log keys that let a test into what asks for them. */
class TrickyKeys implements LogKeys {

    private final MemoryKeys keys = MemoryKeys.first();

    @Override
    public int current() {
        return keys.current();
    }

    @Override
    public @Nullable SecretKey key(int version) {
        return keys.key(version);
    }

    @Override
    public SortedSet<Integer> versions() {
        return keys.versions();
    }

    @Override
    public void learn(int version, SecretKey key) {
        keys.learn(version, key);
    }

    @Override
    public void use(int version) {
        keys.use(version);
    }

    @Override
    public void drop(int version) {
        keys.drop(version);
    }
}
