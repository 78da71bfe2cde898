package io.osmia.shell.internal.command;

import java.util.concurrent.Callable;

/** A command that talks to a node. A failure is an exception; to return is to succeed. */
public abstract class SessionCommand implements Callable<Integer> {

    protected final Session session;

    protected SessionCommand(Session session) {
        this.session = session;
    }

    protected abstract void run() throws Exception;

    @Override
    public final Integer call() throws Exception {
        run();
        return ExitCode.DONE;
    }
}
