package io.osmia.plugins.internal;

import java.util.concurrent.CountDownLatch;
import org.osgi.framework.BundleActivator;
import org.osgi.framework.BundleContext;

/** Of plugins that do harm. */
public final class Activators {

    private Activators() {}

    /** Never comes back. */
    public static final class Blocking implements BundleActivator {
        @Override
        public void start(BundleContext context) {
            CountDownLatch never = new CountDownLatch(1);
            while (true) {
                try {
                    never.await();
                } catch (InterruptedException e) {
                    // it does not listen either
                }
            }
        }

        @Override
        public void stop(BundleContext context) {}
    }

    /** Starts, and never comes back from stopping. */
    public static final class NeverStopping implements BundleActivator {
        @Override
        public void start(BundleContext context) {}

        @Override
        public void stop(BundleContext context) {
            CountDownLatch never = new CountDownLatch(1);
            while (true) {
                try {
                    never.await();
                } catch (InterruptedException e) {
                    // it does not listen
                }
            }
        }
    }

    /** Fails in a way that nobody expects. */
    public static final class Throwing implements BundleActivator {
        @Override
        public void start(BundleContext context) {
            throw new AssertionError("broken");
        }

        @Override
        public void stop(BundleContext context) {}
    }
}
