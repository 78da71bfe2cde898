package io.osmia.executor.process.internal;

import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/** Waits where the kernel offers nothing to wait on. */
final class Pause {

    private static final CountDownLatch NEVER = new CountDownLatch(1);

    private Pause() {}

    static void millis(long millis) throws InterruptedException {
        boolean ignored = NEVER.await(millis, TimeUnit.MILLISECONDS);
    }
}
