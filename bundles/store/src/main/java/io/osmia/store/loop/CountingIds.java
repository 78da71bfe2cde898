package io.osmia.store.loop;

import io.osmia.roles.Ids;

/** Ids that count: 25 characters each (rule 1.1.1), ascending, the same in each run. Not thread-safe. */
public final class CountingIds implements Ids {

    private static final int LENGTH = 25;

    private long last;

    @Override
    public String next() {
        last++;
        String digits = Long.toString(last, Character.MAX_RADIX);
        return "0".repeat(LENGTH - digits.length()) + digits;
    }
}
