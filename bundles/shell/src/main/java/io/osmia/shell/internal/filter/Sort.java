package io.osmia.shell.internal.filter;

import io.osmia.shell.internal.command.Session;
import io.osmia.shell.internal.text.Table;
import java.util.Comparator;
import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(name = "sort", description = "Sort a table by a column.")
final class Sort extends Filter {

    @Parameters(paramLabel = "COLUMN", description = "Name of the column.")
    private String column = "";

    @Option(names = {"-r", "--reverse"}, description = "The last one first.")
    private boolean reverse;

    Sort(Session session) {
        super(session);
    }

    @Override
    boolean filter() {
        Table table = table();
        int by = column(table.header(), column);
        Comparator<List<String>> order = Comparator.comparing(row -> row.get(by));
        say(table.header(), table.rows().stream().sorted(reverse ? order.reversed() : order).toList());
        return true;
    }
}
