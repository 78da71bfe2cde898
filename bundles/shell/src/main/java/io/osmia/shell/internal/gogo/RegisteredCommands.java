package io.osmia.shell.internal.gogo;

import io.osmia.shell.internal.command.Role;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.apache.felix.gogo.runtime.CommandSessionImpl;
import org.apache.felix.service.command.CommandProcessor;
import org.apache.felix.service.command.CommandSession;
import org.apache.felix.service.command.Function;
import org.jspecify.annotations.Nullable;
import org.osgi.framework.BundleContext;
import org.osgi.framework.InvalidSyntaxException;
import org.osgi.framework.ServiceReference;

/**
 * The commands in the service registry: services with the properties {@code osgi.command.scope} and
 * {@code osgi.command.function}, as everywhere in Gogo, and with {@value #ROLE}, without which nobody may give them.
 */
final class RegisteredCommands implements Commands {

    /** Service property: {@code viewer} or {@code operator}. */
    static final String ROLE = "osmia.command.role";

    static final String SCOPE = "osmia";

    private static final String FILTER =
            "(&(" + CommandProcessor.COMMAND_SCOPE + "=*)(" + CommandProcessor.COMMAND_FUNCTION + "=*))";

    private final BundleContext bundles;

    RegisteredCommands(BundleContext bundles) {
        this.bundles = bundles;
    }

    @Override
    public List<Command> all() {
        List<Command> all = new ArrayList<>();
        try {
            @Nullable ServiceReference<?>[] found = bundles.getAllServiceReferences(null, FILTER);
            for (ServiceReference<?> reference : found == null ? new ServiceReference<?>[0] : found) {
                functions(reference).forEach(function -> all.add(command(reference, function)));
            }
        } catch (InvalidSyntaxException e) {
            throw new IllegalStateException(e);
        }
        all.sort(Comparator.<Command, Boolean>comparing(command -> !command.scope().equals(SCOPE))
                .thenComparing(Command::name));
        return all;
    }

    private static List<String> functions(ServiceReference<?> reference) {
        return switch (reference.getProperty(CommandProcessor.COMMAND_FUNCTION)) {
            case String[] several -> List.of(several);
            case Collection<?> several -> several.stream().map(String::valueOf).toList();
            case Object one -> List.of(one.toString());
        };
    }

    private Command command(ServiceReference<?> reference, String function) {
        String scope = String.valueOf(reference.getProperty(CommandProcessor.COMMAND_SCOPE));
        Optional<Role> role = Role.of(String.valueOf(reference.getProperty(ROLE)));
        return new Command(
                scope.toLowerCase(Locale.ROOT),
                function.toLowerCase(Locale.ROOT),
                (session, words) -> call(reference, function, session, words),
                role.orElse(null));
    }

    private @Nullable Object call(
            ServiceReference<?> reference, String function, CommandSession session, List<Object> words)
            throws Exception {
        @Nullable Object service = bundles.getService(reference);
        if (service == null) {
            throw new IllegalStateException("the command " + function + " has just gone away");
        }
        try {
            return service instanceof Function body
                    ? body.execute(session, words)
                    : ((CommandSessionImpl) session).invoke(service, function, words);
        } finally {
            bundles.ungetService(reference);
        }
    }
}
