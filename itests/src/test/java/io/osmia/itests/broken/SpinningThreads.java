package io.osmia.itests.broken;

import org.osgi.framework.BundleActivator;
import org.osgi.framework.BundleContext;

/** Starts virtual threads that keep all carriers of the node until it is stopped. */
public final class SpinningThreads implements BundleActivator {

    private static final int MORE_THAN_CARRIERS = 3;

    private volatile boolean stopped;

    @Override
    public void start(BundleContext context) {
        for (int i = 0; i < MORE_THAN_CARRIERS; i++) {
            Thread.ofVirtual().start(this::spin);
        }
    }

    private void spin() {
        while (!stopped) {
            Thread.onSpinWait();
        }
    }

    @Override
    public void stop(BundleContext context) {
        stopped = true;
    }
}
