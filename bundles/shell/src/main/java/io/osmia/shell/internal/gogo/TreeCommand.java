package io.osmia.shell.internal.gogo;

import java.util.List;
import org.apache.felix.service.command.CommandSession;
import org.apache.felix.service.command.Function;
import org.jspecify.annotations.Nullable;

/** A command of the command line, or a group of them, as a command of Gogo. */
record TreeCommand(String name) implements Function {

    @Override
    public @Nullable Object execute(CommandSession session, List<Object> words) {
        String[] all = new String[words.size() + 1];
        all[0] = name;
        for (int i = 0; i < words.size(); i++) {
            all[i + 1] = String.valueOf(words.get(i));
        }
        RoleProcessor.console(session).run(all);
        return null;
    }
}
