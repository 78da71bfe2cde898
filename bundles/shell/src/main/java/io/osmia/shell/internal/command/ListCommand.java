package io.osmia.shell.internal.command;

import com.google.protobuf.Message;
import io.osmia.shell.NotReachable;
import java.util.List;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** The shape of every list: ids alone, JSON, or a table. */
public abstract class ListCommand<T extends Message> extends SessionCommand {

    @Option(names = {"-q", "--quiet"}, description = "Only ids.")
    private boolean quiet;

    @Mixin
    private final OutputOptions output = new OutputOptions();

    protected ListCommand(Session session) {
        super(session);
    }

    /** What is to be listed, in the order of the list. */
    protected abstract List<T> ask() throws NotReachable;

    protected abstract String id(T object);

    protected abstract void print(List<T> objects) throws NotReachable;

    @Override
    protected final void run() throws NotReachable {
        List<T> objects = ask();
        if (quiet) {
            objects.forEach(object -> session.out().println(id(object)));
        } else if (!output.printedJson(session.out(), objects)) {
            print(objects);
        }
    }
}
