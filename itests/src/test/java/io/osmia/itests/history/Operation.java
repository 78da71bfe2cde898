package io.osmia.itests.history;

/**
 * One call of one client, from when it was sent until its answer was there.
 *
 * @param begin nanoseconds of one clock for the whole history
 * @param end the same clock; without meaning when the outcome is unknown
 */
public record Operation(int client, String key, Call call, Outcome outcome, long begin, long end) {

    public boolean isUnknown() {
        return outcome instanceof Outcome.Unknown;
    }

    /** Whether it did what was asked: an acknowledged write or a read that was answered. */
    public boolean succeeded() {
        return outcome instanceof Outcome.Done || outcome instanceof Outcome.Saw;
    }
}
