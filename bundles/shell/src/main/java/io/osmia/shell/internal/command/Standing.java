package io.osmia.shell.internal.command;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Where commands are given: at a command line, where the node they are sent to knows who may do what, or in a shell inside the
 * node, where a role limits them.
 *
 * @param role absent at a command line
 * @param more commands that only this place has
 */
public record Standing(@Nullable Role role, List<Entry> more) {

    public static final Standing COMMAND_LINE = new Standing(null, List.of());

    public Standing {
        more = List.copyOf(more);
    }

    public boolean isInNode() {
        return role != null;
    }

    /**
     * @param command its whole name
     * @param needed absent for a command that was given no role
     * @throws Failure when it is not for whoever stands here
     */
    public void check(String command, @Nullable Role needed) {
        Role own = role;
        if (own == null) {
            return;
        }
        if (needed == null) {
            throw Failure.refused(
                    "'" + command
                            + "' has no role, so it is for nobody in a shell of the node; give it at a command line");
        }
        if (!own.may(needed)) {
            throw Failure.refused(
                    "'" + command + "' is for the role " + needed.word() + ", and this is a shell of a " + own.word());
        }
    }
}
