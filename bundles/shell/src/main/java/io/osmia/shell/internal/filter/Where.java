package io.osmia.shell.internal.filter;

import io.osmia.shell.internal.command.Failure;
import io.osmia.shell.internal.command.Session;
import io.osmia.shell.internal.text.Table;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

@Command(name = "where", description = "Of a table, keep the rows whose columns say what is asked for.", footer = {"",
    "As in: task ls | where 'last state'=RUNNING* node!=worker-1"})
final class Where extends Filter {

    @Parameters(arity = "1..*", paramLabel = "COLUMN=TEXT", description = "COLUMN=TEXT or COLUMN!=TEXT; a * in the text stands for anything.")
    private List<String> conditions = List.of();

    Where(Session session) {
        super(session);
    }

    @Override
    boolean filter() {
        Table table = table();
        List<Predicate<List<String>>> all = new ArrayList<>();
        conditions.forEach(condition -> all.add(parse(table.header(), condition)));
        List<List<String>> rows = table.rows().stream()
                .filter(row -> all.stream().allMatch(condition -> condition.test(row)))
                .toList();
        say(table.header(), rows);
        return !rows.isEmpty();
    }

    private static Predicate<List<String>> parse(List<String> header, String condition) {
        int equals = condition.indexOf('=');
        if (equals < 1) {
            throw Failure.usage("'" + condition + "' is not COLUMN=TEXT");
        }
        boolean not = condition.charAt(equals - 1) == '!';
        int column = column(header, condition.substring(0, not ? equals - 1 : equals));
        Pattern wanted = pattern(condition.substring(equals + 1));
        return row -> wanted.matcher(row.get(column)).matches() != not;
    }

    private static Pattern pattern(String text) {
        return Pattern.compile(java.util.Arrays.stream(text.split("\\*", -1))
                .map(Pattern::quote)
                .collect(Collectors.joining(".*")), Pattern.CASE_INSENSITIVE);
    }
}
