package io.osmia.shell.internal.gogo;

import io.osmia.shell.internal.command.CommandTree;
import io.osmia.shell.internal.command.Role;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.StreamSupport;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Model.ArgSpec;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;

/** What may stand next in a line: commands that the role may give, their flags, values of flags, names of objects. */
final class Completion {

    /** Where one command ends and another begins. */
    private static final Set<String> ENDS = Set.of("|", ";", "&&", "||");

    private final Console console;
    private final Names names;

    Completion(Console console, Names names) {
        this.console = console;
        this.names = names;
    }

    /**
     * @param before whole words before the one that is being written
     * @param begun what is there of that one
     */
    List<String> after(List<String> before, String begun) {
        List<String> words = new ArrayList<>(before);
        for (int i = words.size() - 1; i >= 0; i--) {
            if (ENDS.contains(words.get(i))) {
                words = words.subList(i + 1, words.size());
                break;
            }
        }
        List<String> all =
                words.isEmpty() || words.equals(List.of("help")) ? commands(words.isEmpty()) : within(words, begun);
        return all.stream().filter(word -> word.startsWith(begun)).distinct().toList();
    }

    private List<String> commands(boolean withBuiltIn) {
        Set<String> found = new TreeSet<>();
        for (Commands.Command command : console.commands().all()) {
            Role role = command.role();
            if (role != null && console.role().may(role)) {
                found.add(command.function());
                found.add(command.name());
            }
        }
        if (withBuiltIn) {
            found.addAll(Terminals.BUILT_IN);
        }
        return List.copyOf(found);
    }

    private List<String> within(List<String> given, String begun) {
        List<String> words = new ArrayList<>(given);
        if (words.getFirst().equals("help")) {
            words.removeFirst();
        }
        words.set(0, words.getFirst().substring(words.getFirst().indexOf(':') + 1));
        // All that a command has: with its name alone only that one would be built.
        List<String> wanted = new ArrayList<>(words);
        wanted.add("--help");
        CommandTree tree = CommandTree.of(
                console.surroundings(System.in, System.out, System.err),
                console.standing(),
                wanted.toArray(String[]::new));
        return next(tree, words, begun);
    }

    private List<String> next(CommandTree tree, List<String> words, String begun) {
        CommandLine line = tree.root();
        @Nullable OptionSpec open = null;
        int positionals = 0;
        for (String word : words) {
            CommandSpec spec = line.getCommandSpec();
            CommandLine inner = line.getSubcommands().get(word);
            if (open != null) {
                open = null;
            } else if (word.startsWith("-")) {
                @Nullable OptionSpec option = spec.findOption(word);
                open = option != null && option.arity().max() > 0 ? option : null;
            } else if (inner != null) {
                line = inner;
            } else {
                positionals++;
            }
        }
        if (open != null) {
            return values(open);
        }
        return begun.startsWith("-") ? flags(line.getCommandSpec()) : follow(tree, line, positionals);
    }

    private List<String> follow(CommandTree tree, CommandLine line, int positionals) {
        List<String> found = new ArrayList<>();
        line.getSubcommands().forEach((name, inner) -> {
            Role role = tree.role(inner.getCommandSpec());
            boolean isAlias = !name.equals(inner.getCommandName());
            if (role != null && !isAlias && console.role().may(role)) {
                found.add(name);
            }
        });
        line.getCommandSpec().positionalParameters().stream()
                .filter(parameter -> parameter.index().contains(positionals))
                .forEach(parameter -> found.addAll(values(parameter)));
        return found;
    }

    private static List<String> flags(CommandSpec spec) {
        return spec.options().stream()
                .filter(option -> !option.hidden())
                .map(OptionSpec::longestName)
                .sorted()
                .toList();
    }

    private List<String> values(ArgSpec argument) {
        Iterable<String> candidates = argument.completionCandidates();
        if (candidates != null) {
            return StreamSupport.stream(candidates.spliterator(), false)
                    .map(word -> word.toLowerCase(java.util.Locale.ROOT))
                    .toList();
        }
        String label = argument.paramLabel();
        return label.contains("|") ? List.of(label.split("\\|")) : names.of(label);
    }
}
