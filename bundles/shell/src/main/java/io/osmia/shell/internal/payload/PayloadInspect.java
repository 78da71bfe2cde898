package io.osmia.shell.internal.payload;

import com.google.protobuf.Message;
import io.osmia.shell.NotReachable;
import io.osmia.shell.internal.command.InspectCommand;
import io.osmia.shell.internal.command.Session;
import io.osmia.shell.internal.text.Age;
import io.osmia.shell.internal.text.Summary;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

@Command(name = "inspect")
final class PayloadInspect<T extends Message> extends InspectCommand<T> {

    @Parameters(paramLabel = "NAME", description = "Name, id or the start of an id.")
    private String given = "";

    private final PayloadKind<T> kind;

    PayloadInspect(Session session, PayloadKind<T> kind) {
        super(session);
        this.kind = kind;
    }

    @Override
    protected T find() throws NotReachable {
        return kind.find(session, given);
    }

    @Override
    protected void print(T object) {
        Summary summary = new Summary();
        summary.line("ID", kind.id(object))
                .line("Name", kind.annotations(object).getName())
                .pairs("Labels", kind.annotations(object).getLabelsMap())
                .line("Created", Age.of(kind.meta(object).getCreatedAt(), session.now()));
        kind.describe(object, summary);
        summary.print(session.out());
        String text = kind.text(object);
        if (!text.isEmpty()) {
            session.out().println();
            session.out().println(text.stripTrailing());
        }
    }
}
