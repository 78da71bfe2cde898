package io.osmia.launcher;

import java.lang.management.ManagementFactory;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import jdk.management.VirtualThreadSchedulerMXBean;

/**
 * Sees to it that virtual threads go on. Java runs them on as many threads as there are processors, the carriers. One that
 * waits for a class to be loaded or initialized keeps its carrier, and when all carriers are kept so, whoever holds what they
 * wait for may itself wait for a virtual thread that has none (JDK-8369238): nothing would move any more. The same is true
 * when a plugin's threads spin. So one virtual thread after the other is asked for a sign of life, and when it does not come
 * there are more carriers until all is quiet again. Always having so many would cost a manager under load half its rate.
 */
final class Carriers implements Runnable {

    /** After how many looks without trouble there are as many as before. */
    private static final int CALM = 20;

    /** Times as many with each look that finds no sign of life. */
    private static final int GROWTH = 8;

    private static final int LONGEST_QUEUE = 10_000;

    private final VirtualThreadSchedulerMXBean scheduler;
    private final Duration look;
    private final Consumer<String> said;
    private final int normal;
    private final int most = Integer.getInteger("jdk.virtualThreadScheduler.maxPoolSize", 256);
    private final AtomicLong answered = new AtomicLong();

    /**
     * @param look how long a sign of life may take, twice
     * @param said told when something was done
     */
    Carriers(Duration look, Consumer<String> said) {
        this.scheduler = ManagementFactory.getPlatformMXBean(VirtualThreadSchedulerMXBean.class);
        this.look = look;
        this.said = said;
        this.normal = scheduler.getParallelism();
    }

    /** On a thread of its own, for as long as this Java runs. */
    static void watch(Duration look, Consumer<String> said) {
        // What is needed is loaded now: later it might be too late for that as well.
        Thread.ofPlatform().daemon().name("carriers").start(() -> new Carriers(look, said).run());
    }

    @Override
    public void run() {
        long asked = 0;
        int calm = 0;
        boolean late = false;
        try {
            while (true) {
                Thread.sleep(look);
                if (answered.get() == asked) {
                    late = false;
                    if (++calm == CALM) {
                        narrow();
                    }
                    ask(++asked);
                } else if (late) {
                    calm = 0;
                    widen(asked);
                } else {
                    // The machine may have been busy, or asleep.
                    late = true;
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void ask(long number) {
        Thread.ofVirtual().name("sign-of-life").start(() -> answered.set(number));
    }

    private void narrow() {
        if (scheduler.getParallelism() > normal) {
            scheduler.setParallelism(normal);
        }
    }

    private void widen(long asked) {
        int now = scheduler.getParallelism();
        int more = Math.min(most, now * GROWTH);
        scheduler.setParallelism(more);
        int carriers = scheduler.getPoolSize();
        // The scheduler looks whether it may start carriers when work comes to a queue that was empty, or that has to grow.
        for (int i = 0; i < LONGEST_QUEUE && scheduler.getPoolSize() <= carriers; i++) {
            ask(asked);
        }
        if (more > now) {
            said.accept("virtual threads did not move, they have " + more + " carriers now instead of " + now);
        }
    }
}
