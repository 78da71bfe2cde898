package io.osmia.shell.internal.filter;

import io.osmia.shell.internal.command.ExitCode;
import io.osmia.shell.internal.command.Failure;
import io.osmia.shell.internal.command.Session;
import io.osmia.shell.internal.text.Table;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.stream.IntStream;

/** The end of a pipe. Takes tables as they are, with their columns by name, or lines of text. */
abstract class Filter implements Callable<Integer> {

    private final Session session;

    Filter(Session session) {
        this.session = session;
    }

    /** Whether something was found. */
    abstract boolean filter() throws IOException;

    @Override
    public final Integer call() throws IOException {
        if (!(session.surroundings().in() instanceof GivesTables in) || !in.isPiped()) {
            throw Failure.usage("takes what another command lists, as in: service ls | where replicas=0/*");
        }
        return filter() ? ExitCode.DONE : ExitCode.REFUSED;
    }

    final void say(String line) {
        session.out().println(line);
    }

    final void say(List<String> header, List<List<String>> rows) {
        Table table = new Table(header.toArray(String[]::new));
        rows.forEach(row -> table.row(row.toArray(String[]::new)));
        table.print(session.out());
    }

    final Table table() {
        return ((GivesTables) session.surroundings().in())
                .table()
                .orElseThrow(() -> Failure.usage("takes a table, and the command before it printed none"));
    }

    final BufferedReader lines() {
        return new BufferedReader(new InputStreamReader(session.surroundings().in(), StandardCharsets.UTF_8));
    }

    /** Columns are named as in the header, in any case; blanks may be left out. */
    static int column(List<String> header, String name) {
        return IntStream.range(0, header.size())
                .filter(i -> plain(header.get(i)).equals(plain(name)))
                .findFirst()
                .orElseThrow(() -> Failure.usage("there is no column '" + name + "'; there are: "
                        + String.join(", ", header)));
    }

    private static String plain(String name) {
        return name.replace(" ", "").toLowerCase(java.util.Locale.ROOT);
    }
}
