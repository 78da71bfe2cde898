package io.osmia.shell.internal.filter;

import io.osmia.shell.internal.command.Session;
import java.io.BufferedReader;
import java.io.IOException;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

@Command(name = "head", description = "Print the first lines.")
final class Head extends Filter {

    private static final int USUAL = 10;

    @Parameters(arity = "0..1", paramLabel = "N", description = "How many. Default: 10.")
    private int count = USUAL;

    Head(Session session) {
        super(session);
    }

    @Override
    boolean filter() throws IOException {
        try (BufferedReader lines = lines()) {
            String line = lines.readLine();
            for (int i = 0; line != null; i++) {
                if (i < count) {
                    say(line);
                }
                line = lines.readLine(); // to the end, for the sake of the writer
            }
        }
        return true;
    }
}
