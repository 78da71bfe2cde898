package io.osmia.plugins.internal;

import io.osmia.roles.ExecutorExchange;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Queue;
import java.util.Set;

/** A worker that notes what it is asked for, with letters in place of bundle ids, and refuses as it is told. */
final class ScriptedWorker implements ExecutorExchange {

    final List<String> events = new ArrayList<>();
    final Queue<String> refusals = new ArrayDeque<>();
    String objection = "";
    int workloads;
    private final Map<Long, String> names = new HashMap<>();

    private String name(long bundle) {
        return names.computeIfAbsent(bundle, any -> String.valueOf((char) ('A' + names.size())));
    }

    @Override
    public Optional<String> objection(String kind, Set<Integer> handleVersions) {
        return Optional.of(objection).filter(text -> !text.isEmpty());
    }

    @Override
    public int workloads(String kind) {
        return workloads;
    }

    @Override
    public Optional<String> trouble(long bundle) {
        return Optional.empty();
    }

    @Override
    public Exchange begin(String kind, Set<Long> former, long newcomer) {
        events.add("begin " + kind + " " + former.stream().map(this::name).toList() + " -> " + name(newcomer));
        return new Exchange() {
            @Override
            public Optional<String> takenOver(long bundle, Duration bound) {
                events.add("take over " + name(bundle));
                return Optional.ofNullable(refusals.poll());
            }

            @Override
            public void close() {
                events.add("close");
            }
        };
    }
}
