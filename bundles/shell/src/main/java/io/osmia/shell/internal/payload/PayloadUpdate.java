package io.osmia.shell.internal.payload;

import com.google.protobuf.Message;
import io.osmia.shell.NotReachable;
import io.osmia.shell.internal.command.Failure;
import io.osmia.shell.internal.command.LabelFlags;
import io.osmia.shell.internal.command.ReadAndWrite;
import io.osmia.shell.internal.command.Session;
import io.osmia.shell.internal.command.SessionCommand;
import io.osmia.wire.swarmkit.Annotations;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** Nothing but labels can be changed (rule 1.7.4). */
@Command(name = "update")
final class PayloadUpdate<T extends Message> extends SessionCommand {

    @Parameters(paramLabel = "NAME", description = "Name, id or the start of an id.")
    private String given = "";

    @Mixin
    private final LabelFlags labels = new LabelFlags();

    private final PayloadKind<T> kind;

    PayloadUpdate(Session session, PayloadKind<T> kind) {
        super(session);
        this.kind = kind;
    }

    @Override
    protected void run() throws NotReachable {
        session.out().println(ReadAndWrite.of(() -> {
            T found = kind.find(session, given);
            Annotations.Builder annotations = kind.annotations(found).toBuilder();
            labels.mergeInto(annotations);
            if (annotations.build().equals(kind.annotations(found))) {
                throw Failure.refused("no changes detected");
            }
            kind.update(session, found, annotations.build());
            return kind.id(found);
        }));
    }
}
