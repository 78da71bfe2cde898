package io.osmia.shell.internal.command;

import com.google.protobuf.Message;
import io.osmia.shell.NotReachable;
import picocli.CommandLine.Mixin;

/** The shape of every look at one object: JSON, or what people read. */
public abstract class InspectCommand<T extends Message> extends SessionCommand {

    @Mixin
    private final OutputOptions output = new OutputOptions();

    protected InspectCommand(Session session) {
        super(session);
    }

    protected abstract T find() throws NotReachable;

    protected abstract void print(T object) throws NotReachable;

    @Override
    protected final void run() throws NotReachable {
        T found = find();
        if (!output.printedJson(session.out(), found)) {
            print(found);
        }
    }
}
