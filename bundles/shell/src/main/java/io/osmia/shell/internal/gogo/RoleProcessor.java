package io.osmia.shell.internal.gogo;

import io.osmia.shell.internal.command.Failure;
import io.osmia.shell.internal.command.Role;
import io.osmia.shell.internal.command.Standing;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;
import org.apache.felix.gogo.runtime.CommandProcessorImpl;
import org.apache.felix.gogo.runtime.CommandSessionImpl;
import org.apache.felix.service.command.CommandSession;
import org.apache.felix.service.command.Function;
import org.jspecify.annotations.Nullable;

/** Gogo for one session: it finds the commands of the moment, and gives out only those that the role may give. */
final class RoleProcessor extends CommandProcessorImpl {

    private final Commands commands;
    private final Console console;
    private final Standing standing;

    RoleProcessor(Commands commands, Console console, Role role) {
        this.commands = commands;
        this.console = console;
        this.standing = new Standing(role, List.of());
    }

    /** The console that a command was given at. */
    static Console console(CommandSession session) {
        if (session instanceof CommandSessionImpl own && own.processor() instanceof RoleProcessor processor) {
            return processor.console;
        }
        throw Failure.refused("this command is for the shells of the node, which know who gives it");
    }

    @Override
    public Set<String> getCommands() {
        Set<String> names = new TreeSet<>();
        commands.all().forEach(command -> names.add(command.name()));
        return names;
    }

    @Override
    protected @Nullable Function getCommand(String name, @Nullable Object path) {
        int colon = name.indexOf(':');
        if (colon < 0) {
            return null;
        }
        String wanted = name.toLowerCase(Locale.ROOT);
        return commands.find(wanted.substring(0, colon), wanted.substring(colon + 1))
                .map(this::guarded)
                .orElse(null);
    }

    private Function guarded(Commands.Command command) {
        return (session, words) -> {
            try {
                standing.check(command.name(), command.role());
            } catch (Failure refused) {
                console.refused(refused);
                return null;
            }
            return command.body().execute(session, words);
        };
    }

    /** The files would be those of the node's machine, and the node's rights on them. */
    @Override
    public Path redirect(CommandSessionImpl session, Path path, int mode) {
        throw Failure.refused("a shell of the node reads and writes no files; redirect outside, as in:"
                + " osmia shell 'service ls' > FILE");
    }
}
