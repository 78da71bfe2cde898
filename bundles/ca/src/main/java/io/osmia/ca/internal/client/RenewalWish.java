package io.osmia.ca.internal.client;

import java.time.Duration;
import java.util.Optional;

/**
 * Why and when the next renewal begins, besides the plan (rules 7.6.2, 7.6.3). Times are of {@link System#nanoTime}. Not
 * thread-safe.
 */
public final class RenewalWish {

    /** From the trigger of a renewal to its begin. */
    private final Duration delay;

    private final Backoff backoff;
    private String expected = "";
    private boolean forced;
    private int failures;
    private long due;
    private int triggers;

    public RenewalWish(Duration delay, Backoff backoff) {
        this.delay = delay;
        this.backoff = backoff;
    }

    /** A renewal is wanted soon, whatever the plan says; also between two tries. */
    public void force(long now) {
        forced = true;
        triggers++;
        due = now + delay.toNanos();
    }

    /** Until there is one with this role, a renewal counts as failed; forces one when the present role is another. */
    public void expect(String role, String present, long now) {
        expected = role;
        if (!role.equals(present)) {
            force(now);
        }
    }

    /** Time until the next renewal that is not planned; empty when there is none. */
    public Optional<Duration> left(long now) {
        return forced || failures > 0 ? Optional.of(Duration.ofNanos(due - now)) : Optional.empty();
    }

    /** To be given to {@link #succeeded}: what is wanted later is not fulfilled by a renewal that has begun. */
    public int begin() {
        return triggers;
    }

    /**
     * A renewal has brought a certificate.
     *
     * @return whether it has the expected role; else it counts as a failure
     */
    public boolean succeeded(int begun, String role, long now) {
        if (!expected.isEmpty() && !role.equals(expected)) {
            forced = true;
            failed(now);
            return false;
        }
        failures = 0;
        forced = triggers != begun;
        expected = forced ? expected : "";
        return true;
    }

    public void failed(long now) {
        failures++;
        due = now + backoff.after(failures).toNanos();
    }

    public int failures() {
        return failures;
    }
}
