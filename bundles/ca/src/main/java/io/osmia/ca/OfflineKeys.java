package io.osmia.ca;

import io.osmia.ca.internal.CertificateFiles;
import io.osmia.ca.internal.NodeKey;
import io.osmia.ca.internal.Pem;
import io.osmia.ca.internal.StoredLogKeys;
import io.osmia.roles.LogKeys;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;

/** The log keys of a node that does not run. */
public final class OfflineKeys {

    private OfflineKeys() {}

    /**
     * The log keys in a key file. What is changed about them stays in memory.
     *
     * @param certificates the directory
     * @param unlockKey for a key file that is locked
     * @return empty when there is no key file
     * @throws CaException when it is damaged, or locked with another key than the one given
     */
    public static Optional<LogKeys> read(Path certificates, Optional<byte[]> unlockKey) {
        CertificateFiles files = new CertificateFiles(certificates);
        return files.read(files.key()).map(content -> inMemory(files.key(), content, unlockKey));
    }

    private static LogKeys inMemory(Path file, byte[] content, Optional<byte[]> unlockKey) {
        AtomicReference<NodeKey> held = new AtomicReference<>(parse(file, content, unlockKey));
        return new StoredLogKeys(held::get, held::updateAndGet);
    }

    private static NodeKey parse(Path file, byte[] content, Optional<byte[]> unlockKey) {
        try {
            List<Pem> blocks = Pem.parse(content);
            if (blocks.size() != 1) {
                throw new CaException("it must hold one PEM block, and holds " + blocks.size());
            }
            return NodeKey.parse(blocks.getFirst(), unlockKey);
        } catch (CaException | IllegalArgumentException e) {
            throw new CaException("the log keys in " + file + " cannot be read: " + e.getMessage(), e);
        }
    }
}
