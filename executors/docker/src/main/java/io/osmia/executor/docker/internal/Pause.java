package io.osmia.executor.docker.internal;

import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/** Waits where there is nothing to wait on. */
final class Pause {

    private static final CountDownLatch NEVER = new CountDownLatch(1);

    private Pause() {}

    static void sleep(Duration duration) throws InterruptedException {
        boolean ignored = NEVER.await(duration.toMillis(), TimeUnit.MILLISECONDS);
    }
}
