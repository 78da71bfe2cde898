package io.osmia.agent.internal.task;

import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.ThreadFactory;

/**
 * The thread on which an executor is called for one task. A platform thread: a call that spins must not take a carrier from
 * the virtual threads of all others. It ends when the lane is closed and its last call has returned, and with it what the
 * executor left in thread locals.
 */
final class Lane {

    /** Address space, of which a waiting call touches a few pages. */
    private static final long STACK = 512 << 10;

    private final ExecutorService thread;

    Lane(String name) {
        this(factory(name));
    }

    Lane(ThreadFactory threads) {
        thread = Executors.newSingleThreadExecutor(threads);
    }

    /** Of threads on which executors are called. */
    static ThreadFactory factory(String name) {
        return Thread.ofPlatform()
                .daemon()
                .name(name)
                .stackSize(STACK)
                .inheritInheritableThreadLocals(false)
                .factory();
    }

    /** Runs the call after those before it. */
    void run(Call<?> call) {
        try {
            thread.execute(call);
        } catch (OutOfMemoryError e) {
            call.fail(new NoThreadException(e));
        }
    }

    /** Runs the call on a thread of its own. */
    static void start(String name, Call<?> call) {
        start(factory(name).newThread(call), call);
    }

    /** Starts the call's thread. The machine has only so many of them: without one the call has failed. */
    static void start(Thread thread, Call<?> call) {
        try {
            thread.start();
        } catch (OutOfMemoryError e) {
            call.fail(new NoThreadException(e));
        }
    }

    /** Takes no more calls. */
    void close() {
        thread.shutdown();
    }
}
