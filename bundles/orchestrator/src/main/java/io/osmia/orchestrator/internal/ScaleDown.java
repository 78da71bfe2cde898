package io.osmia.orchestrator.internal;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;

/** Which slots stay when a service shrinks (rule 3.1.4). */
final class ScaleDown {

    private static final int UNPLACED = Integer.MAX_VALUE;

    private record Ranked(Slot slot, int index) {}

    private ScaleDown() {}

    /**
     * The slots, first those to keep: a slot is the n-th of the service on its node, and the last on the fullest node go
     * first. Slots that run are counted before those that do not, lower numbers before higher ones; those that are not on one
     * node go before all others.
     */
    static List<Slot> order(List<Slot> slots) {
        List<Slot> walk = new ArrayList<>(slots);
        walk.sort(Comparator.comparing((Slot s) -> !s.running()).thenComparing(Slot::key));
        SortedMap<String, Integer> seen = new TreeMap<>();
        List<Ranked> ranked = new ArrayList<>();
        for (Slot slot : walk) {
            int index = slot.node().isEmpty() ? UNPLACED : seen.merge(slot.node(), 1, Integer::sum);
            ranked.add(new Ranked(slot, index));
        }
        ranked.sort(Comparator.comparingInt(Ranked::index));
        return ranked.stream().map(Ranked::slot).toList();
    }
}
