package io.osmia.shell.internal.command;

import java.util.List;
import java.util.Optional;
import picocli.CommandLine.Model.CommandSpec;

/** Flags that SwarmKit's command line has (rule 10.3.3) and this one does not have yet. */
public interface Unsupported {

    /** Their names, as {@code --name}. */
    List<String> unsupportedFlags();

    /** The first word that is such a flag of the command, if its user object knows any. */
    static Optional<String> in(CommandSpec command, String... words) {
        if (!(command.userObject() instanceof Unsupported unsupported)) {
            return Optional.empty();
        }
        for (String word : words) {
            int end = word.indexOf('=');
            String name = end < 0 ? word : word.substring(0, end);
            if (unsupported.unsupportedFlags().contains(name)) {
                return Optional.of(name);
            }
        }
        return Optional.empty();
    }
}
