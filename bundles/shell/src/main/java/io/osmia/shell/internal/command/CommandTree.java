package io.osmia.shell.internal.command;

import io.osmia.shell.Surroundings;
import io.osmia.shell.internal.cluster.ClusterCommands;
import io.osmia.shell.internal.node.NodeCommands;
import io.osmia.shell.internal.payload.PayloadCommands;
import io.osmia.shell.internal.plugin.PluginCommands;
import io.osmia.shell.internal.quickstart.QuickstartCommand;
import io.osmia.shell.internal.service.ServiceCommands;
import io.osmia.shell.internal.task.TaskCommands;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Model.CommandSpec;

/**
 * The commands by name. Only those whose name is among the words are built, since to look at the options of all of
 * them takes longer than to run one; help and a word that names nothing get the whole tree.
 */
public final class CommandTree {

    private CommandTree() {}

    public static CommandLine of(Surroundings surroundings, String... words) {
        Set<String> given = Set.copyOf(Arrays.asList(words));
        boolean all = given.contains("--help") || given.contains("-h");
        GlobalOptions options = new GlobalOptions();
        Session session = new Session(surroundings, options);
        CommandLine root = new CommandLine(options);
        root.getCommandSpec().versionProvider(VersionCommand::text);
        options.whenBare(() -> root.usage(root.getOut()));
        List<Entry> chosen = chosen(entries(), given, all);
        for (Entry entry : chosen) {
            addTo(root, entry, session, given, all);
        }
        return root;
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

    private static List<Entry> entries() {
        return List.of(
                ServiceCommands.GROUP,
                NodeCommands.GROUP,
                TaskCommands.GROUP,
                ClusterCommands.GROUP,
                PayloadCommands.SECRETS,
                PayloadCommands.CONFIGS,
                PluginCommands.GROUP,
                Entry.command("quickstart", QuickstartCommand::new),
                Entry.command("version", VersionCommand::new));
    }

    private static List<Entry> chosen(List<Entry> entries, Set<String> given, boolean all) {
        List<Entry> named = entries.stream().filter(entry -> entry.isIn(given)).toList();
        return all || named.isEmpty() ? entries : named;
    }

    private static void addTo(CommandLine parent, Entry entry, Session session, Set<String> given, boolean all) {
        CommandLine line = entry.isGroup() ? group(entry) : command(entry, session);
        line.getCommandSpec().aliases(entry.aliases().toArray(String[]::new));
        parent.addSubcommand(entry.name(), line);
        if (line.getCommandSpec().userObject() instanceof OnDisk) {
            withoutFlagsOfNodes(line.getCommandSpec());
        }
        for (Entry child : chosen(entry.children(), given, all)) {
            addTo(line, child, session, given, all);
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
