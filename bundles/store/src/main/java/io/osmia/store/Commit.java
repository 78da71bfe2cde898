package io.osmia.store;

import java.util.List;

/**
 * A transaction that is committed: what watchers and reconcilers get, in commit order, once each.
 *
 * @param version its version
 * @param changes in the order in which the body made them
 * @param before the state before it
 * @param after the state with it
 */
public record Commit(long version, List<Change<?>> changes, View before, View after) {

    public Commit {
        changes = List.copyOf(changes);
    }
}
