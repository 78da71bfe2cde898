package io.osmia.scheduler.internal.placement;

import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.IdentityHashMap;
import org.jspecify.annotations.Nullable;

/** The nodes that share the values of the outer preferences (rule 4.4.2): a leaf of nodes, or further branches. */
final class Branch {

    private final SortedMap<String, Branch> branches = new TreeMap<>();
    private @Nullable BestNodes best;
    private long tasks;

    /** The branch for one value of the next preference. */
    Branch branch(String value) {
        return branches.computeIfAbsent(value, any -> new Branch());
    }

    /** By value. */
    Collection<Branch> branches() {
        return branches.values();
    }

    /** The nodes of a leaf; null when it has none. */
    @Nullable
    BestNodes best() {
        return best;
    }

    void best(BestNodes nodes) {
        best = nodes;
    }

    /** Active tasks of the service below, on usable nodes or not. */
    long tasks() {
        return tasks;
    }

    void add(long more) {
        tasks += more;
    }

    /**
     * Divides further tasks so that the branches become as even as possible: the emptiest are filled up first, what cannot be
     * divided goes to the first ones (rule 4.4.4).
     *
     * @return for each branch how many more it gets; the sum is {@code left}
     */
    static Map<Branch, Long> shares(List<Branch> open, long left) {
        List<Branch> emptiest = new ArrayList<>(open);
        emptiest.sort(Comparator.comparingLong(Branch::tasks));
        long sum = 0;
        int count = 0;
        while (count < emptiest.size() && emptiest.get(count).tasks() * count - sum < left) {
            sum += emptiest.get(count).tasks();
            count++;
        }
        List<Branch> filled = emptiest.subList(0, count);
        long target = (sum + left) / count;
        long remainder = (sum + left) % count;
        Map<Branch, Long> shares = new IdentityHashMap<>();
        for (Branch branch : open) {
            if (filled.contains(branch)) {
                long extra = remainder-- > 0 ? 1 : 0;
                shares.put(branch, target + extra - branch.tasks());
            }
        }
        return shares;
    }
}
