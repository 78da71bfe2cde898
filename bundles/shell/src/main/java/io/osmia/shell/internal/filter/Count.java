package io.osmia.shell.internal.filter;

import io.osmia.shell.internal.command.Session;
import io.osmia.shell.internal.text.Table;
import java.io.IOException;
import java.util.Optional;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

@Command(name = "count", description = "Print how many rows a table has.")
final class Count extends Filter {

    @Option(names = "--lines", description = "Count the lines of the text instead.")
    private boolean lines;

    Count(Session session) {
        super(session);
    }

    @Override
    boolean filter() throws IOException {
        say(Long.toString(
                lines ? lines().lines().count() : Optional.of(table()).map(Table::rows).orElseThrow().size()));
        return true;
    }
}
