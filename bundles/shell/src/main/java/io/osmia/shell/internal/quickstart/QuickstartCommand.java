package io.osmia.shell.internal.quickstart;

import io.osmia.shell.internal.command.Failure;
import io.osmia.shell.internal.command.Session;
import io.osmia.shell.internal.command.SessionCommand;
import io.osmia.shell.internal.command.TaskTable;
import io.osmia.shell.internal.connect.SocketPath;
import io.osmia.shell.internal.service.ServiceTasks;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

@Command(name = "quickstart", header = "Start a node in the background, with a service of three processes.", description = {
    "The node is your own: only you may open its socket.",
    "It may run programs of this machine as your user; its services are such programs."
})
public final class QuickstartCommand extends SessionCommand {

    @Option(names = "--state-dir", paramLabel = "DIR", description = "Where it lives. Default: osmia-quickstart below XDG_STATE_HOME or ~/.local/state.")
    private @Nullable Path stateDir;

    @Option(names = "--stop", description = "End the node and its processes, and remove the directory.")
    private boolean stop;

    public QuickstartCommand(Session session) {
        super(session);
    }

    @Override
    protected void run() throws Exception {
        Folder folder = new Folder(stateDir());
        Session atNode = session.at(folder.socket());
        if (stop) {
            stop(atNode, folder);
        } else {
            start(atNode, folder);
        }
    }

    private Path stateDir() {
        Path dir = stateDir;
        return dir != null
                ? dir.toAbsolutePath().normalize()
                : SocketPath.state(session.surroundings().environment(), "osmia-quickstart");
    }

    private void start(Session atNode, Folder folder) throws Exception {
        Path launcher = launcher();
        folder.prepare();
        QuickstartNode node = new QuickstartNode(atNode, folder);
        NodeLog log = new NodeLog(folder.log());
        Optional<HostProcess> running = node.running();
        HostProcess process = running.isPresent() ? running.get() : start(node, folder, launcher);
        node.awaitReady(process, log);
        if (running.isEmpty()) {
            progress("Node runs, waiting for service " + HelloService.NAME + " ...");
        } else {
            session.out().println("A node is already running in " + folder.dir() + ".");
        }
        String hello = new HelloService(atNode).ensure();
        session.out().println();
        new TaskTable(atNode).print(ServiceTasks.of(atNode, hello, false));
        whatNext(session.out(), launcher, folder);
    }

    private HostProcess start(QuickstartNode node, Folder folder, Path launcher) throws IOException {
        progress("Starting a node in " + folder.dir() + " ...");
        return node.start(launcher);
    }

    private Path launcher() {
        Path launcher = Path.of(session.surroundings().home(), "bin", "osmia");
        if (session.surroundings().home().isEmpty() || !Files.isExecutable(launcher)) {
            throw Failure.refused("quickstart needs an installation of Osmia, and " + launcher
                    + " cannot be run; unpack it again and run its bin/osmia");
        }
        return launcher;
    }

    private void progress(String line) {
        session.err().println(line);
        session.err().flush();
    }

    private void whatNext(PrintStream out, Path launcher, Folder folder) {
        String osmia = quoted(launcher) + " --socket " + quoted(folder.socket());
        out.println();
        out.println("Try next:");
        out.println("  " + osmia + " service ls");
        out.println("  " + osmia + " service scale hello=5 --wait");
        out.println("  " + osmia + " service logs hello");
        out.println();
        out.println("End it all: " + quoted(launcher) + " quickstart --stop"
                + (stateDir == null ? "" : " --state-dir " + quoted(folder.dir())));
    }

    /** As a shell reads it back. */
    private static String quoted(Path path) {
        String text = path.toString();
        boolean plain = text.chars().allMatch(c -> Character.isLetterOrDigit(c) || "/._-+,:@%".indexOf(c) >= 0);
        return plain ? text : "'" + text.replace("'", "'\\''") + "'";
    }

    private void stop(Session atNode, Folder folder) throws IOException {
        if (!folder.exists()) {
            session.out().println("Nothing to stop: there is no " + folder.dir() + ".");
            return;
        }
        if (!folder.isOurs()) {
            throw Failure.refused("state directory " + folder.dir() + " was not made by quickstart, so it stays; "
                    + "name the right one with --state-dir");
        }
        new Stop(atNode, folder).run();
        session.out().println("Stopped; " + folder.dir() + " is removed.");
    }
}
