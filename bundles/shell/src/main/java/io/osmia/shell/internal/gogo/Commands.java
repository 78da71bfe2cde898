package io.osmia.shell.internal.gogo;

import io.osmia.shell.internal.command.Role;
import java.util.List;
import java.util.Optional;
import org.apache.felix.service.command.Function;
import org.jspecify.annotations.Nullable;

/** The Gogo commands that there are at this moment, whoever offers them. */
interface Commands {

    /** Any scope. */
    String ANY = "*";

    /**
     * @param role who may give it; nobody when it is absent
     */
    record Command(String scope, String function, Function body, @Nullable Role role) {

        String name() {
            return scope + ":" + function;
        }
    }

    /** Those of ours first, then by name. */
    List<Command> all();

    /** By name; in any scope the first counts. */
    default Optional<Command> find(String scope, String function) {
        return all().stream()
                .filter(command -> scope.equals(ANY) || command.scope().equals(scope))
                .filter(command -> command.function().equals(function))
                .findFirst();
    }
}
