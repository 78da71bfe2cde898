package io.osmia.node.internal;

import org.osgi.framework.BundleContext;
import org.osgi.framework.BundleException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Ends the process of a node that cannot work: it must not look as if it ran. */
final class NodeEnd {

    private static final Logger LOG = LoggerFactory.getLogger(NodeEnd.class);

    /** What the launcher exits with when the framework was stopped from inside. */
    private static final String EXIT_CODE = "osmia.exit.code";

    private NodeEnd() {}

    /** Says why, and stops the framework on a thread of its own; returns at once. The first cause is the one that counts. */
    static synchronized void because(RuntimeException why, BundleContext context) {
        if (System.getProperty(EXIT_CODE) != null) {
            return;
        }
        LOG.debug("node: cannot start", why);
        LOG.error("node: cannot start: {}", why.getMessage() == null ? why : why.getMessage());
        System.setProperty(EXIT_CODE, "1");
        Thread.ofPlatform().name("node-stop").start(() -> {
            try {
                context.getBundle(0).stop();
            } catch (BundleException stop) {
                LOG.error("node: cannot stop the framework: {}", stop.getMessage());
            }
        });
    }
}
