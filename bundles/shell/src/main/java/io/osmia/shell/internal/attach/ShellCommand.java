package io.osmia.shell.internal.attach;

import io.osmia.shell.NotReachable;
import io.osmia.shell.internal.command.Session;
import io.osmia.wire.osmia.ShellStart;
import io.osmia.wire.osmia.ShellTerminal;
import java.io.IOException;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code osmia shell}: a session inside the node, or one line of it. */
@Command(name = "shell", description = "Open a shell inside the node, or run one line in it.", footer = {"",
    "As in: osmia shell 'service ls | where replicas=0/*'",
    "Only through the node's socket: whoever may open it is an operator."})
public final class ShellCommand implements Callable<Integer> {

    @Parameters(arity = "0..*", paramLabel = "LINE", description = "What to run; a shell without it. Flags of commands need quotes around the line.")
    private List<String> words = List.of();

    @Option(names = {"-i", "--input"}, description = "Let the line read standard input.")
    private boolean input;

    private final Session session;

    public ShellCommand(Session session) {
        this.session = session;
    }

    @Override
    public Integer call() throws NotReachable, IOException, InterruptedException {
        String line = String.join(" ", words);
        Attached attached = new Attached(session.surroundings());
        ShellStart.Builder start = ShellStart.newBuilder().setLine(line);
        if (!line.isEmpty()) {
            return attached.run(session.shells(), start.build(), input);
        }
        Optional<RawTerminal> here = RawTerminal.open();
        if (here.isEmpty()) {
            return attached.run(session.shells(), start.build(), true);
        }
        try (RawTerminal terminal = here.get()) {
            start.setTerminal(ShellTerminal.newBuilder()
                    .setType(session.surroundings().environment().getOrDefault("TERM", ""))
                    .setSize(terminal.size()));
            return attached.sit(session.shells(), start.build(), terminal);
        }
    }
}
