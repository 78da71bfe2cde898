package io.osmia.shell.internal.command;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import picocli.CommandLine.Command;

/** {@code osmia version} (rule 10.4.5). */
@Command(name = "version", description = "Print the version of this command.")
final class VersionCommand extends SessionCommand {

    VersionCommand(Session session) {
        super(session);
    }

    @Override
    protected void run() throws IOException {
        for (String line : text()) {
            session.out().println(line);
        }
    }

    /** Also what {@code osmia --version} prints. */
    static String[] text() throws IOException {
        try (InputStream in = VersionCommand.class.getResourceAsStream("version")) {
            String version = in == null ? "unknown" : new String(in.readAllBytes(), StandardCharsets.UTF_8).trim();
            return new String[] {"osmia io.osmia " + version};
        }
    }
}
