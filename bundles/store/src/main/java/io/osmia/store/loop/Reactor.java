package io.osmia.store.loop;

import io.osmia.store.Commit;
import io.osmia.store.Table;
import io.osmia.store.View;
import java.time.Instant;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The body of a control loop: reacts to commits and to time. All calls come from one thread, one at a time; nothing else
 * touches its state. Tests drive it by hand with a virtual clock.
 */
public interface Reactor {

    /** The tables whose changes it acts on: a commit that touches none of them may come late, together with others. */
    default Set<Table<?>> tables() {
        return Set.copyOf(Table.ALL);
    }

    /** Begins from a state: at the start, and again after a resync. Forgets what it derived before. */
    void start(View view, Instant now);

    /** One commit. */
    void commit(Commit commit, Instant now);

    /** Called after each round of deliveries and when {@link #deadline} is reached: the place to act. */
    void tick(Instant now);

    /** When {@link #tick} must be called at the latest without any commit; null for never. */
    @Nullable
    Instant deadline();
}
