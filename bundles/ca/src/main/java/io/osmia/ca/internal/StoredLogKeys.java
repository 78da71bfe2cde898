package io.osmia.ca.internal;

import io.osmia.roles.LogKeys;
import java.util.Collections;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.function.Consumer;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;
import javax.crypto.SecretKey;
import javax.crypto.spec.SecretKeySpec;
import org.jspecify.annotations.Nullable;

/** The log keys in the key file. */
public final class StoredLogKeys implements LogKeys {

    private final Supplier<NodeKey> file;
    private final Consumer<UnaryOperator<NodeKey>> rewrite;

    /** @param rewrite changes the file; nothing is written when the operator returns what it was given */
    public StoredLogKeys(Supplier<NodeKey> file, Consumer<UnaryOperator<NodeKey>> rewrite) {
        this.file = file;
        this.rewrite = rewrite;
    }

    private LogKeyRing ring() {
        return file.get().logKeys();
    }

    private void change(UnaryOperator<LogKeyRing> how) {
        rewrite.accept(key -> {
            LogKeyRing changed = how.apply(key.logKeys());
            return changed == key.logKeys() ? key : key.with(changed);
        });
    }

    @Override
    public int current() {
        return ring().current();
    }

    @Override
    public @Nullable SecretKey key(int version) {
        byte[] key = ring().keys().get(version);
        return key == null ? null : new SecretKeySpec(key, "AES");
    }

    @Override
    public SortedSet<Integer> versions() {
        return Collections.unmodifiableSortedSet(new TreeSet<>(ring().keys().keySet()));
    }

    @Override
    public void learn(int version, SecretKey key) {
        change(ring -> ring.with(version, key.getEncoded()));
    }

    @Override
    public void use(int version) {
        change(ring -> ring.using(version));
    }

    @Override
    public void drop(int version) {
        change(ring -> ring.without(version));
    }
}
