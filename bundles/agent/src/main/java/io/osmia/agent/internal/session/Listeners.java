package io.osmia.agent.internal.session;

import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Who is told of something, one message after the other. All but {@link #later} is called within such a step only. */
final class Listeners<L> {

    private static final Logger LOG = LoggerFactory.getLogger(Listeners.class);

    private final String what;
    private final Executor oneByOne;
    private final List<L> all = new CopyOnWriteArrayList<>();

    /**
     * @param what they are told of, for the log
     * @param oneByOne runs what it is given one after the other
     */
    Listeners(String what, Executor oneByOne) {
        this.what = what;
        this.oneByOne = oneByOne;
    }

    /** A step, behind all that came before; none any more once the agent has ended. */
    void later(Runnable step) {
        try {
            oneByOne.execute(step);
        } catch (RejectedExecutionException e) {
            LOG.debug("the agent has ended, nobody hears of {} any more", what);
        }
    }

    void add(L listener) {
        all.add(listener);
    }

    /** Whether it was one. */
    boolean remove(L listener) {
        return all.remove(listener);
    }

    void tell(Consumer<L> message) {
        all.forEach(listener -> tell(listener, message));
    }

    /** One that fails must not keep the others from hearing. */
    void tell(L listener, Consumer<L> message) {
        try {
            message.accept(listener);
        } catch (RuntimeException e) {
            LOG.error("{} failed on {}", listener.getClass().getName(), what, e);
        }
    }
}
