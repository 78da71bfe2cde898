package io.osmia.shell.internal.command;

/** What the exit code of a command says. */
public final class ExitCode {

    public static final int DONE = 0;
    /** The node said no, or there is no such thing. */
    public static final int REFUSED = 1;
    public static final int USAGE = 2;
    public static final int UNREACHABLE = 3;
    /** {@code --wait} ran out of time. */
    public static final int TIMED_OUT = 4;
    /** The update that was waited for paused or was rolled back. */
    public static final int NOT_UPDATED = 5;

    private ExitCode() {}
}
