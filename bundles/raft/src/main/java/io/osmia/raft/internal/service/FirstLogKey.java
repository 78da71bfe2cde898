package io.osmia.raft.internal.service;

import io.osmia.store.Commit;
import io.osmia.store.Table;
import io.osmia.store.View;
import io.osmia.store.loop.Reactor;
import java.time.Instant;
import java.util.Set;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Makes the log key that is missing before anything else is done with it.
 *
 * @param missing whether there is to be one and is none
 * @param make makes it; called again after a second when it throws
 * @param then does the rest
 */
record FirstLogKey(BooleanSupplier missing, Runnable make, Reactor then) implements Reactor {

    @Override
    public Set<Table<?>> tables() {
        return then.tables();
    }

    @Override
    public void start(View view, Instant now) {
        then.start(view, now);
    }

    @Override
    public void commit(Commit commit, Instant now) {
        then.commit(commit, now);
    }

    @Override
    public void tick(Instant now) {
        if (missing.getAsBoolean()) {
            make.run();
        }
        then.tick(now);
    }

    @Override
    public @Nullable Instant deadline() {
        return then.deadline();
    }
}
