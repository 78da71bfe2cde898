package io.osmia.launcher;

import java.io.PrintStream;

/** What {@code osmia node --help} prints. */
final class Help {

    private Help() {}

    static void print(PrintStream out) {
        out.println("Run a node in the foreground, or look at the nodes of the cluster.");
        out.println();
        out.println("Usage:");
        out.println("  osmia node --state-dir DIR [flags]   run a node until it is told to stop");
        out.println("  osmia node COMMAND ...               look at nodes and change them: 'osmia help node'");
        out.println();
        out.println("Flags:");
        for (NodeFlag flag : NodeFlag.values()) {
            out.println(flag.usage());
        }
        out.println("  %-36s %s".formatted("--help, -h", "this text"));
        out.println();
        out.println(
                "A new node founds a cluster, or joins the one that --join-addr and a join token name; the token says");
        out.println("whether it becomes a worker or a manager. A node that has joined needs neither to start again.");
        out.println("The state directory defaults to /var/lib/osmia for root, else to $XDG_STATE_HOME/osmia.");
        out.println("SIGTERM stops the node and leaves its tasks running; the next start takes them over.");
    }
}
