package io.osmia.api.executor;

import java.time.Instant;
import org.osgi.annotation.versioning.ConsumerType;

/** Optional interface of an {@link Executor}: the output of its workloads. */
@ConsumerType
public interface TaskOutput {

    /**
     * Reads output line by line, in the order in which it was written, per stream; lines of the two streams are interleaved as
     * well as the executor can. Returns when there is no more, when the workload has ended and all of its output was given, or
     * when the sink has had enough. Before the workload is started there is no output, and following waits for it.
     *
     * <p>The sink is called on the caller's thread, one line at a time, and may block: the reader then waits, and the workload
     * does not. A line that has no end yet is given when the workload has ended. A line longer than 16 KiB may be given in
     * pieces.
     *
     * @throws ExecutorException temporary when the engine is away or the executor is detached: the caller goes on with another
     *     instance, from the position of the last line it was given; for good when there is no such workload, it writes to a
     *     terminal, its log driver cannot be read, or the request has a bound that the executor cannot honour
     */
    void read(TaskHandle handle, OutputRequest request, Sink sink) throws ExecutorException, InterruptedException;

    /** Receives lines. */
    @FunctionalInterface
    interface Sink {
        /** Takes a line; false to stop. */
        boolean line(OutputLine line);
    }

    /**
     * A line of output.
     *
     * @param stderr whether it was written to standard error
     * @param data the bytes without the line end
     * @param at when it was written; {@link Instant#EPOCH} when unknown
     * @param position the place after this line, of both streams together; good for {@link OutputRequest#after} on any
     *     instance of this executor, as long as the workload exists. Opaque, at most 256 characters
     */
    record OutputLine(boolean stderr, byte[] data, Instant at, String position) {}

    /**
     * What to read.
     *
     * @param stdout whether standard output
     * @param stderr whether standard error
     * @param follow whether to wait for more until the workload has ended
     * @param tail lines from the end of each stream to begin with; negative for all. Means nothing together with
     *     {@code after}
     * @param since earliest time of a line; {@link Instant#EPOCH} for no bound
     * @param until latest time of a line; {@link Instant#MAX} for no bound
     * @param after position to go on from: no line before it is given again and none after it is left out; empty for none
     */
    record OutputRequest(
            boolean stdout, boolean stderr, boolean follow, int tail, Instant since, Instant until, String after) {

        /** All that there is. */
        public static final OutputRequest ALL =
                new OutputRequest(true, true, false, -1, Instant.EPOCH, Instant.MAX, "");

        /** The same, waiting for more. */
        public OutputRequest following() {
            return new OutputRequest(stdout, stderr, true, tail, since, until, after);
        }

        /** The same, with the last lines only. */
        public OutputRequest last(int lines) {
            return new OutputRequest(stdout, stderr, follow, lines, since, until, after);
        }

        /** The same, of a time only. */
        public OutputRequest between(Instant from, Instant to) {
            return new OutputRequest(stdout, stderr, follow, tail, from, to, after);
        }

        /** The same, going on from a position. */
        public OutputRequest goingOnAfter(String position) {
            return new OutputRequest(stdout, stderr, follow, tail, since, until, position);
        }
    }
}
