package io.osmia.raft;

import io.osmia.roles.LogKeys;
import java.util.Arrays;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import javax.crypto.SecretKey;
import javax.crypto.spec.SecretKeySpec;
import org.jspecify.annotations.Nullable;

/** Log keys that outlive a node of a test, in memory. */
public class MemoryKeys implements LogKeys {

    private final TreeMap<Integer, SecretKey> held = new TreeMap<>();
    private int current;

    /** Without any. */
    public MemoryKeys() {}

    /** With one version, which is in use. */
    public MemoryKeys(int version) {
        held.put(version, ofSeed(version));
        current = version;
    }

    /** With version 1 in use. */
    public static MemoryKeys first() {
        return new MemoryKeys(1);
    }

    public static SecretKey ofSeed(int seed) {
        byte[] bytes = new byte[32];
        Arrays.fill(bytes, (byte) seed);
        return new SecretKeySpec(bytes, "AES");
    }

    @Override
    public synchronized int current() {
        return current;
    }

    @Override
    public synchronized @Nullable SecretKey key(int version) {
        return held.get(version);
    }

    @Override
    public synchronized SortedSet<Integer> versions() {
        return new TreeSet<>(held.keySet());
    }

    @Override
    public synchronized void learn(int version, SecretKey key) {
        held.putIfAbsent(version, key);
    }

    @Override
    public synchronized void use(int version) {
        if (!held.containsKey(version)) {
            throw new IllegalArgumentException("log key " + version + " is not held");
        }
        current = version;
    }

    @Override
    public synchronized void drop(int version) {
        if (version != current) {
            held.remove(version);
        }
    }
}
