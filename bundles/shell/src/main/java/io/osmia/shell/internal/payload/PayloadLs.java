package io.osmia.shell.internal.payload;

import com.google.protobuf.Message;
import io.osmia.shell.NotReachable;
import io.osmia.shell.internal.command.ListCommand;
import io.osmia.shell.internal.command.Session;
import io.osmia.shell.internal.text.Age;
import io.osmia.shell.internal.text.Table;
import io.osmia.wire.swarmkit.Meta;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import picocli.CommandLine.Command;

/** The newest first (rule 10.4.4). */
@Command(name = "ls")
final class PayloadLs<T extends Message> extends ListCommand<T> {

    private final PayloadKind<T> kind;

    PayloadLs(Session session, PayloadKind<T> kind) {
        super(session);
        this.kind = kind;
    }

    @Override
    protected List<T> ask() throws NotReachable {
        return kind.list(session).stream()
                .sorted(Comparator.comparing((T object) -> created(kind.meta(object)), Comparator.reverseOrder())
                        .thenComparing(kind::id))
                .toList();
    }

    private static Instant created(Meta meta) {
        return Instant.ofEpochSecond(
                meta.getCreatedAt().getSeconds(), meta.getCreatedAt().getNanos());
    }

    @Override
    protected String id(T object) {
        return kind.id(object);
    }

    @Override
    protected void print(List<T> objects) {
        Table table = new Table(row("ID", "Name", kind.extraColumns(), "Created"));
        for (T object : objects) {
            table.row(row(
                    kind.id(object),
                    kind.annotations(object).getName(),
                    kind.extraCells(object),
                    Age.of(kind.meta(object).getCreatedAt(), session.now())));
        }
        table.print(session.out());
    }

    private static String[] row(String id, String name, List<String> extra, String created) {
        List<String> cells = new ArrayList<>(List.of(id, name));
        cells.addAll(extra);
        cells.add(created);
        return cells.toArray(String[]::new);
    }
}
