package io.osmia.dispatcher.internal;

import io.grpc.Status;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Who has a session with this leader, and until when it is believed to live (rules 6.3 to 6.6). Knows no store and no
 * stream; times and session ids come in as arguments.
 */
final class NodeStates {

    /** A node that was silent for too long, with the message for its DOWN status. */
    record Silent(String nodeId, String message) {}

    private static final Status NOT_REGISTERED = Status.NOT_FOUND.withDescription("node not registered");
    private static final Status INVALID = Status.INVALID_ARGUMENT.withDescription("session invalid");

    private static final class Entry {
        /** Null while the node is only remembered from before this leadership. */
        @Nullable
        String sessionId;

        Instant registered = Instant.EPOCH;
        int attempts;
    }

    private final Timing timing;
    private final Map<String, Entry> nodes = new HashMap<>();
    private final HeartbeatTimers timers = new HeartbeatTimers();
    private PeriodChooser periods;

    NodeStates(Timing timing, PeriodChooser periods) {
        this.timing = timing;
        this.periods = periods;
    }

    /** Periods from now on; running timers keep their deadline (rule 6.2.3). */
    void use(PeriodChooser chooser) {
        periods = chooser;
    }

    PeriodChooser periods() {
        return periods;
    }

    /** A node from before this leadership gets 6 periods to come back (rule 6.2.2). */
    void unknown(String nodeId, Instant now) {
        nodes.put(nodeId, new Entry());
        timers.arm(nodeId, now.plus(periods.pick().multipliedBy(timing.graceUnknown())));
    }

    /** Counts an attempt to register; the refusal when there were too many lately. */
    Optional<Status> admit(String nodeId, Instant now) {
        Entry entry = nodes.computeIfAbsent(nodeId, id -> new Entry());
        if (Duration.between(entry.registered, now).compareTo(timing.registrationWindow()) > 0) {
            entry.attempts = 0;
        }
        entry.attempts++;
        if (entry.attempts > timing.registrations()) {
            return Optional.of(Status.UNAVAILABLE.withDescription(
                    "node " + nodeId + " exceeded rate limit count of registrations"));
        }
        entry.registered = now;
        return Optional.empty();
    }

    /** Gives an admitted node a session, which replaces an older one. */
    void register(String nodeId, String sessionId, Instant now) {
        nodes.computeIfAbsent(nodeId, id -> new Entry()).sessionId = sessionId;
        rearm(nodeId, periods.pick(), now);
    }

    /** Why calls with that session are refused; empty when they are not (rule 6.3.2). */
    Optional<Status> refusal(String nodeId, String sessionId) {
        Entry entry = nodes.get(nodeId);
        if (entry == null) {
            return Optional.of(NOT_REGISTERED);
        }
        if (sessionId.isEmpty() || !sessionId.equals(entry.sessionId)) {
            return Optional.of(INVALID);
        }
        return Optional.empty();
    }

    /** Records a sign of life of a valid session; the period after which the next one is due. */
    Duration beat(String nodeId, Instant now) {
        Duration period = periods.pick();
        rearm(nodeId, period, now);
        return period;
    }

    private void rearm(String nodeId, Duration period, Instant now) {
        timers.arm(nodeId, now.plus(period.multipliedBy(timing.grace())));
    }

    /**
     * This leader itself did not act for that long, or the clock was set: as nobody could be heard meanwhile, nobody was
     * silent.
     */
    void paused(Duration time) {
        timers.postpone(time);
    }

    /** Forgets the nodes that were silent for too long (rule 6.5.2). */
    List<Silent> expire(Instant now) {
        List<Silent> silent = new ArrayList<>();
        for (String nodeId : timers.expired(now)) {
            Entry entry = nodes.remove(nodeId);
            boolean unknown = entry == null || entry.sessionId == null;
            silent.add(new Silent(
                    nodeId,
                    unknown ? "heartbeat failure for node in \"unknown\" state" : "heartbeat failure"));
        }
        return silent;
    }

    /** Forgets a node that was deleted. */
    void forget(String nodeId) {
        nodes.remove(nodeId);
        timers.cancel(nodeId);
    }

    @Nullable
    Instant next() {
        return timers.next();
    }
}
