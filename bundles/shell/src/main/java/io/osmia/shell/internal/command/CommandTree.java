package io.osmia.shell.internal.command;

import io.osmia.shell.Surroundings;
import io.osmia.shell.internal.attach.ShellCommand;
import io.osmia.shell.internal.cluster.ClusterCommands;
import io.osmia.shell.internal.node.NodeCommands;
import io.osmia.shell.internal.payload.PayloadCommands;
import io.osmia.shell.internal.plugin.ExecutorCommands;
import io.osmia.shell.internal.plugin.PluginCommands;
import io.osmia.shell.internal.plugin.StrategyCommands;
import io.osmia.shell.internal.quickstart.QuickstartCommand;
import io.osmia.shell.internal.service.ServiceCommands;
import io.osmia.shell.internal.task.TaskCommands;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Model.CommandSpec;

/**
 * The commands by name. Only those whose name is among the words are built, since to look at the options of all of
 * them takes longer than to run one; help and a word that names nothing get the whole tree.
 */
public final class CommandTree {

    /** What means nothing inside a node, which is the one that is asked. */
    private static final List<String> FLAGS_OF_THE_COMMAND_LINE =
            List.of("--socket", "--tls", "--host", "--certificates", "--version");

    private final CommandLine root;
    private final Map<CommandSpec, Role> roles = new IdentityHashMap<>();
    private final Session session;
    private final Set<String> given;
    private final boolean all;
    private final boolean inNode;

    private CommandTree(Surroundings surroundings, Standing standing, Set<String> given) {
        this.given = given;
        this.all = given.contains("--help") || given.contains("-h");
        GlobalOptions options = new GlobalOptions();
        this.session = new Session(surroundings, options);
        this.root = new CommandLine(options);
        root.getCommandSpec().versionProvider(VersionCommand::text);
        options.whenBare(() -> root.usage(root.getOut()));
        this.inNode = standing.isInNode();
        if (inNode) {
            root.getCommandSpec().usageMessage().footer(new String[0]);
            withoutFlags(root.getCommandSpec(), FLAGS_OF_THE_COMMAND_LINE);
        }
        for (Entry entry : chosen(entries(standing))) {
            addTo(root, entry);
        }
    }

    public static CommandTree of(Surroundings surroundings, Standing standing, String... words) {
        return new CommandTree(surroundings, standing, Set.copyOf(Arrays.asList(words)));
    }

    /** All commands of a place, built or not. */
    public static List<Entry> entries(Standing standing) {
        List<Entry> entries = new ArrayList<>(List.of(
                ServiceCommands.GROUP,
                NodeCommands.GROUP,
                TaskCommands.GROUP,
                ClusterCommands.GROUP,
                PayloadCommands.SECRETS,
                PayloadCommands.CONFIGS,
                PluginCommands.GROUP,
                ExecutorCommands.GROUP,
                StrategyCommands.GROUP,
                Entry.command("quickstart", QuickstartCommand::new),
                Entry.command("shell", ShellCommand::new),
                Entry.command("version", VersionCommand::new).forViewers()));
        entries.addAll(standing.more());
        return entries;
    }

    public CommandLine root() {
        return root;
    }

    /** Who may give the command in a shell of the node; absent when nobody may. */
    public @Nullable Role role(CommandSpec command) {
        return roles.get(command);
    }

    /** {@code help a b} is {@code a b --help}. */
    public static String[] withoutHelpCommand(String... words) {
        if (words.length == 0 || !words[0].equals("help")) {
            return words;
        }
        String[] turned = Arrays.copyOfRange(words, 1, words.length + 1);
        turned[words.length - 1] = "--help";
        return turned;
    }

    private List<Entry> chosen(List<Entry> entries) {
        List<Entry> named = entries.stream().filter(entry -> entry.isIn(given)).toList();
        return all || named.isEmpty() ? entries : named;
    }

    private void addTo(CommandLine parent, Entry entry) {
        CommandLine line = entry.isGroup() ? group(entry) : command(entry, session);
        CommandSpec spec = line.getCommandSpec();
        spec.aliases(entry.aliases().toArray(String[]::new));
        parent.addSubcommand(entry.name(), line);
        if (spec.userObject() instanceof OnDisk) {
            withoutFlagsOfNodes(spec);
        }
        Role role = entry.isGroup() ? Role.VIEWER : entry.role();
        if (role != null) {
            roles.put(spec, role);
        } else if (inNode) {
            spec.usageMessage().hidden(true);
        }
        for (Entry child : chosen(entry.children())) {
            addTo(line, child);
        }
    }

    private static CommandLine command(Entry entry, Session session) {
        CommandLine line = new CommandLine(entry.build(session));
        if (!entry.description().isEmpty()) {
            line.getCommandSpec().name(entry.name()).usageMessage().description(entry.description());
        }
        return line;
    }

    /** A command that asks no node takes none of the flags that say which one, and how. */
    private static void withoutFlagsOfNodes(CommandSpec command) {
        List.copyOf(command.options()).stream()
                .filter(option -> option.inherited() && !option.usageHelp())
                .forEach(command::remove);
    }

    private static void withoutFlags(CommandSpec command, List<String> names) {
        List.copyOf(command.options()).stream()
                .filter(option -> names.contains(option.longestName()))
                .forEach(command::remove);
    }

    private static CommandLine group(Entry entry) {
        Bare bare = new Bare();
        CommandSpec spec = CommandSpec.wrapWithoutInspection(bare);
        spec.usageMessage().description(entry.description()).synopsisSubcommandLabel("COMMAND");
        if (!entry.footer().isEmpty()) {
            spec.usageMessage().footer("", entry.footer());
        }
        CommandLine line = new CommandLine(spec);
        bare.line = line;
        return line;
    }

    /** A group without a command shows what commands it has. */
    private static final class Bare implements Runnable {

        private @Nullable CommandLine line;

        @Override
        public void run() {
            CommandLine shown = line;
            if (shown != null) {
                shown.usage(shown.getOut());
            }
        }
    }
}
