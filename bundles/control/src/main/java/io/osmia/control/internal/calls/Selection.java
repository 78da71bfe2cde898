package io.osmia.control.internal.calls;

import com.google.protobuf.Message;
import io.osmia.store.By;
import io.osmia.store.Table;
import io.osmia.store.View;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.function.Predicate;

/**
 * A list query of rule 1.3.6: the first filter that is given selects the index to read, then all of them must hold; the
 * values of one filter are alternatives. Indices ignore letter case, the second pass does not.
 */
final class Selection<T extends Message> {

    /** For a value that no object can have, e.g. of a newer protocol. */
    static final By NOTHING = By.or(List.of());

    private final Table<T> table;
    private final Function<T, String> name;
    private final List<Predicate<T>> tests = new ArrayList<>();
    private By index = By.ALL;

    /**
     * @param name what name filters compare with
     */
    Selection(Table<T> table, Function<T, String> name) {
        this.table = table;
        this.name = name;
    }

    Selection<T> names(List<String> names) {
        return filter(names, By::name, object -> names.contains(name.apply(object)));
    }

    Selection<T> namePrefixes(List<String> prefixes) {
        return filter(prefixes, By::namePrefix, object -> startsWithAny(name.apply(object), prefixes));
    }

    Selection<T> idPrefixes(List<String> prefixes) {
        return filter(prefixes, By::idPrefix, object -> startsWithAny(table.id(object), prefixes));
    }

    /** One more filter; without values it is not given and lets everything pass. */
    <V> Selection<T> filter(List<V> values, Function<V, By> term, Predicate<T> test) {
        if (!values.isEmpty()) {
            if (index == By.ALL) {
                index = By.or(values.stream().map(term).toList());
            }
            tests.add(test);
        }
        return this;
    }

    /** Every key must exist, with the value unless that is empty (rule 1.3.8). */
    Selection<T> labels(Map<String, String> wanted, Function<T, Map<String, String>> labels) {
        if (!wanted.isEmpty()) {
            tests.add(object -> hasAll(labels.apply(object), wanted));
        }
        return this;
    }

    Selection<T> and(Predicate<T> test) {
        tests.add(test);
        return this;
    }

    List<T> from(View view) {
        Predicate<T> all = tests.stream().reduce(object -> true, Predicate::and);
        return view.find(table, index).stream().filter(all).toList();
    }

    static boolean hasAll(Map<String, String> labels, Map<String, String> wanted) {
        return wanted.entrySet().stream().allMatch(entry -> {
            String value = labels.get(entry.getKey());
            return value != null && (entry.getValue().isEmpty() || value.equals(entry.getValue()));
        });
    }

    private static boolean startsWithAny(String text, List<String> prefixes) {
        return prefixes.stream().anyMatch(text::startsWith);
    }
}
