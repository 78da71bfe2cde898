package io.osmia.shell.internal.task;

import io.osmia.shell.internal.command.Failure;
import io.osmia.wire.osmia.ReadLogsRequest;
import picocli.CommandLine.Option;

/** What part of the output. */
public final class LogOptions {

    @Option(names = {"-f", "--follow"}, description = "Go on with what is printed from now on.")
    private boolean follow;

    @Option(names = "--tail", paramLabel = "N", defaultValue = "0", description = "Only the last lines of each stream.")
    private int tail;

    public ReadLogsRequest.Builder request() {
        if (tail < 0) {
            throw Failure.usage("--tail takes a number that is not negative, not " + tail);
        }
        return ReadLogsRequest.newBuilder().setFollow(follow).setTail(tail);
    }
}
