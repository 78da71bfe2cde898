package io.osmia.shell.internal.payload;

import com.google.protobuf.Message;
import io.osmia.shell.NotReachable;
import io.osmia.shell.internal.command.EachOf;
import io.osmia.shell.internal.command.Session;
import io.osmia.shell.internal.command.SessionCommand;
import java.util.ArrayList;
import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

@Command(name = "rm")
final class PayloadRm<T extends Message> extends SessionCommand {

    @Parameters(paramLabel = "NAME", arity = "1..*", description = "Names, ids or starts of ids.")
    private List<String> all = new ArrayList<>();

    private final PayloadKind<T> kind;

    PayloadRm(Session session, PayloadKind<T> kind) {
        super(session);
        this.kind = kind;
    }

    @Override
    protected void run() throws NotReachable {
        EachOf.these(all, given -> {
            kind.remove(session, kind.id(kind.find(session, given)));
            session.out().println(given);
        });
    }
}
