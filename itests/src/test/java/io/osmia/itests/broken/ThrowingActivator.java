package io.osmia.itests.broken;

import org.osgi.framework.BundleActivator;
import org.osgi.framework.BundleContext;

/** Fails in a way that nobody expects. */
public final class ThrowingActivator implements BundleActivator {

    @Override
    public void start(BundleContext context) {
        throw new AssertionError("broken on purpose");
    }

    @Override
    public void stop(BundleContext context) {
        // was never started
    }
}
