package io.osmia.dispatcher.internal;

import java.time.Duration;

/**
 * The dispatcher's numbers (rule 6.1).
 *
 * @param heartbeat period handed out to agents when the cluster does not say otherwise
 * @param epsilon each period is moved by a random amount in [-epsilon, +epsilon)
 * @param grace how many periods of silence make a READY node DOWN
 * @param graceUnknown how many make an UNKNOWN node DOWN
 * @param registrations how many registrations of one node are accepted within the window
 * @param registrationWindow the counter starts anew when the last accepted registration is older
 * @param orphanAfter how long a node is DOWN before its tasks are ORPHANED
 * @param quiet greatest delay of a write or message while many of them come
 * @param writesAtOnce how many queued writes are written without waiting
 * @param changesAtOnce how many assignment changes are sent without waiting
 */
record Timing(
        Duration heartbeat,
        Duration epsilon,
        int grace,
        int graceUnknown,
        int registrations,
        Duration registrationWindow,
        Duration orphanAfter,
        Duration quiet,
        int writesAtOnce,
        int changesAtOnce) {

    static final Timing DEFAULT = new Timing(
            Duration.ofSeconds(5),
            Duration.ofMillis(500),
            3,
            6,
            3,
            Duration.ofSeconds(8),
            Duration.ofHours(24),
            Duration.ofMillis(100),
            10_000,
            100);
}
