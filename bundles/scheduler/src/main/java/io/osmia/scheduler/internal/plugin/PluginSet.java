package io.osmia.scheduler.internal.plugin;

import io.osmia.api.scheduling.ConstraintEvaluator;
import io.osmia.api.scheduling.NodeFilter;
import io.osmia.api.scheduling.SchedulingStrategy;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * The plugins at one moment; of several versions of one name only the one to use.
 *
 * @param strategies by name
 * @param evaluators by key or prefix, lower case
 * @param filters by name
 */
public record PluginSet(
        SortedMap<String, Installed<SchedulingStrategy>> strategies,
        SortedMap<String, Installed<ConstraintEvaluator>> evaluators,
        SortedMap<String, Installed<NodeFilter>> filters) {

    public static final PluginSet EMPTY = new PluginSet(new TreeMap<>(), new TreeMap<>(), new TreeMap<>());

    public PluginSet {
        strategies = Collections.unmodifiableSortedMap(new TreeMap<>(strategies));
        evaluators = Collections.unmodifiableSortedMap(new TreeMap<>(evaluators));
        filters = Collections.unmodifiableSortedMap(new TreeMap<>(filters));
    }

    public Optional<Installed<SchedulingStrategy>> strategy(String name) {
        return Optional.ofNullable(strategies.get(name));
    }

    /** Who gives meaning to the key: whoever names it in full, else the owner of its longest prefix. */
    public Optional<Installed<ConstraintEvaluator>> owner(String key) {
        String name = key.toLowerCase(Locale.ROOT);
        @Nullable Installed<ConstraintEvaluator> owner = evaluators.get(name);
        for (int dot = name.lastIndexOf('.'); owner == null && dot >= 0; dot = name.lastIndexOf('.', dot - 1)) {
            owner = evaluators.get(name.substring(0, dot + 1));
        }
        return Optional.ofNullable(owner);
    }

    /** Whether exactly this registration is among them. */
    public boolean contains(Installed<?> plugin) {
        return strategies.containsValue(plugin) || evaluators.containsValue(plugin) || filters.containsValue(plugin);
    }

    /** Collects registrations. */
    public static final class Builder {

        private final List<Map.Entry<String, Installed<SchedulingStrategy>>> strategies = new ArrayList<>();
        private final List<Map.Entry<String, Installed<ConstraintEvaluator>>> evaluators = new ArrayList<>();
        private final List<Map.Entry<String, Installed<NodeFilter>>> filters = new ArrayList<>();

        public Builder strategy(Installed<SchedulingStrategy> strategy) {
            strategies.add(Map.entry(strategy.name(), strategy));
            return this;
        }

        public Builder evaluator(String key, Installed<ConstraintEvaluator> evaluator) {
            evaluators.add(Map.entry(key, evaluator));
            return this;
        }

        public Builder filter(Installed<NodeFilter> filter) {
            filters.add(Map.entry(filter.name(), filter));
            return this;
        }

        public PluginSet build() {
            return new PluginSet(best(strategies), best(evaluators), best(filters));
        }

        private static <T> SortedMap<String, Installed<T>> best(List<Map.Entry<String, Installed<T>>> all) {
            SortedMap<String, Installed<T>> best = new TreeMap<>();
            all.forEach(entry -> best.merge(
                    entry.getKey(), entry.getValue(), (one, other) -> other.supersedes(one) ? other : one));
            return best;
        }
    }
}
