package io.osmia.shell.internal.filter;

import io.osmia.shell.internal.command.Session;
import io.osmia.shell.internal.text.Table;
import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

@Command(name = "get", description = "Of a table, print one column, or make a table of several.", footer = {"",
    "As in: service ls | get name"})
final class Get extends Filter {

    @Parameters(arity = "1..*", paramLabel = "COLUMN", description = "Name of a column.")
    private List<String> columns = List.of();

    Get(Session session) {
        super(session);
    }

    @Override
    boolean filter() {
        Table table = table();
        List<Integer> wanted = columns.stream().map(name -> column(table.header(), name)).toList();
        if (wanted.size() == 1) {
            table.rows().forEach(row -> say(row.get(wanted.getFirst())));
        } else {
            say(
                    wanted.stream().map(table.header()::get).toList(),
                    table.rows().stream().map(row -> wanted.stream().map(row::get).toList()).toList());
        }
        return !table.rows().isEmpty();
    }
}
