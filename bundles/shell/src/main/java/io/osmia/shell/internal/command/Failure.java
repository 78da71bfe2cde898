package io.osmia.shell.internal.command;

import io.grpc.Status;
import io.grpc.StatusRuntimeException;

/** A command ends without success. The message is one line: what, which id, what to do. */
public final class Failure extends RuntimeException {

    private static final long serialVersionUID = 1L;

    private final int exitCode;

    private Failure(int exitCode, String message) {
        super(message, null, false, false);
        this.exitCode = exitCode;
    }

    public static Failure refused(String message) {
        return new Failure(ExitCode.REFUSED, message);
    }

    public static Failure usage(String message) {
        return new Failure(ExitCode.USAGE, message);
    }

    public static Failure timedOut(String message) {
        return new Failure(ExitCode.TIMED_OUT, message);
    }

    public static Failure notUpdated(String message) {
        return new Failure(ExitCode.NOT_UPDATED, message);
    }

    /** What a call that failed says to someone at a terminal. */
    public static Failure of(StatusRuntimeException e) {
        Status status = e.getStatus();
        String text = status.getDescription() == null ? status.getCode().toString() : status.getDescription();
        return switch (status.getCode()) {
            case UNAVAILABLE -> new Failure(
                    ExitCode.UNREACHABLE,
                    text.contains("try again")
                            ? text // the node answered, and said what to do
                            : "the node went away: " + text + "; see whether it still runs, then try again");
            case DEADLINE_EXCEEDED -> new Failure(
                    ExitCode.UNREACHABLE, "the node does not answer in time; look at its log, then try again");
            case UNIMPLEMENTED -> refused(
                    text.startsWith("Method not found") || text.startsWith("unknown ")
                            ? "this node does not offer that: " + text
                            : text);
            case ALREADY_EXISTS -> refused(text + "; take another name, or update the one that is there");
            default ->
                refused(text.equals("update out of sequence") ? text + ": it was changed meanwhile; try again" : text);
        };
    }

    public int exitCode() {
        return exitCode;
    }

    @Override
    public String getMessage() {
        return String.valueOf(super.getMessage());
    }
}
