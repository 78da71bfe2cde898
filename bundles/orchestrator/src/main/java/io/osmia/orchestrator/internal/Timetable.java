package io.osmia.orchestrator.internal;

import java.time.Instant;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** When which thing must be looked at next: one time per id. */
final class Timetable {

    private record Due(Instant at, String id) implements Comparable<Due> {

        @Override
        public int compareTo(Due other) {
            int byTime = at.compareTo(other.at);
            return byTime != 0 ? byTime : id.compareTo(other.id);
        }
    }

    private final SortedMap<String, Instant> times = new TreeMap<>();
    private final SortedSet<Due> order = new TreeSet<>();

    /** Sets its time, in place of an earlier one. */
    void set(String id, Instant at) {
        remove(id);
        times.put(id, at);
        order.add(new Due(at, id));
    }

    void remove(String id) {
        Instant at = times.remove(id);
        if (at != null) {
            order.remove(new Due(at, id));
        }
    }

    /** Takes out the first one whose time has come; null when there is none. */
    @Nullable
    String takeDue(Instant now) {
        if (order.isEmpty() || order.first().at().isAfter(now)) {
            return null;
        }
        String id = order.first().id();
        remove(id);
        return id;
    }

    /** The earliest time; null when empty. */
    @Nullable
    Instant first() {
        return order.isEmpty() ? null : order.first().at();
    }

    void clear() {
        times.clear();
        order.clear();
    }
}
