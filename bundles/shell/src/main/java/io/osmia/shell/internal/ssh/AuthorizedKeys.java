package io.osmia.shell.internal.ssh;

import io.osmia.shell.internal.command.Role;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.GeneralSecurityException;
import java.security.PublicKey;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.apache.sshd.common.config.keys.AuthorizedKeyEntry;
import org.apache.sshd.common.config.keys.KeyUtils;
import org.apache.sshd.common.config.keys.PublicKeyEntryResolver;

/**
 * Who may come in by SSH: a file in the form of OpenSSH's {@code authorized_keys}, each line of which says by the option
 * {@code osmia-role="viewer"} or {@code osmia-role="operator"} what its key may do. A line that says anything that would not be
 * kept makes the whole file refused.
 *
 * @param keys in the order of the file
 */
record AuthorizedKeys(List<Key> keys) {

    private static final String ROLE = "osmia-role";

    private static final Set<PosixFilePermission> OTHERS_WRITE =
            EnumSet.of(PosixFilePermission.GROUP_WRITE, PosixFilePermission.OTHERS_WRITE);

    /** @param comment what the line says at its end, to recognize it by */
    record Key(PublicKey key, Role role, String comment) {}

    AuthorizedKeys {
        keys = List.copyOf(keys);
    }

    /** @throws IOException if it cannot be read, others may write it, or a line is not understood; the message says which */
    static AuthorizedKeys read(Path file) throws IOException {
        Set<PosixFilePermission> permissions = Files.getPosixFilePermissions(file);
        if (permissions.stream().anyMatch(OTHERS_WRITE::contains)) {
            throw new IOException(file + " may be written by others (" + PosixFilePermissions.toString(permissions)
                    + "), who could let themselves in; say 'chmod go-w' to it");
        }
        List<Key> keys = new ArrayList<>();
        List<String> lines = Files.readAllLines(file);
        for (int i = 0; i < lines.size(); i++) {
            String line = lines.get(i).strip();
            if (!line.isEmpty() && !line.startsWith("#")) {
                keys.add(key(file + ", line " + (i + 1), line));
            }
        }
        return new AuthorizedKeys(keys);
    }

    private static Key key(String where, String line) throws IOException {
        try {
            AuthorizedKeyEntry entry = AuthorizedKeyEntry.parseAuthorizedKeyEntry(line);
            Map<String, String> options = entry.getLoginOptions();
            Role role = Role.of(options.getOrDefault(ROLE, ""))
                    .orElseThrow(() -> new IOException(
                            where + ": says no role; it begins with " + ROLE + "=\"viewer\" or " + ROLE
                                    + "=\"operator\""));
            for (String option : options.keySet()) {
                if (!option.equals(ROLE)) {
                    throw new IOException(where + ": the option " + option + " is not kept here; take it away");
                }
            }
            return new Key(resolved(where, entry), role, String.valueOf(entry.getComment()));
        } catch (IllegalArgumentException e) {
            throw noKey(where, e);
        }
    }

    private static PublicKey resolved(String where, AuthorizedKeyEntry entry) throws IOException {
        try {
            return entry.resolvePublicKey(null, PublicKeyEntryResolver.FAILING);
        } catch (GeneralSecurityException | IOException e) {
            throw noKey(where, e);
        }
    }

    private static IOException noKey(String where, Exception cause) {
        return new IOException(where + ": is no public key: " + cause.getMessage(), cause);
    }

    Optional<Key> find(PublicKey shown) {
        return keys.stream().filter(key -> KeyUtils.compareKeys(key.key(), shown)).findFirst();
    }
}
