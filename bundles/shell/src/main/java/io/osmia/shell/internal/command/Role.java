package io.osmia.shell.internal.command;

import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;

/** What somebody in a shell of the node may do; each may do what those before it may. */
public enum Role {
    /** Looks, and changes nothing. Sees no secret by which one could change something. */
    VIEWER,
    /** Does everything, which includes to install plugins: whatever the node itself may do on its machine. */
    OPERATOR;

    public boolean may(Role needed) {
        return compareTo(needed) >= 0;
    }

    /** As it is written in files and service properties. */
    public String word() {
        return name().toLowerCase(Locale.ROOT);
    }

    public static Optional<Role> of(String word) {
        return Arrays.stream(values()).filter(role -> role.word().equals(word)).findFirst();
    }
}
