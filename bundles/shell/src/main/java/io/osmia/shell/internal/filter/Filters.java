package io.osmia.shell.internal.filter;

import io.osmia.shell.internal.command.Entry;
import java.util.List;

/** The commands for the end of a pipe. None of them touches a file. */
public final class Filters {

    public static final List<Entry> ALL = List.of(
            Entry.command("where", Where::new).forViewers(),
            Entry.command("get", Get::new).forViewers(),
            Entry.command("sort", Sort::new).forViewers(),
            Entry.command("count", Count::new).forViewers(),
            Entry.command("grep", Grep::new).forViewers(),
            Entry.command("head", Head::new).forViewers());

    private Filters() {}
}
